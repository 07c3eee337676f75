import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import { findField, type LoggedTable, loggedTables } from '../request-log/field-tables.ts'
import type { CallExplanation, MaskedFields, RecordedCall } from '../request-log/model.ts'
import { writeCurl } from '../request-log/write-curl.ts'
import type { SafeHtml } from './frame.ts'
import { code, fact } from './parts.ts'
import { callTitle, resultBadge, routeOf } from './requests-page.ts'
import { isHandOver, requestsTimeline } from './requests-timeline.ts'
import { formatMoment, sensitivityText, warningText } from './requests-wording.ts'
import { formatElapsed } from './wording.ts'

/** One call: its reason, its fields, the command that sends it again, and the timeline of its payment. */
export function requestsCallPage(call: RecordedCall, ofPayment: readonly RecordedCall[]): SafeHtml {
  const tables = loggedTables[call.kind]
  const command = writeCurl(call)
  const curl = command === undefined ? html`` : curlCard(command)
  const isLeftShorter = countOf(call.request) + countOf(call.encrypted) < countOf(call.answer)
  return html`<a class="crumb" href="/requests">← 요청 로그</a>
<div class="page-head"><div><h1>${callTitle(call)}</h1>
<p class="soft code">${call.method} ${call.address}</p></div>${resultBadge(call, 'big')}</div>
${call.warnings.map((warning) => html`<div class="notice danger gap" role="alert" data-warning="${warning}">${bothText(warningText[warning])}</div>`)}
${why(call)}
<section class="card"><dl class="call-facts">${factsOf(call)}</dl></section>
<div class="columns call-halves"><div>
${fieldsCard(titleOf(call), tables.request, call.request, call)}
${call.encrypted === undefined ? '' : fieldsCard('EncData 안의 값', tables.encrypted ?? {}, call.encrypted, call)}
${isLeftShorter ? curl : ''}
</div><div>
${fieldsCard('응답', tables.answer, call.answer, call)}
${isLeftShorter ? '' : curl}
</div></div>
${requestsTimeline(ofPayment, call.id)}`
}

const countOf = (fields: MaskedFields = {}): number => Object.keys(fields).length

const titleOf = (call: RecordedCall): string => (isHandOver(call) ? '상점이 받는 값' : '요청')

const bothText = ({ ko, en }: LocalizedText): SafeHtml =>
  html`<p class="strong">${ko}</p><p class="small" lang="en">${en}</p>`

/** The reason, the explanation, and the fields to check. */
function why(call: RecordedCall): SafeHtml {
  const { explanation, problems, reason, result } = call
  if (result === 'ok' && explanation === undefined && problems.length === 0) return html``
  return html`<section class="card gap why" data-why>
${reason === undefined ? '' : html`<h2 class="card-title">${call.code === undefined ? '' : html`<span class="code">${call.code}</span> `}${reason.ko} <span class="small soft" lang="en">${reason.en}</span></h2>`}
${explanation === undefined ? '' : html`<div class="notice info" data-explanation>${bothText(explanation.words)}${explanation.joined === undefined ? '' : html`<p class="small">서명할 값 <code>${explanation.joined}</code></p>`}${mistakesOf(explanation)}</div>`}
${problemsOf(problems)}
</section>`
}

const mistakesOf = ({ mistakes }: CallExplanation): SafeHtml =>
  mistakes.length === 0
    ? html``
    : html`<p class="small" title="Names of the mistakes, for programs">실수 이름 ${mistakes.map((mistake) => html`<code>${mistake}</code> `)}</p>`

/** Fields that only the comparison names share one line. */
function problemsOf(problems: RecordedCall['problems']): SafeHtml {
  const compared = problems.filter(({ rule }) => rule === 'compare')
  const broken = problems.filter(({ rule }) => rule !== 'compare')
  return html`${compared.length === 0 ? '' : html`<p class="small compared" title="Look at these fields">확인할 값 ${compared.map(({ field }) => html`<code>${field}</code> `)}</p>`}
${broken.length === 0 ? '' : html`<ul class="problems">${broken.map(({ ko, en }) => html`<li>${ko}<br><span class="small faint" lang="en">${en}</span></li>`)}</ul>`}`
}

