import type { ConsoleLink } from '@sspay/gateway'
import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import type { TokenFor } from '../own-forms.ts'
import { noteText, toolPage } from '../tool-page.ts'
import { type Link, linkNames, links as linkTable } from './links.ts'
import { faultNames, faultPattern, faultTable, writeFault } from './model.ts'
import type { RuleFields } from './read-rule.ts'
import type { FaultRule } from './rules.ts'

type Html = ReturnType<TokenFor>

export interface FaultsPage {
  readonly rules: readonly FaultRule[]
  readonly links: readonly ConsoleLink[]
  readonly status: 200 | 400 | 403
  readonly tokenFor: TokenFor
  /** The problem of a rejected rule, and the rule. */
  readonly problem?: LocalizedText | undefined
  readonly given?: RuleFields | undefined
}

const css = `
.fault-fields { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 16px; }
.fault-fields .field { margin-top: 14px; } .fault-fields .field:first-child { grid-column: 1 / -1; }
.spent td:not(:last-child) { color: var(--ink-faint); }
.list-head { display: flex; align-items: center; justify-content: space-between; gap: 12px; }
@media (min-width: 900px) { .fault-fields { grid-template-columns: repeat(4, minmax(0, 1fr)); } .fault-fields .field:first-child { grid-column: auto; } }
.fault-header { display: inline-block; white-space: nowrap; }
.fault-kinds { margin-bottom: 10px; }
.presets { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 12px; }
.presets form { margin: 0; }
`

/** The rules, a form to add one, and the list of faults. */
export const faultsPage = ({ rules, links, status, problem, given = {}, tokenFor }: FaultsPage): Promise<Response> =>
  toolPage({
    title: '장애 주입',
    active: '/sandbox/faults',
    links,
    css,
    status,
    intro: {
      ko: '정한 구간의 요청에 장애를 일으킵니다. 규칙은 샌드박스를 끌 때까지 남습니다.',
      en: 'Injects faults into the requests on a link. Rules last until the sandbox stops.',
    },
    body: html`${presetForms(tokenFor(addPath))}
${addForm(tokenFor(addPath), problem, given)}
${rules.length === 0 ? noRules : ruleList(rules, tokenFor(removePath))}
${faultList()}`,
  })

const addPath = '/sandbox/faults/add'
const removePath = '/sandbox/faults/remove'

/** The faults that a shop should have met before it takes money, for the next request each. */
const presets: readonly { readonly ko: string; readonly link: Link; readonly fault: string }[] = [
  { ko: '승인 응답 끊기', link: 'approval', fault: 'cut=120' },
  { ko: '승인한 뒤 무응답', link: 'approval', fault: 'hang=after' },
  { ko: '카드사 무응답', link: 'card-network-authorize', fault: 'hang=after' },
  { ko: '취소 응답 끊기', link: 'cancel', fault: 'reset-after' },
  { ko: '재통보 실패', link: 'notification', fault: 'close' },
]

const presetForms = (token: Html) => html`<section class="card"><h2 class="card-title">자주 쓰는 장애</h2>
<p class="soft small" title="Each strikes the next request">누르면 다음 요청 하나에 일어납니다.</p>
<div class="presets">${presets.map(
  ({ ko, link, fault }) =>
    html`<form method="post" action="${addPath}">${token}<input type="hidden" name="link" value="${link}"><input type="hidden" name="fault" value="${fault}"><button class="button secondary small-button" type="submit" name="times" value="1">${ko}</button></form>`,
)}</div></section>`

