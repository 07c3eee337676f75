import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import { callKinds, callResults, type RecordedCall } from '../request-log/model.ts'
import type { SafeHtml } from './frame.ts'
import { pager } from './parts.ts'
import { type AskedFilter, addressWith, isChoosing } from './requests-filter.ts'
import { describeDetail, directionText, formatMoment, kindText, partyText, resultText } from './requests-wording.ts'
import { formatElapsed } from './wording.ts'

export interface RequestsPage {
  readonly calls: readonly RecordedCall[]
  readonly asked: AskedFilter
  readonly isFirst: boolean
  /** Address of the page with older calls. */
  readonly older: string | undefined
  /** Undefined when the request log is off. */
  readonly keptDays: number | undefined
  /** The window's form submits are hidden unless the filter asks for them: there are a dozen for each approval. */
  readonly steps: 'hidden' | 'shown'
}

export const requestsCss = `
.find { margin-bottom: 6px; }
.find-links { margin: 0 0 16px; }
.find-line { display: flex; gap: 8px; max-width: 520px; }
.find-line .grow { flex: 1; min-width: 0; }
.find input, .find select { width: 100%; min-height: 40px; padding: 6px 12px; border: 1px solid var(--line-strong); border-radius: var(--radius-small); background: var(--surface); }
.find details { margin-top: 10px; }
.find-more { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 10px 14px; margin-top: 10px; }
.find-more label { color: var(--ink-soft); font-size: 13px; font-weight: 600; }
.find-more input, .find-more select { display: block; margin-top: 4px; font-weight: 400; }
.find-links a + a { margin-left: 12px; }
.way { font-weight: 700; } .way.in { color: var(--info); } .way.out { color: var(--ink-faint); }
.detail { color: var(--ink-soft); font-weight: 500; }
.badge .code { font-size: 12px; }
.calls td.at { color: var(--ink-soft); }
.calls .about th { padding-top: 18px; white-space: normal; }
.calls tbody:first-of-type .about th { padding-top: 11px; }
.calls .about .small { font-weight: 500; }
.calls .about a { position: relative; color: var(--ink); font-size: 14px; }
@media (max-width: 760px) {
  .find { position: sticky; top: 0; z-index: 1; margin: 0 -20px 6px; padding: 8px 20px; background: var(--ground); }
  .ledger.calls .about { padding-bottom: 6px; border-bottom: 0; background: var(--ground); }
  .ledger.calls .about th { padding: 0; border: 0; overflow-wrap: anywhere; }
}
`

export const requestsPage = ({
  calls,
  asked,
  isFirst,
  older,
  keptDays,
  steps,
}: RequestsPage): SafeHtml => html`<div class="page-head">
<div><h1>요청 로그</h1><p class="small faint">${
  keptDays === undefined
    ? '지금은 기록하지 않습니다.'
    : html`받은 요청과 보낸 요청을 <span class="number">${keptDays}일</span> 동안 남깁니다. 개인정보와 비밀 값은 가린 뒤에 저장합니다.`
}</p></div>
${isFirst && keptDays !== undefined ? html`<span class="live" title="Refreshes every three seconds, except while you scroll, select or type">자동으로 새로 고침</span>` : ''}</div>
${keptDays === undefined ? disabledHint : ''}
<nav class="filters" aria-label="결과">${[undefined, ...callResults].map((result) => resultLink(asked, result))}</nav>
${filterForm(asked)}
${linksOf(asked, steps)}
${calls.length === 0 ? emptyState(isFirst && !isChoosing(asked)) : ledger(calls)}
${pager({ first: isFirst ? undefined : addressWith('/requests', asked, { steps: isChoosing(asked) || steps === 'hidden' ? '' : steps }), older, olderText: '이전 요청 보기' })}`

const disabledHint = html`<p class="notice warning" title="The request log is off: SSPAY_REQUEST_LOG">요청 로그가 꺼져 있습니다. 환경 변수 <code>SSPAY_REQUEST_LOG=on</code>으로 켭니다.</p><br>`

const resultLink = (asked: AskedFilter, result: keyof typeof resultText | undefined): SafeHtml =>
  html`<a href="${addressWith('/requests', { ...asked, result: result ?? '' })}"${asked.result === (result ?? '') ? html` aria-current="true"` : ''}${
    result === undefined ? html` title="All"` : html` title="${resultText[result].en}"`
  }>${result === undefined ? '전체' : resultText[result].ko}</a> `

const hasDetails = ({ direction, kind, merchantId, from, until, transactionId }: AskedFilter): boolean =>
  [direction, kind, merchantId, from, until, transactionId].some((text) => text !== '')

const filterForm = (
  asked: AskedFilter,
): SafeHtml => html`<form class="find" method="get" action="/requests" role="search">
${asked.result === '' ? '' : html`<input type="hidden" name="result" value="${asked.result}">`}
<div class="find-line"><label class="grow"><span class="visually-hidden">거래번호, 주문번호, 결과코드</span><input type="search" name="text" value="${asked.text}" placeholder="거래번호, 주문번호, 결과코드" autocapitalize="none" spellcheck="false" autocomplete="off" title="Part of a transaction id, an order id or a result code"></label>
<button class="button small-button" type="submit">찾기</button></div>
<details${hasDetails(asked) ? html` open` : ''}><summary class="small">자세히 찾기</summary><div class="find-more">
${select('direction', '방향', asked.direction, directionText)}
${select('kind', '종류', asked.kind, kindText, callKinds)}
${input('merchantId', '상점', asked.merchantId, 'text')}
${input('transactionId', '거래번호', asked.transactionId, 'text')}
${input('from', '부터', asked.from, 'datetime-local')}
${input('until', '까지', asked.until, 'datetime-local')}
</div></details></form>`

