import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import { type Html, type PageParts, renderLanguageSwitch } from './frame.ts'

const checkMark: Html = html`<svg class="good" viewBox="0 0 56 56" aria-hidden="true"><circle cx="28" cy="28" r="28" fill="currentColor"/><path d="M17 29l8 8 14-16" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/></svg>`
const clockMark: Html = html`<svg class="faint" viewBox="0 0 56 56" aria-hidden="true"><circle cx="28" cy="28" r="26" fill="none" stroke="currentColor" stroke-width="4"/><path d="M28 15v14l9 6" fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round"/></svg>`

/** How a payment's window may end, as the buyer reads it. */
export interface Ending {
  readonly mark: Html
  /** Of the document. */
  readonly title: LocalizedText
  readonly heading: LocalizedText
  readonly text: LocalizedText
}

export const authenticatedEnding: Ending = {
  mark: checkMark,
  title: { ko: '결제 인증 완료', en: 'Payment authorised' },
  heading: { ko: '결제 인증이 끝났습니다', en: 'Your payment is authorised' },
  text: { ko: '쇼핑몰로 돌아갑니다.', en: 'Returning to the shop.' },
}

export const abortedEnding: Ending = {
  mark: clockMark,
  title: { ko: '결제 중단', en: 'Payment cancelled' },
  heading: { ko: '결제를 중단했습니다', en: 'You cancelled the payment' },
  text: { ko: '쇼핑몰로 돌아갑니다. 결제된 금액은 없습니다.', en: 'Returning to the shop. Nothing was charged.' },
}

export const expiredEnding: Ending = {
  mark: clockMark,
  title: { ko: '결제 시간 종료', en: 'Payment time over' },
  heading: { ko: '결제 시간이 지났습니다', en: 'The time to pay is over' },
  text: {
    ko: '결제되지 않았습니다. 쇼핑몰에서 다시 주문해 주세요.',
    en: 'Nothing was charged. Please order again in the shop.',
  },
}

export const finishedEnding: Ending = {
  mark: checkMark,
  title: { ko: '이미 처리된 결제', en: 'Payment already handled' },
  heading: { ko: '이미 처리된 결제입니다', en: 'This payment is already handled' },
  text: {
    ko: '결제 결과는 쇼핑몰의 주문 내역에서 확인해 주세요.',
    en: 'See the result in your orders at the shop.',
  },
}

/** The window's last page; `content` is what leads from there. */
export const renderEnding = (parts: PageParts, { mark, heading, text }: Ending, content: Html): Html =>
  html`<div class="window"><header>${renderLanguageSwitch(parts)}</header>
<main class="done">${mark}<h1>${parts.t(heading)}</h1><p>${parts.t(text)}</p>
${content}</main></div>`

export const closeText: LocalizedText = { ko: '닫기', en: 'Close' }