const addForm = (token: Html, problem: LocalizedText | undefined, given: RuleFields) => html`<section class="card">
<h2 class="card-title">규칙 추가</h2>
${problem === undefined ? '' : html`<p class="notice danger" role="alert" title="${problem.en}">${problem.ko}</p>`}
<form method="post" action="${addPath}">${token}
<div class="fault-fields">
<div class="field"><label for="link" title="Link">구간</label><select id="link" name="link">${linkNames.map(
  (name) =>
    html`<option value="${name}"${given.link === name ? html` selected` : ''}>${name} · ${linkTable[name].ko}</option>`,
)}</select></div>
${textField('fault', '장애', 'Fault', given, 'cut=120', true)}
${textField('times', '횟수', 'Times', given, '계속')}
${textField('orderId', '주문번호', 'Order', given, '모두')}
${textField('transactionId', '거래번호', 'Transaction', given, '모두')}
${textField('probability', '확률(0~1)', 'Probability', given, '1')}
${textField('seed', '난수 시드', 'Seed', given, '자동')}
</div>
<div class="actions"><button class="button" type="submit">추가</button></div>
</form></section>`

const textField = (name: string, ko: string, en: string, given: RuleFields, placeholder: string, isRequired = false) =>
  html`<div class="field"><label for="${name}" title="${en}">${ko}</label><input id="${name}" name="${name}" type="text" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="${placeholder}" value="${String(given[name] ?? '')}"${isRequired ? html` required` : ''}></div>`

const noRules = html`<section class="card empty"><h2>규칙이 없습니다</h2>
<p class="soft" title="Every request is processed as usual">모든 요청이 평소처럼 처리됩니다.</p></section>`

const ruleList = (rules: readonly FaultRule[], token: Html) => html`<section class="card stacked">
<div class="list-head"><h2>규칙 ${rules.length}개</h2><form method="post" action="${removePath}">${token}<button class="button quiet small-button" type="submit">모두 지우기</button></form></div>
<table class="table"><thead><tr><th>장애</th><th>구간</th><th>대상</th><th>남은 횟수</th><th><span class="visually-hidden">지우기</span></th></tr></thead>
<tbody>${rules.map((rule) => ruleRow(rule, token))}</tbody></table></section>`

const ruleRow = (
  rule: FaultRule,
  token: Html,
) => html`<tr class="fault-rule ${rule.timesLeft === 0 ? 'spent' : ''}" data-rule="${rule.ruleId}">
<td><span class="code strong">${writeFault(rule.fault)}</span></td>
<td>${linkTable[rule.link].ko}<br><span class="code faint">${rule.link}</span></td>
<td class="whole">${targetOf(rule)}</td>
<td>${timesOf(rule)}</td>
<td><form method="post" action="${removePath}">${token}<button class="button secondary small-button" type="submit" name="ruleId" value="${rule.ruleId}" aria-label="규칙 ${rule.ruleId} 지우기">지우기</button></form></td></tr>`

function targetOf({ orderId, transactionId, probability, seed }: FaultRule) {
  const payment = [orderId && `주문 ${orderId}`, transactionId && `거래 ${transactionId}`].filter(Boolean).join(', ')
  const chance = probability < 1 ? html`<br><span class="small faint">확률 ${probability}, 시드 ${seed}</span>` : ''
  return html`${payment || '모든 요청'}${chance}`
}

function timesOf({ timesLeft }: FaultRule) {
  if (timesLeft === undefined) return html`<span class="badge warning">계속</span>`
  return timesLeft === 0
    ? html`<span class="badge">끝남</span>`
    : html`<span class="badge warning">${timesLeft}번</span>`
}

const faultList = () => html`<section class="card stacked"><h2 class="card-title">장애의 종류</h2>
<p class="soft small fault-kinds" title="For a single request, as a header">요청 하나에만 일으키려면 헤더로 보냅니다. <code class="fault-header">X-SSPay-Fault: cut=120</code></p>
<table class="table"><thead><tr><th>쓰는 법</th><th>하는 일</th></tr></thead>
<tbody>${faultNames.map(
  (name) =>
    html`<tr><td class="whole"><span class="code strong">${faultPattern(name)}</span></td><td class="whole">${noteText(faultTable[name])}</td></tr>`,
)}</tbody></table></section>`
