import { findResultReason, resultCodes } from '@sspay/protocol'
import type { TokenFor } from '../own-forms.ts'
import { findGoods } from './goods.ts'
import { formatPoints, formatTime, formatWon, type Order, type OrderState } from './model.ts'
import { html, type SafeHtml } from './page.ts'

type Badge = readonly [label: string, tone: string]

const badges: Readonly<Record<OrderState, Badge>> = {
  awaiting: ['결제 전', ''],
  aborted: ['중단', 'warning'],
  approving: ['확인 중', 'info'],
  withdrawing: ['취소 중', 'info'],
  paid: ['결제 완료', 'success'],
  declined: ['실패', 'danger'],
  cancelled: ['취소됨', ''],
}

function badgeOf({ state, cancelledAmount, cancellation }: Order): Badge {
  if (cancellation?.state === 'asked') return badges.withdrawing
  return state === 'paid' && cancelledAmount > 0 ? ['부분 취소', 'warning'] : badges[state]
}

const orderRow = (order: Order): SafeHtml => {
  const goods = findGoods(order.goodsId)
  const [label, tone] = badgeOf(order)
  return html`<li><a href="/orders/${order.orderId}">${goods?.picture ?? ''}<span class="grow"><span class="strong">${goods?.name ?? order.goodsId}</span> <span class="faint small">${order.quantity}개</span><br><span class="small faint">${formatTime(order.orderedAt)}</span></span><span class="right"><span class="strong number">${formatWon(order.amount)}</span><br><span class="badge ${tone}">${label}</span></span></a></li>`
}

export const ordersPage = (
  orders: readonly Order[],
): SafeHtml => html`<div class="column"><div class="verdict"><h1>내 주문</h1></div>
<section class="card sheet">${
  orders.length === 0
    ? html`<p class="center soft">아직 주문이 없어요.</p><div class="actions"><a class="button block" href="/">진열장 보기</a></div>`
    : html`<ul class="order-list">${orders.map(orderRow)}</ul>`
}</section></div>`

export interface Membership {
  readonly customerId: string | undefined
  readonly points: number
  readonly isMember: boolean
  readonly lastDeletion: string | undefined
  readonly tokenFor: TokenFor
}

export const membershipPage = (
  membership: Membership,
): SafeHtml => html`<div class="column"><div class="verdict"><h1>멤버십</h1></div>
${deletionResult(membership.lastDeletion)}
<section class="card sheet"><dl class="facts">
<div><dt>고객 번호</dt><dd>${membership.customerId === undefined ? '첫 주문 때 만들어져요' : html`<code>${membership.customerId}</code>`}</dd></div>
<div><dt>간편결제</dt><dd>${membership.isMember ? html`<span class="badge success">등록됨</span>` : html`<span class="badge">등록 전</span>`}</dd></div>
<div><dt>적립</dt><dd class="strong number">${formatPoints(membership.points)}</dd></div>
</dl></section>
<section class="card sheet"><h2 class="card-title">달빛 클럽</h2>
<p class="soft small">매달 한 번, 달을 닮은 물건을 보내 드려요.</p>
<div class="actions"><a class="button secondary block" href="/club">달빛 클럽 보기</a></div></section>
${
  membership.customerId === undefined
    ? ''
    : html`<section class="card sheet"><h2 class="card-title">간편결제 회원 탈퇴</h2>
<p class="soft small">등록한 카드와 결제 비밀번호가 모두 지워져요. 간편결제와 빌링결제가 함께 탈퇴되며, 다음 결제 때 처음부터 다시 등록해요. 주문 내역과 적립은 그대로예요.</p>
<form method="post" action="/membership/delete">${membership.tokenFor('/membership/delete')}<div class="actions"><button class="button secondary block leave" type="submit">회원 탈퇴</button></div></form></section>`
}</div>`

/** The result of the last deletion, until the customer joins again. */
function deletionResult(resultCode: string | undefined): SafeHtml {
  if (resultCode === undefined) return html``
  const reason = findResultReason(resultCode)
  if (reason === undefined) {
    return html`<p class="notice warning sheet" role="status">탈퇴 결과를 확인하지 못했어요. 다시 눌러도 괜찮아요. (코드 ${resultCode})</p>`
  }
  const isDeleted = reason === 'member_deleted' || reason === 'member_without_card_deleted'
  return html`<p class="notice ${isDeleted ? 'success' : 'warning'} sheet" role="status">${isDeleted ? '탈퇴했어요. ' : ''}${resultCodes[reason].ko} (코드 ${resultCode})</p>`
}
