import { html } from 'hono/html'
import { type Html, type PageParts, renderDocument } from './frame.ts'
import type { ReturnChannel } from './model.ts'
import type { ShopMessage } from './return-by-message.ts'

const checkMark: Html = html`<svg viewBox="0 0 56 56" aria-hidden="true"><circle cx="28" cy="28" r="28" fill="#0b6b46"/><path d="M17 29l8 8 14-16" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/></svg>`
const clockMark: Html = html`<svg viewBox="0 0 56 56" aria-hidden="true"><circle cx="28" cy="28" r="26" fill="none" stroke="#5f6b80" stroke-width="4"/><path d="M28 15v14l9 6" fill="none" stroke="#5f6b80" stroke-width="4" stroke-linecap="round"/></svg>`

const words = (mark: Html, title: string, text: string): Html => html`${mark}<h1>${title}</h1><p>${text}</p>`

export const authenticatedWords = words(checkMark, '결제 인증이 끝났습니다', '쇼핑몰로 돌아갑니다.')
export const abortedWords = words(clockMark, '결제를 중단했습니다', '쇼핑몰로 돌아갑니다. 결제된 금액은 없습니다.')
export const expiredWords = words(
  clockMark,
  '결제 시간이 지났습니다',
  '결제되지 않았습니다. 쇼핑몰에서 다시 주문해 주세요.',
)
const finishedWords = words(checkMark, '이미 처리된 결제입니다', '결제 결과는 쇼핑몰의 주문 내역에서 확인해 주세요.')

const closeMessage: ShopMessage = { type: 'sspay:closed' }

export const renderCloseButton = (channel: ReturnChannel | undefined): Html =>
  channel?.by === 'message'
    ? html`<div class="actions"><button type="button" class="button block" data-close data-message="${JSON.stringify(closeMessage)}">닫기</button></div>`
    : html``

const renderEnd = (parts: PageParts, title: string, content: Html, channel?: ReturnChannel): Html =>
  renderDocument({
    ...parts,
    title,
    channel,
    body: html`<div class="window"><main class="done">${content}${renderCloseButton(channel)}</main></div>`,
  })

/** The shop has gone on with this payment; the window has nothing left to say or to give. */
export const renderFinishedPage = (parts: PageParts, channel: ReturnChannel): Html =>
  renderEnd(parts, '이미 처리된 결제', finishedWords, channel)

/** Nobody knows this address any more, so not even the shop can be named. */
export const renderGonePage = (parts: PageParts): Html => renderEnd(parts, '결제 시간 종료', expiredWords)
