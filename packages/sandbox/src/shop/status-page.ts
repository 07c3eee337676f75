import { findResultReason, resultCodes } from '@sspay/protocol'
import { findGoods } from './goods.ts'
import { html, type SafeHtml } from './html.ts'
import { formatTime, formatWon, type Order, pointsOf, type Receipt } from './model.ts'
import { trail } from './order-page.ts'

type Tone = 'success' | 'danger' | 'warning' | 'info'

const strokes: Readonly<Record<Tone, SafeHtml>> = {
  success: html`<path d="M9 18l6 6 11-13"/>`,
  danger: html`<path d="M10 10l14 14M24 10L10 24"/>`,
  warning: html`<path d="M17 8v12M17 26v.01"/>`,
  info: html`<circle cx="17" cy="17" r="11"/><path d="M17 10v8l5 3"/>`,
}

export const verdict = (tone: Tone, title: string, sentence: string): SafeHtml => html`<div class="verdict">
<span class="seal ${tone}"><svg viewBox="0 0 34 34" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${strokes[tone]}</svg></span>
<h1>${title}</h1><p class="soft">${sentence}</p></div>`

/** Our own sentence for a known code; what a browser brought along is never shown as it came. */
function sentenceOf(resultCode: string | undefined): string {
  const reason = resultCode === undefined ? undefined : findResultReason(resultCode)
  return reason === undefined ? `결제가 끝나지 않았습니다. (코드 ${resultCode ?? '없음'})` : resultCodes[reason].ko
}

const fact = (label: string, value: string): SafeHtml => html`<div><dt>${label}</dt><dd>${value}</dd></div>`

const receiptFacts = (
  receipt: Receipt,
): SafeHtml => html`${fact('카드', `${receipt.issuerName} ${receipt.maskedCardNumber}`)}
${fact('할부', receipt.installmentMonths === 0 ? '일시불' : `${receipt.installmentMonths}개월`)}
${fact('승인번호', receipt.approvalNumber)}
${receipt.approvedAt === undefined ? '' : fact('승인일시', formatTime(receipt.approvedAt))}`

const sheet = (order: Order): SafeHtml => html`<section class="card sheet"><dl class="facts">
<div><dt>주문번호</dt><dd class="order-id">${order.orderId}</dd></div>
${fact('상품', `${findGoods(order.goodsId)?.name ?? order.goodsId} ${order.quantity}개`)}
<div><dt>금액</dt><dd class="strong number">${formatWon(order.amount)}</dd></div>
${order.receipt === undefined ? fact('주문일시', formatTime(order.orderedAt)) : receiptFacts(order.receipt)}
</dl></section>`

const again = (order: Order, label: string): SafeHtml =>
  html`<a class="button block" href="/order?goods=${order.goodsId}&amp;quantity=${order.quantity}">${label}</a>`
const home = html`<a class="button secondary block" href="/">상점으로</a>`

const inConsole = (order: Order, consoleUrl: string): SafeHtml =>
  order.transactionId === undefined
    ? html``
    : html`<details class="developer"><summary>개발자 보기</summary><div><p>거래번호 <code>${order.transactionId}</code></p><p><a href="${consoleUrl}/payments/${order.transactionId}">콘솔에서 이 결제 보기</a></p></div></details>`

/** One order, whatever became of it. */
export function statusPage(order: Order, consoleUrl: string): { readonly title: string; readonly body: SafeHtml } {
  const { title, headline, actions } = verdictOf(order)
  const body = html`<div class="column">${trail(order.state === 'paid' ? 'done' : 'payment')}${headline}${sheet(order)}<div class="actions">${actions}</div>${inConsole(order, consoleUrl)}</div>`
  return { title, body }
}

function verdictOf(order: Order): { readonly title: string; readonly headline: SafeHtml; readonly actions: SafeHtml } {
  switch (order.state) {
    case 'paid':
      return {
        title: '결제 완료',
        headline: verdict(
          'success',
          '결제가 완료되었습니다',
          `${pointsOf(order.amount)}점이 적립되었습니다. 고맙습니다.`,
        ),
        actions: html`<a class="button block" href="/orders">내 주문 보기</a>${home}`,
      }
    case 'declined':
      return {
        title: '결제 실패',
        headline: verdict('danger', '결제하지 못했습니다', sentenceOf(order.resultCode)),
        actions: html`${again(order, '다시 결제')}${home}`,
      }
    case 'aborted':
      return {
        title: '결제 중단',
        headline: verdict('warning', '결제를 멈추었습니다', sentenceOf(order.resultCode)),
        actions: html`${again(order, '다시 결제')}${home}`,
      }
    case 'approving':
      return {
        title: '결제 확인 중',
        headline: verdict(
          'info',
          '결제 결과를 확인하고 있습니다',
          '카드사의 답을 아직 받지 못했습니다. 다시 결제하지 마시고 잠시 뒤 확인해 주세요. 두 번 청구되지 않습니다.',
        ),
        actions: html`<form class="spaced" method="post" action="/orders/${order.orderId}/check"><button class="button block" type="submit">결과 다시 확인</button></form>${home}`,
      }
    case 'awaiting':
      return {
        title: '결제 전',
        headline: verdict('info', '아직 결제하지 않은 주문입니다', '결제창을 닫으셨다면 다시 결제할 수 있습니다.'),
        actions: html`${again(order, '결제하기')}${home}`,
      }
  }
}
