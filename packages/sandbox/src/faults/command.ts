import type { LocalizedText } from '@sspay/protocol'
import { askConsole, type ConsoleRequest, consoleUrlOf, printAnswer } from '../command-line/ask-console.ts'
import { type Call, consoleOption, defineCommand, jsonOption, usualExitCodes } from '../command-line/command.ts'
import { linkNames, links } from './links.ts'
import { faultNames, faultPattern, faultTable } from './model.ts'
import { readRule } from './read-rule.ts'

const added = ['add'] as const

const options = {
  times: { value: 'N', verbs: added, ko: 'N번만', en: 'only N times' },
  order: { value: 'ID', verbs: added, ko: '이 주문만', en: 'only this order' },
  transaction: { value: 'ID', verbs: added, ko: '이 거래만', en: 'only this transaction' },
  probability: { value: '0.3', verbs: added, ko: '요청 중 일부만', en: 'only this share of the requests' },
  seed: {
    value: '7',
    verbs: added,
    ko: '난수 시드. 같으면 같은 요청에',
    en: 'random seed: the same seed, the same requests',
  },
  console: consoleOption,
  json: jsonOption,
} as const

type FaultsCall = Call<typeof options>

export const faultsCommand = defineCommand({
  name: 'faults',
  summary: { ko: '실행 중인 샌드박스에 장애를 일으킵니다', en: 'injects faults into a running sandbox' },
  verbs: {
    list: { ko: '지금 있는 규칙', en: 'the current rules' },
    add: { operands: ['LINK', 'FAULT'], ko: '규칙 추가', en: 'adds a rule' },
    remove: { operands: ['ID'], ko: '규칙 하나 지우기', en: 'removes a rule' },
    clear: { ko: '모두 지우기', en: 'removes all' },
  },
  options,
  sections: [
    { title: { ko: '구간 LINK', en: 'LINK' }, rows: linkNames.map((name) => [name, links[name]]) },
    {
      title: { ko: '장애 FAULT', en: 'FAULT' },
      rows: faultNames.map((name) => [faultPattern(name), faultTable[name]]),
    },
  ],
  exitCodes: usualExitCodes,
  examples: [
    {
      line: 'sspay faults add approval cut=120 --times 1',
      ko: '다음 승인 응답을 120바이트에서 끊기',
      en: 'cuts the next approval response after 120 bytes',
    },
    {
      line: 'sspay faults add card-network-authorize hang=after --probability 0.1 --seed 7',
      ko: '카드사가 열 번에 한 번 응답하지 않음',
      en: 'one in ten authorizations gets no response',
    },
    { line: 'sspay faults clear', ko: '모두 지우기', en: 'removes all' },
  ],
  findProblem: ({ verb, operands, values }) => {
    if (verb !== 'add') return undefined
    const read = readRule(fieldsOf(operands, values))
    return read.ok ? undefined : read.problem
  },
  async run(call) {
    const { path, ...request } = requestOf(call)
    const url = `${consoleUrlOf(call.values.console, call.terminal)}/sandbox/faults/rules${path}`
    return printAnswer(call, await askConsole<Json>(url, request), (json) => describe(json, call.t))
  },
})

type Json = Readonly<Record<string, unknown>>
type Translate = FaultsCall['t']

const fieldsOf = (
  [link = '', fault]: readonly string[],
  { order, transaction, probability, seed, times }: FaultsCall['values'],
) => ({ link, fault, orderId: order, transactionId: transaction, probability, seed, times })

function requestOf({ verb, operands, values }: FaultsCall): ConsoleRequest & { readonly path: string } {
  if (verb === 'add') return { path: '', json: fieldsOf(operands, values) }
  if (verb === 'list') return { path: '' }
  return { method: 'DELETE', path: verb === 'clear' ? '' : `/${encodeURIComponent(operands[0] ?? '')}` }
}

function describe({ rules, rule, removed, error }: Json, t: Translate): string {
  if (removed === 0) return `${t({ ko: '그런 규칙이 없습니다', en: 'no such rule' })}\n`
  if (removed !== undefined) return `${t({ ko: '지운 규칙', en: 'removed' })}: ${removed}\n`
  if (error !== undefined) return `${t(error as LocalizedText)}\n`
  const shown = (rule === undefined ? rules : [rule]) as readonly Json[]
  return shown.length === 0
    ? `${t({ ko: '규칙이 없습니다', en: 'no rules' })}\n`
    : shown.map((one) => describeOne(one, t)).join('')
}

function describeOne(rule: Json, t: Translate): string {
  const { ruleId, link, fault, times, orderId, transactionId, probability, seed } = rule
  const conditions = [
    orderId && `order ${orderId}`,
    transactionId && `transaction ${transactionId}`,
    probability !== 1 && `probability ${probability} seed ${seed}`,
  ].filter(Boolean)
  const left = t(times === undefined ? { ko: '계속', en: 'always' } : { ko: `${times}번 남음`, en: `${times} left` })
  const columns = [String(ruleId).padStart(4), String(fault).padEnd(14), String(link).padEnd(24), left]
  return `${`${columns.join('  ')}  ${conditions.join(', ')}`.trimEnd()}\n`
}
