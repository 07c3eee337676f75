import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import { type Html, type PageParts, renderDocument, renderLanguageSwitch } from './frame.ts'
import type { ReturnChannel, WindowSession } from './model.ts'

const checkMark: Html = html`<svg class="good" viewBox="0 0 56 56" aria-hidden="true"><circle cx="28" cy="28" r="28" fill="currentColor"/><path d="M17 29l8 8 14-16" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/></svg>`
const clockMark: Html = html`<svg class="faint" viewBox="0 0 56 56" aria-hidden="true"><circle cx="28" cy="28" r="26" fill="none" stroke="currentColor" stroke-width="4"/><path d="M28 15v14l9 6" fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round"/></svg>`

const stopMark: Html = html`<svg class="faint" viewBox="0 0 56 56" aria-hidden="true"><circle cx="28" cy="28" r="26" fill="none" stroke="currentColor" stroke-width="4"/><path d="M20 20l16 16m0-16L20 36" fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round"/></svg>`

/** A last page of the window. */
export interface Ending {
  readonly mark: Html
  readonly title: LocalizedText
  readonly heading: LocalizedText
  readonly text: LocalizedText
}

export const authenticatedEnding: Ending = {
  mark: checkMark,
  title: { ko: '결제 인증 완료', en: 'Payment authorised' },
  heading: { ko: '결제 인증이 끝났어요', en: 'Your payment is authorised' },
  text: { ko: '쇼핑몰로 돌아가고 있어요.', en: 'Returning to the shop.' },
}

export const abortedEnding: Ending = {
  mark: stopMark,
  title: { ko: '결제 중단', en: 'Payment cancelled' },
  heading: { ko: '결제를 그만두었어요', en: 'You cancelled the payment' },
  text: { ko: '결제된 금액은 없어요. 쇼핑몰로 돌아가고 있어요.', en: 'Returning to the shop. Nothing was charged.' },
}

export const expiredEnding: Ending = {
  mark: clockMark,
  title: { ko: '결제 시간 종료', en: 'Payment time over' },
  heading: { ko: '결제 시간이 지났어요', en: 'The time to pay is over' },
  text: {
    ko: '결제되지 않았어요. 쇼핑몰에서 다시 주문해 주세요.',
    en: 'Nothing was charged. Please order again in the shop.',
  },
}

const finishedEnding: Ending = {
  mark: checkMark,
  title: { ko: '이미 처리된 결제', en: 'Payment already handled' },
  heading: { ko: '이미 처리된 결제예요', en: 'This payment is already handled' },
  text: { ko: '결제 결과는 쇼핑몰의 주문 내역에서 확인해 주세요.', en: 'See the result in your orders at the shop.' },
}

const otherBrowserEnding: Ending = {
  mark: stopMark,
  title: { ko: '다른 브라우저의 결제창', en: 'Payment of another browser' },
  heading: { ko: '처음 연 브라우저에서 계속해 주세요', en: 'Continue where you began' },
  text: {
    ko: '결제창은 처음 연 브라우저에서만 쓸 수 있어요. 처음 연 화면에서 계속하거나 쇼핑몰에서 다시 시작해 주세요.',
    en: 'This payment can only go on in the browser that opened it. Continue where you began, or start again in the shop.',
  },
}

export const renderEnding = (
  parts: PageParts,
  { mark, title, heading, text }: Ending,
  content: Html,
  { skin, channel }: { readonly skin?: string | undefined; readonly channel?: ReturnChannel | undefined } = {},
): Html =>
  renderDocument({
    ...parts,
    title: parts.t(title),
    skin,
    channel,
    body: html`<div class="window"><header>${renderLanguageSwitch(parts)}</header>
<main class="done">${mark}<h1>${parts.t(heading)}</h1><p>${parts.t(text)}</p>
${content}</main></div>`,
  })

interface WayOut {
  /** For the page around the window. */
  readonly message?: object
  /** An address of the shop, where it is known: without a script, the way back. */
  readonly address?: string | undefined
  /** The previous page is the window itself: going back would reopen it, so the link leads to the shop. */
  readonly isAfterWindow?: boolean
}

const backText: LocalizedText = { ko: '쇼핑몰로 돌아가기', en: 'Back to the shop' }
const backByHand: LocalizedText = {
  ko: '브라우저의 뒤로 가기를 누르거나 이 창을 닫아 주세요.',
  en: 'Go back in your browser, or close this window.',
}

/** In a layer it closes the layer; elsewhere the script goes back in the history, or closes the tab. */
export function renderWayOut(
  { t }: PageParts,
  channel: ReturnChannel | undefined,
  { message = { type: 'sspay:closed' }, address, isAfterWindow = false }: WayOut = {},
): Html {
  if (address !== undefined && (isAfterWindow || channel?.by !== 'message'))
    return html`<div class="actions"><a class="button block" href="${address}" data-close="${isAfterWindow ? 'link' : ''}" data-message="${JSON.stringify(message)}">${t(backText)}</a></div>`
  return html`<div class="actions"><button type="button" class="button block" data-close data-message="${JSON.stringify(message)}" hidden>${t(backText)}</button></div>
<noscript><p class="hint">${t(backByHand)}</p></noscript>`
}

/** The shop has already continued with this payment. */
export const renderFinishedPage = (parts: PageParts, { payment, state: { channel } }: WindowSession): Html => {
  const { returnUrl } = payment.request
  const address = returnUrl === undefined ? undefined : `${new URL(returnUrl).origin}/`
  return renderEnding(parts, finishedEnding, renderWayOut(parts, channel, { address, isAfterWindow: true }), {
    channel,
  })
}

/** An unknown or ended session: the page cannot name the shop. */
export const renderGonePage = (parts: PageParts): Html =>
  renderEnding(parts, expiredEnding, renderWayOut(parts, undefined))

/** A window that another browser has opened: names neither the payment nor the shop. */
export const renderOtherBrowserPage = (parts: PageParts, channel: ReturnChannel | undefined): Html =>
  renderEnding(parts, otherBrowserEnding, renderWayOut(parts, channel), { channel })
