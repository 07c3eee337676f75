import type { LocalizedText } from '@sspay/protocol'
import { countRejection } from '../admission/rejections.ts'
import { messagePage } from '../design/message-page.ts'
import { frameAncestorsOf } from './answer.ts'
import type { WindowContext, WindowSession } from './model.ts'
import { recordWindowEvent } from './window-event.ts'

const words: LocalizedText = {
  ko: '결제창은 처음 연 브라우저에서만 쓸 수 있습니다. 처음 연 화면에서 계속하거나 쇼핑몰에서 다시 시작해 주세요.',
  en: 'This payment can only go on in the browser that opened it. Continue where you began, or start again in the shop.',
}

/** For a browser that the window does not belong to: nothing of the payment is shown, nothing changes. */
export function rejectOtherBrowser(window: WindowContext, session: WindowSession): Response {
  countRejection('window-request', 'other_browser')
  recordWindowEvent(window, session, 'window_opened_elsewhere')
  return messagePage(403, words, {
    frameAncestors: frameAncestorsOf(session.facts.channel),
    headers: { 'referrer-policy': 'no-referrer' },
  })
}