const factsOf = (call: RecordedCall): readonly SafeHtml[] => [
  fact('방향', routeOf(call)),
  fact('시각', formatMoment(call.startedAt)),
  fact('걸린 시간', isHandOver(call) ? undefined : html`<span class="number">${formatElapsed(call.durationMs)}</span>`),
  fact('HTTP 상태', call.status === undefined ? undefined : code(String(call.status))),
  fact('상점', code(call.merchantId)),
  fact('주문번호', code(call.orderId)),
  fact(
    '거래번호',
    call.transactionId === undefined
      ? undefined
      : html`<a class="code" href="/payments/${call.transactionId}">${call.transactionId}</a>`,
  ),
  fact('Content-Type', code(call.contentType)),
  fact('문자 집합', code(call.charset)),
  fact('번호', code(String(call.id))),
]

function fieldsCard(title: string, table: LoggedTable, fields: MaskedFields, { kind }: RecordedCall): SafeHtml {
  const entries = Object.entries(fields)
  if (entries.length === 0) return kind === 'step' && title === '요청' ? typedNote : html``
  return html`<section class="card"><h2 class="card-title">${title}</h2><div class="table-scroll"><table class="table masked fields"><tbody>${entries.map(
    ([wireName, text]) => fieldRow(table, wireName, text),
  )}</tbody></table></div></section>`
}

const typedNote = html`<section class="card"><h2 class="card-title">요청</h2><p class="soft" title="What a buyer types is never recorded">구매자가 입력한 값은 남기지 않습니다.</p></section>`

function fieldRow(table: LoggedTable, wireName: string, text: string): SafeHtml {
  const field = findField(table, wireName)
  const sensitivity = field?.sensitivity ?? 'unknown'
  const { ko, en } = sensitivityText[sensitivity]
  return html`<tr data-sensitivity="${sensitivity}"><td><span class="code">${wireName}</span><span class="small faint">${field?.label ?? ''}</span></td><td><span class="code">${text === '' ? html`<span class="faint">(빈 값)</span>` : text}</span>${
    sensitivity === 'public' ? '' : html`<span class="small faint" title="${en}">${ko}</span>`
  }</td></tr>`
}

const curlCard = (
  curl: string,
): SafeHtml => html`<section class="card"><div class="curl-head"><h2>curl</h2><button class="button secondary small-button" type="button" hidden data-copy="curl" data-done="복사했습니다" title="Copy as curl">curl로 복사</button></div>
<p class="small soft" title="Fill in the masked values">가린 값은 <code>&lt;이름&gt;</code>으로 적었습니다. 채워서 실행하세요.</p>
<pre id="curl" tabindex="0"><code>${curl}</code></pre></section>`

export const callCss = `
.call-facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 16px 24px; margin: 0; }
.call-facts dt { color: var(--ink-faint); font-size: 13px; }
.call-facts dd { margin: 2px 0 0; overflow-wrap: anywhere; }
.call-halves { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); margin-top: 18px; }
.why .compared { margin-top: 12px; }
.gap { margin-bottom: 18px; }
.why .problems { margin: 12px 0 0; padding-left: 20px; }
.why .problems li + li { margin-top: 6px; }
.why code, .notice code { word-break: break-all; }
.curl-head [hidden] { display: none; }
.curl-head { display: flex; align-items: center; justify-content: space-between; gap: 12px; margin-bottom: 8px; }
.columns pre { margin: 12px 0 0; max-height: 340px; font-size: 13px; }
.table.fields td { padding: 7px 8px; } .table.fields td:first-child { width: 42%; padding-left: 0; }
@media (max-width: 760px) { .call-halves { grid-template-columns: minmax(0, 1fr); } .call-facts { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
`

/** Shows the copy buttons, each for the element that it names. Without the script the text can be selected. */
export const copyScript = `(function () {
  function select(element) {
    var range = document.createRange()
    range.selectNodeContents(element)
    var selection = window.getSelection()
    selection.removeAllRanges()
    selection.addRange(range)
  }
  function copy(button) {
    var source = document.getElementById(button.getAttribute('data-copy'))
    var words = button.textContent
    function done() {
      button.textContent = button.getAttribute('data-done')
      setTimeout(function () { button.textContent = words }, 2000)
    }
    function fallBack() {
      select(source)
      if (document.execCommand('copy')) done()
    }
    if (!navigator.clipboard) return fallBack()
    navigator.clipboard.writeText(source.textContent).then(done, fallBack)
  }
  Array.prototype.forEach.call(document.querySelectorAll('[data-copy]'), function (button) {
    button.hidden = false
    button.addEventListener('click', function () { copy(button) })
  })
})()`
