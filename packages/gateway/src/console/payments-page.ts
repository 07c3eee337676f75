import { koreanTime } from '@sspay/protocol/internal'
import { html } from 'hono/html'
import type { PaymentSummary } from '../approval/model.ts'
import type { PaymentState } from '../approval/transitions.ts'
import type { ConsoleLink, SafeHtml } from './frame.ts'
import { pager } from './parts.ts'
import { addressOfDays, type Days } from './payments-range.ts'
import { formatInstallment, formatWon, stateText } from './wording.ts'

export interface PaymentsPage {
  readonly payments: readonly PaymentSummary[]
  readonly days: Days
  readonly isFirst: boolean
  /** Address of the page with older payments. */
  readonly older: string | undefined
  readonly links: readonly ConsoleLink[]
}

export const stateBadge = (state: PaymentState, size: '' | 'big' = ''): SafeHtml => {
  const { ko, en, tone } = stateText[state]
  return html`<span class="badge ${tone} ${size}" title="${en}" data-state="${state}">${ko}</span>`
}

export const paymentsPage = ({
  payments,
  days,
  isFirst,
  older,
  links,
}: PaymentsPage): SafeHtml => html`<div class="page-head">
<div><h1>결제</h1><p class="small faint">최근 결제가 위에 있습니다.</p></div>
${isFirst ? html`<span class="live">자동으로 새로 고침</span>` : ''}</div>
${daysForm(days)}
${payments.length === 0 ? emptyState(isFirst && addressOfDays('', days) === '', links) : ledger(payments)}
${pager({ first: isFirst ? undefined : addressOfDays('/', days), older, olderText: '이전 결제 보기' })}`

export const paymentsCss = `
.days { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; margin-bottom: 16px; }
.days label { color: var(--ink-soft); font-size: 14px; }
.days input { width: auto; min-height: 40px; padding: 6px 10px; }
`

const daysForm = (days: Days): SafeHtml => html`<form class="days" method="get" action="/">
<label>부터 <input type="date" name="from" value="${days.from}"></label> <label>까지 <input type="date" name="until" value="${days.until}"></label>
<button class="button secondary small-button" type="submit">기간 보기</button>
<a class="small" href="${addressOfDays('/payments.csv', days)}" title="Download these payments as CSV">CSV로 받기</a></form>`

const ledger = (
  payments: readonly PaymentSummary[],
): SafeHtml => html`<section class="card ledger"><div class="table-scroll">
<table class="table"><thead><tr><th>요청 시각</th><th>주문번호</th><th>상점</th><th class="right">금액</th><th>상태</th></tr></thead>
<tbody>${payments.map(row)}</tbody></table></div></section>`

const row = (payment: PaymentSummary): SafeHtml => html`<tr>
<td class="at number">${koreanTime(payment.requestedAt)}</td>
<td class="order"><a class="row-link" href="/payments/${payment.transactionId}"><span class="code">${payment.orderId}</span></a><br><span class="small faint">${payment.goodsName}</span></td>
<td class="merchant"><span class="code">${payment.merchantId}</span></td>
<td class="money right number"><span class="strong">${formatWon(payment.amount)}</span>${
  payment.installmentMonths === 0
    ? ''
    : html`<br><span class="small faint">${formatInstallment(payment.installmentMonths)}</span>`
}</td>
<td class="state">${stateBadge(payment.state)}</td>
</tr>`

function emptyState(isFirst: boolean, links: readonly ConsoleLink[]): SafeHtml {
  if (!isFirst)
    return html`<section class="card empty"><p class="soft">여기에는 결제가 없습니다. 기간을 바꾸어 보세요.</p></section>`
  const shop = links.find(({ isShop }) => isShop)
  return html`<section class="card empty">
<svg viewBox="0 0 64 64" fill="none" stroke="currentColor" stroke-width="3" stroke-linejoin="round" stroke-linecap="round" aria-hidden="true"><rect x="8" y="16" width="48" height="34" rx="6"/><path d="M8 27h48M17 40h10"/></svg>
<h2>아직 결제가 없습니다</h2>
<ol>
<li>${shop === undefined ? '상점' : html`<a href="${shop.href}">${shop.ko}</a>`}에서 물건을 하나 골라 결제하기를 누릅니다.</li>
<li>결제창에서 본인인증, 카드, 비밀번호를 등록합니다.</li>
<li>이 화면에 결제가 나타나고, 상태가 저절로 바뀝니다.</li>
</ol></section>`
}