const linksOf = (asked: AskedFilter, steps: RequestsPage['steps']): SafeHtml =>
  html`<p class="small find-links">${isChoosing(asked) ? html`<a href="/requests">조건 지우기</a>` : ''} ${
    steps === 'hidden'
      ? html`<a href="/requests?steps=shown" title="Also each submit of the payment window">결제창 입력도 보기</a>`
      : ''
  } <a href="${addressWith('/requests.csv', asked)}" title="Download these calls as CSV">CSV로 받기</a> <a href="${addressWith('/requests.json', asked)}" title="Download these calls as JSON">JSON으로 받기</a></p>`

const select = (
  name: string,
  label: string,
  chosen: string,
  words: Readonly<Record<string, LocalizedText>>,
  values: readonly string[] = Object.keys(words),
): SafeHtml =>
  html`<label>${label}<select name="${name}"><option value="">모두</option>${values.map(
    (value) =>
      html`<option value="${value}"${value === chosen ? html` selected` : ''}>${words[value]?.ko ?? value}</option>`,
  )}</select></label>`

const input = (name: string, label: string, value: string, type: string): SafeHtml =>
  html`<label>${label}<input type="${type}" name="${name}" value="${value}" autocapitalize="none" spellcheck="false" autocomplete="off"></label>`

const ledger = (
  calls: readonly RecordedCall[],
): SafeHtml => html`<section class="card ledger calls"><div class="table-scroll">
<table class="table" data-calls><thead><tr><th>시각</th><th>요청</th><th class="right">걸린 시간</th><th>결과</th></tr></thead>
${groupsOf(calls).map((group) => html`<tbody>${aboutOf(group)}${group.map(row)}</tbody>`)}</table></div></section>`

/** By payment, the one with the newest call first; a call without a payment stands alone. */
const groupsOf = (calls: readonly RecordedCall[]): readonly (readonly RecordedCall[])[] => [
  ...Map.groupBy(calls, ({ transactionId, id }) => transactionId ?? id).values(),
]

/** What the calls of one payment have in common. */
function aboutOf(calls: readonly RecordedCall[]): SafeHtml {
  const orderId = calls.find((call) => call.orderId !== undefined)?.orderId
  const transactionId = calls[0]?.transactionId
  const merchantId = calls.find((call) => call.merchantId !== undefined)?.merchantId
  if (orderId === undefined && transactionId === undefined && merchantId === undefined) return html``
  const name = html`<span class="code">${orderId ?? transactionId ?? ''}</span>`
  const link = transactionId === undefined ? name : html`<a href="/payments/${transactionId}">${name}</a>`
  const known = [orderId === undefined ? undefined : transactionId, merchantId].filter((one) => one !== undefined)
  return html`<tr class="about"><th colspan="4" scope="rowgroup">${link} <span class="small faint code">${known.join(' · ')}</span></th></tr>`
}

/** Calls in show their result code, calls out their outcome in words. */
export const resultBadge = ({ direction, result, code, reason }: RecordedCall, size: '' | 'big' = ''): SafeHtml => {
  const { ko, en, tone } = resultText[result]
  const said = direction === 'out' ? (reason?.ko ?? code) : undefined
  const words = said ?? html`${ko}${code === undefined ? '' : html` <span class="code">${code}</span>`}`
  return html`<span class="badge ${tone} ${size}" title="${reason?.en ?? en}" data-result="${result}">${words}</span>`
}

export const directionMark = ({ direction }: RecordedCall): SafeHtml =>
  html`<span class="way ${direction}" title="${directionText[direction].en}"><span aria-hidden="true">${direction === 'in' ? '→' : '←'}</span><span class="visually-hidden">${directionText[direction].ko}</span></span>`

export const callTitle = (call: RecordedCall): SafeHtml => {
  const { ko, en } = kindText[call.kind]
  const detail = describeDetail(call)
  return html`<span title="${en}${detail === undefined ? '' : `: ${detail.en}`}">${ko}${detail === undefined ? '' : html` <span class="detail">${detail.ko}</span>`}</span>`
}

const row = (call: RecordedCall): SafeHtml => html`<tr data-kind="${call.kind}">
<td class="at number">${formatMoment(call.startedAt)}</td>
<td class="order">${directionMark(call)} <a class="row-link" href="/requests/${call.id}">${callTitle(call)}</a>${
  call.warnings.length === 0
    ? ''
    : html` <span class="badge danger" title="The form carries the MerchantKey">키 노출</span>`
}<br><span class="small faint code">${call.method} ${call.address}</span></td>
<td class="money right number">${call.direction === 'out' && call.status === undefined && call.durationMs === 0 ? '' : formatElapsed(call.durationMs)}</td>
<td class="state">${resultBadge(call)}</td>
</tr>`

const emptyState = (isWhole: boolean): SafeHtml =>
  isWhole
    ? html`<section class="card empty">
<svg viewBox="0 0 64 64" fill="none" stroke="currentColor" stroke-width="3" stroke-linejoin="round" stroke-linecap="round" aria-hidden="true"><path d="M10 22h38m0 0-9-9m9 9-9 9M54 44H16m0 0 9-9m-9 9 9 9"/></svg>
<h2>아직 요청이 없습니다</h2><p class="soft">상점이 결제창을 열거나 승인을 요청하면 여기에 나타납니다.</p></section>`
    : html`<section class="card empty"><p class="soft">조건에 맞는 요청이 없습니다.</p></section>`

export const routeOf = ({ kind }: RecordedCall): string => {
  const { from, to } = kindText[kind]
  return `${partyText[from].ko} → ${partyText[to].ko}`
}
