import { findResultReason, resultCodes } from '@sspay/protocol'
import type { TokenFor } from '../own-forms.ts'
import { findGoods } from './goods.ts'
import { formatPoints, formatTime, formatWon, type Order, pointsOf, type Receipt } from './model.ts'
import { html, type SafeHtml, type ShopPage, type Tone, verdict } from './page.ts'

/** Our own text for a known code; text from the browser is never shown. Apart, for it has another voice. */
function reasonOf(resultCode: string | undefined): SafeHtml {
  const reason = resultCode === undefined ? undefined : findResultReason(resultCode)
  const text = reason === undefined ? `코드 ${resultCode ?? '없음'}` : resultCodes[reason].ko
  return html`<details class="small soft sheet" open><summary>이유</summary>${text}</details>`
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
${order.cancelledAmount === 0 ? '' : cancelledFacts(order)}
${order.receipt === undefined ? fact('주문일시', formatTime(order.orderedAt)) : receiptFacts(order.receipt)}
</dl></section>`

const cancelledFacts = ({ amount, cancelledAmount }: Order): SafeHtml => html`
<div><dt>취소한 금액</dt><dd class="number">${formatWon(cancelledAmount)}</dd></div>
${amount === cancelledAmount ? '' : html`<div><dt>남은 금액</dt><dd class="strong number">${formatWon(amount - cancelledAmount)}</dd></div>`}`

/** The state of the newest cancellation, unless it is done. */
function cancellationStatus({ cancellation }: Order): SafeHtml {
  if (cancellation === undefined || cancellation.state === 'done') return html``
  const amount = formatWon(cancellation.amount)
  return cancellation.state === 'asked'
    ? html`<p class="notice info sheet" role="status">${amount} 취소를 확인하고 있어요. 두 번 취소되지 않아요.</p>`
    : html`<p class="notice warning sheet" role="status">${amount}을 취소하지 못했어요.</p>${reasonOf(cancellation.resultCode)}`
}

const again = (order: Order, label: string): SafeHtml =>
  html`<a class="button block" href="/order?goods=${order.goodsId}&amp;quantity=${order.quantity}">${label}</a>`
const myOrders = html`<a class="button block" href="/orders">내 주문 보기</a>`
const home = html`<a class="button secondary block" href="/">상점으로</a>`
const cancelPath = ({ orderId }: Order): string => `/orders/${orderId}/cancel`

const buttonForm = (path: string, tokenFor: TokenFor, style: string, button: SafeHtml): SafeHtml =>
  html`<form class="${style}" method="post" action="${path}">${tokenFor(path)}${button}</form>`

const developerPanel = (order: Order, consoleUrl: string, tokenFor: TokenFor): SafeHtml =>
  order.transactionId === undefined
    ? html``
    : html`<details class="developer"><summary>개발자 보기</summary><div><p>거래번호 <code>${order.transactionId}</code></p><p><a href="${consoleUrl}/payments/${order.transactionId}">콘솔에서 이 결제 보기</a></p>${order.state === 'paid' ? buttonForm(cancelPath(order), tokenFor, 'partial', partialCancel(order)) : ''}</div></details>`

const partialCancel = (order: Order): SafeHtml => html`
<label for="amount">부분 취소 금액 (원)</label>
<div class="row"><input class="grow" id="amount" name="amount" type="number" min="1" max="${order.amount - order.cancelledAmount}" step="1" required><button class="button secondary small-button" type="submit">부분 취소</button></div>`

/** An outcome is pending: the page reloads itself. */
const isChecking = ({ state, cancellation }: Order): boolean =>
  state === 'approving' || state === 'withdrawing' || cancellation?.state === 'asked'

const isUnpaid = ({ state }: Order): boolean => state === 'declined' || state === 'aborted'

const reloadScript = 'setTimeout(function () { location.reload() }, 3000)'

export function statusPage(order: Order, consoleUrl: string, tokenFor: TokenFor): ShopPage {
  const [tone, title, headline, sentence] = verdictOf(order)
  const body = html`<div class="column">${verdict(tone, headline, sentence)}${isUnpaid(order) ? reasonOf(order.resultCode) : ''}${cancellationStatus(order)}${sheet(order)}<div class="actions">${actionsOf(order, tokenFor)}</div>${developerPanel(order, consoleUrl, tokenFor)}</div>`
  return { title, body, ...(isChecking(order) ? { script: reloadScript } : {}) }
}

const checkButton = html`<button class="button block" type="submit">결과 다시 확인</button>`
const cancelButton = html`<button class="button quiet block leave" type="submit">주문 취소</button>`

type Verdict = readonly [tone: Tone, title: string, headline: string, sentence: string]

function verdictOf({ state, amount, cancelledAmount, receipt }: Order): Verdict {
  const points = formatPoints(pointsOf(amount - cancelledAmount))
  const partly = `${formatWon(cancelledAmount)}은 결제한 카드로 돌아가요. 적립은 ${points}이에요.`
  const refunded = receipt === undefined ? '결제된 금액은 없어요.' : `${formatWon(amount)}이 결제한 카드로 돌아가요.`
  switch (state) {
    case 'paid':
      return cancelledAmount === 0
        ? ['success', '결제 완료', '결제가 완료되었어요', `${points}이 적립되었어요. 고마워요.`]
        : ['success', '부분 취소', '일부를 취소했어요', partly]
    case 'cancelled':
      return ['warning', '주문 취소', '주문이 취소되었어요', refunded]
    case 'declined':
      return ['danger', '결제 실패', '결제하지 못했어요', '결제된 금액은 없어요. 다른 카드로 다시 결제할 수 있어요.']
    case 'aborted':
      return ['warning', '결제 중단', '결제를 멈췄어요', '결제된 금액은 없어요. 다시 결제할 수 있어요.']
    case 'approving':
      return ['info', '결제 확인 중', '결제 결과를 확인하고 있어요', approvingText]
    case 'withdrawing':
      return ['info', '주문 취소 중', '주문을 취소하고 있어요', withdrawingText]
    case 'awaiting':
      return ['info', '결제 전', '아직 결제하지 않은 주문이에요', '결제창을 닫으셨다면 다시 결제할 수 있어요.']
  }
}

const approvingText =
  '승인 결과를 아직 받지 못했어요. 다시 결제하지 말아 주세요. 결과가 오면 이 화면이 저절로 바뀌고, 두 번 청구되지 않아요.'
const withdrawingText = '결제되었다면 전액 돌려드려요. 다 되면 이 화면이 바뀌어요.'

function actionsOf(order: Order, tokenFor: TokenFor): readonly SafeHtml[] {
  const check = buttonForm(`/orders/${order.orderId}/check`, tokenFor, 'spaced', checkButton)
  const cancel = buttonForm(cancelPath(order), tokenFor, 'spaced-above', cancelButton)
  switch (order.state) {
    case 'paid':
      return [myOrders, home, order.cancellation?.state === 'asked' ? check : cancel]
    case 'approving':
      return [check, home, cancel]
    case 'withdrawing':
      return [check, home]
    case 'cancelled':
      return [again(order, '다시 주문'), home]
    case 'awaiting':
      return [again(order, '결제하기'), home]
    default:
      return [again(order, '다시 결제'), home]
  }
}
