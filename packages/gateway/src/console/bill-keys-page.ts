import { groupThousands, koreanTime } from '@sspay/protocol/internal'
import { html } from 'hono/html'
import type { PaymentSummary } from '../approval/model.ts'
import { type BillKey, type BillKeyState, billKeyStates, mostKeysSearched } from '../vault/bill-keys/model.ts'
import { issuerNameOf, type ShownCard } from '../vault/model.ts'
import type { AskedBillKeys } from './bill-keys-range.ts'
import type { SafeHtml } from './frame.ts'
import { code, fact, memberMark, pager } from './parts.ts'
import { ledger, stateBadge } from './payments-page.ts'
import { addressOf } from './payments-range.ts'
import { billKeyStateText, formatWon } from './wording.ts'

/** A key without itself. */
export interface ShownBillKey extends BillKey {
  /** Undefined when the card was deleted. */
  readonly card: ShownCard | undefined
  /** Undefined before the first charge, and when all were archived. */
  readonly lastCharge: PaymentSummary | undefined
}

const badge = (state: BillKeyState, size: '' | 'big' = ''): SafeHtml => {
  const { ko, en, tone } = billKeyStateText[state]
  return html`<span class="badge ${tone} ${size}" title="${en}" data-state="${state}">${ko}</span>`
}

export interface BillKeysPage {
  readonly keys: readonly ShownBillKey[]
  readonly asked: AskedBillKeys
  readonly isFirst: boolean
  /** Address of the page with older keys. */
  readonly older: string | undefined
}

export const billKeysPage = ({ keys, asked, isFirst, older }: BillKeysPage): SafeHtml => html`<div class="page-head">
<div><h1>빌링키</h1><p class="small faint">상점이 구매자 없이 결제할 수 있는 카드입니다. 최근에 발급한 키가 위에 있습니다.${isChoosing(asked) ? ` 최근 ${groupThousands(mostKeysSearched)}개에서 찾습니다.` : ''}</p></div>
${isFirst ? html`<span class="live">자동으로 새로 고침</span>` : ''}</div>
${filterForm(asked)}
${keys.length === 0 ? emptyState(isFirst && !isChoosing(asked)) : list(keys)}
${pager({ first: isFirst ? undefined : addressOf('/bill-keys', asked), older, olderText: '이전 빌링키 보기' })}`

const isChoosing = (asked: AskedBillKeys): boolean => Object.values(asked).some((text) => text !== '')

const filterForm = ({
  merchantId,
  state,
  text,
}: AskedBillKeys): SafeHtml => html`<form class="days" method="get" action="/bill-keys">
<input type="search" name="text" value="${text}" placeholder="주문번호, 빌링키 번호 또는 회원 번호" aria-label="주문번호, 빌링키 번호 또는 회원 번호" maxlength="40">
<input type="search" name="merchantId" value="${merchantId}" placeholder="상점" aria-label="상점" maxlength="30">
<select name="state" aria-label="상태"><option value="">모든 상태</option>${billKeyStates.map((one) => html`<option value="${one}"${one === state ? html` selected` : ''}>${billKeyStateText[one].ko}</option>`)}</select>
<button class="button secondary small-button" type="submit">찾기</button></form>`

const emptyState = (isFirst: boolean): SafeHtml =>
  isFirst
    ? html`<section class="card empty"><h2>아직 빌링키가 없습니다</h2><p class="soft">구매자가 정기결제 카드를 등록하면 여기에 나타납니다.</p></section>`
    : html`<section class="card empty"><p class="soft">찾는 빌링키가 없습니다.</p></section>`

const list = (keys: readonly ShownBillKey[]): SafeHtml => html`<section class="card ledger"><div class="table-scroll">
<table class="table"><thead><tr><th>발급 시각</th><th>카드</th><th>상점</th><th>회원</th><th class="right">마지막 결제</th><th>상태</th></tr></thead>
<tbody>${keys.map(row)}</tbody></table></div></section>`

const row = (key: ShownBillKey): SafeHtml => html`<tr>
<td class="at number">${koreanTime(key.issuedAt)}</td>
<td class="order"><a class="row-link" href="/bill-keys/${key.billKeyId}">${cardText(key.card)}</a><br><span class="small faint code">${key.orderId}</span></td>
<td class="merchant"><span class="code">${key.merchantId}</span></td>
<td class="merchant">${memberMark(key.memberId)}</td>
<td class="money right number">${chargeText(key.lastCharge)}</td>
<td class="state">${badge(key.state)}</td>
</tr>`

const cardText = (card: ShownBillKey['card']): SafeHtml =>
  card === undefined
    ? html`<span class="soft">삭제한 카드</span>`
    : html`${issuerNameOf(card.issuerCode)} <span class="code">${card.maskedCardNumber}</span>`

const chargeText = (charge: PaymentSummary | undefined): SafeHtml =>
  charge === undefined
    ? html`<span class="faint">없음</span>`
    : html`<span class="strong">${formatWon(charge.amount)}</span> ${stateBadge(charge.state)}<br><span class="small faint">${koreanTime(charge.requestedAt)}</span>`

export interface BillKeyRecords {
  readonly charges: readonly PaymentSummary[]
  /** Address of the page with older charges. */
  readonly older: string | undefined
  readonly isFirst: boolean
  /** The form that ends the key, while it is active. */
  readonly endForm: SafeHtml
}

export const billKeyPage = (
  key: ShownBillKey,
  { charges, older, isFirst, endForm }: BillKeyRecords,
): SafeHtml => html`<a class="crumb" href="/bill-keys">← 빌링키 목록</a>
<div class="page-head"><div><h1>빌링키</h1><p class="soft">${cardText(key.card)}</p></div>${badge(key.state, 'big')}</div>
<section class="card"><dl class="facts">${factsOf(key)}</dl></section>
${endForm}
<h2 class="section-title">결제</h2>
${charges.length === 0 ? html`<section class="card empty"><p class="soft">이 키로 결제한 적이 없습니다. 보관 파일로 옮긴 결제는 나타나지 않습니다.</p></section>` : ledger(charges.map(withoutMark))}
${pager({ first: isFirst ? undefined : `/bill-keys/${key.billKeyId}`, older, olderText: '이전 결제 보기' })}`

const withoutMark = ({ billKeyId: _, ...charge }: PaymentSummary): PaymentSummary => charge

const factsOf = (key: ShownBillKey): readonly SafeHtml[] => [
  fact('빌링키 번호', code(key.billKeyId)),
  fact('상점', code(key.merchantId)),
  fact('등록 주문번호', code(key.orderId)),
  fact(
    '회원',
    html`${memberMark(key.memberId)} <a class="small" href="/bill-keys?text=${key.memberId}">이 회원의 빌링키</a>`,
  ),
  fact('발급', html`<span class="number">${koreanTime(key.issuedAt)}</span>`),
  fact('종료', key.endedAt && html`<span class="number">${koreanTime(key.endedAt)}</span>`),
]
