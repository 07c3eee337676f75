import { groupThousands, koreanTime } from '@sspay/protocol/internal'
import { html } from 'hono/html'
import { mostSearched, type PaymentSummary, type StateSum } from '../approval/model.ts'
import { type PaymentState, paymentStates } from '../approval/transitions.ts'
import type { ConsoleLink, SafeHtml } from './frame.ts'
import { pager } from './parts.ts'
import { type AskedPayments, addressOf, isChoosing } from './payments-range.ts'
import { formatInstallment, formatWon, stateText } from './wording.ts'

export interface PaymentsPage {
  readonly payments: readonly PaymentSummary[]
  readonly asked: AskedPayments
  readonly sums: readonly StateSum[]
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
  asked,
  sums,
  isFirst,
  older,
  links,
}: PaymentsPage): SafeHtml => html`<div class="page-head">
<div><h1>결제</h1><p class="small faint">최근 결제가 위에 있습니다.${asked.text + asked.state === '' ? '' : ` 최근 ${groupThousands(mostSearched)}건에서 찾으므로, 더 오래된 결제는 기간을 정해 주세요.`}</p></div>
${isFirst ? html`<span class="live">자동으로 새로 고침</span>` : ''}</div>
${sumsOf(sums, asked)}
${filterForm(asked)}
${payments.length === 0 ? emptyState(isFirst && !isChoosing(asked), links) : ledger(payments)}
${pager({ first: isFirst ? undefined : addressOf('/', asked), older, olderText: '이전 결제 보기' })}`

export const paymentsCss = `
.days { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; margin-bottom: 16px; }
.days label { color: var(--ink-soft); font-size: 14px; }
.days input, .days select { width: auto; min-height: 40px; padding: 6px 10px; }
.days input[type=search] { flex: 1 1 220px; max-width: 320px; }
.sums { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 10px; margin: 0 0 18px; }
.sums div { padding: 14px 16px; border: 1px solid var(--line); border-radius: var(--radius-small); background: var(--surface); }
.sums dt { color: var(--ink-soft); font-size: 13px; }
.sums dd { margin: 4px 0 0; font-size: 19px; font-weight: 700; letter-spacing: -.01em; }
.sums small { display: block; color: var(--ink-faint); font-size: 13px; font-weight: 500; letter-spacing: 0; }
`

const filterForm = (asked: AskedPayments): SafeHtml => html`<form class="days" method="get" action="/">
<input type="search" name="text" value="${asked.text}" placeholder="주문번호 또는 거래번호" aria-label="주문번호 또는 거래번호" maxlength="40">
<select name="state" aria-label="상태"><option value="">모든 상태</option>${paymentStates.map((state) => html`<option value="${state}"${state === asked.state ? html` selected` : ''}>${stateText[state].ko}</option>`)}</select>
<label><input type="date" name="from" value="${asked.from}"> 부터</label> <label><input type="date" name="until" value="${asked.until}"> 까지</label>
<button class="button secondary small-button" type="submit">찾기</button>
<a class="small" href="${addressOf('/payments.csv', asked)}" title="Download these payments as CSV">CSV로 받기</a></form>`

export const ledger = (
  payments: readonly PaymentSummary[],
): SafeHtml => html`<section class="card ledger"><div class="table-scroll">
<table class="table"><thead><tr><th>요청 시각</th><th>주문번호</th><th>상점</th><th class="right">금액</th><th>상태</th></tr></thead>
<tbody>${payments.map(row)}</tbody></table></div></section>`

/** Of a charge: leads to its key. */
const billKeyMark = (billKeyId: string): SafeHtml =>
  html`<a class="key-mark" href="/bill-keys/${billKeyId}" title="Charge of a bill key">빌링키</a>`

const row = (payment: PaymentSummary): SafeHtml => html`<tr>
<td class="at number">${koreanTime(payment.requestedAt)}</td>
<td class="order"><a class="row-link" href="/payments/${payment.transactionId}"><span class="code">${payment.orderId}</span></a><br><span class="small faint">${payment.goodsName}</span>${payment.billKeyId === undefined ? '' : html` ${billKeyMark(payment.billKeyId)}`}</td>
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
    return html`<section class="card empty"><p class="soft">찾는 결제가 없습니다. 기간을 바꾸어 보세요.</p></section>`
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

const charged: readonly PaymentState[] = ['approved', 'partiallyCancelled', 'cancelled']
const indeterminate: readonly PaymentState[] = ['approving', 'unresolved', 'reversing']

/** What an operator asks first: approved, refunded, declined and indeterminate, of the chosen days or of today. */
function sumsOf(sums: readonly StateSum[], { from, until }: AskedPayments): SafeHtml {
  const of = (states: readonly PaymentState[], name: 'count' | 'amount' | 'cancelled'): number =>
    sums.filter(({ state }) => states.includes(state)).reduce((sum, entry) => sum + entry[name], 0)
  const approved = of(charged, 'count')
  const declined = of(['declined'], 'count')
  const waiting = of(indeterminate, 'count')
  const all = sums.reduce((sum, { count }) => sum + count, 0)
  const bound = all < mostSearched ? '' : ` · 최근 ${groupThousands(mostSearched)}건`
  const rate = approved + declined === 0 ? '–' : `${((100 * approved) / (approved + declined)).toFixed(1)}%`
  return html`<dl class="sums" aria-label="${from + until === '' ? '오늘' : '고른 기간'}">
<div><dt>${from + until === '' ? '오늘' : '고른 기간'}의 승인${bound}</dt><dd class="number">${formatWon(of(charged, 'amount'))}<small>${groupThousands(approved)}건</small></dd></div>
<div><dt>취소</dt><dd class="number">${formatWon(of(charged, 'cancelled'))}<small>${groupThousands(of(['partiallyCancelled', 'cancelled'], 'count'))}건</small></dd></div>
<div><dt>승인 성공률</dt><dd class="number">${rate}<small>거절 ${groupThousands(declined)}건</small></dd></div>
<div><dt>결과 확인 중</dt><dd class="number">${groupThousands(waiting)}건<small>${waiting === 0 ? '밀린 결제가 없습니다' : formatWon(of(indeterminate, 'amount'))}</small></dd></div>
</dl>`
}
