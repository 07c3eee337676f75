import { parseArgs } from 'node:util'
import type { Words } from '@sspay/protocol'
import { type Environment, readPort } from './addresses.ts'
import { linkNames, links } from './faults/links.ts'
import { faultNames, faultPattern, faultTable } from './faults/model.ts'
import { readRule } from './faults/read-rule.ts'
import type { Terminal } from './terminal.ts'

const flags = {
  order: { type: 'string' },
  transaction: { type: 'string' },
  probability: { type: 'string' },
  seed: { type: 'string' },
  times: { type: 'string' },
  console: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: string
}

type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'problem'; readonly sentence: string }
  | { readonly kind: 'call'; readonly call: Call; readonly consoleUrl: string; readonly printsJson: boolean }

const exitCodes = { done: 0, refused: 1, usage: 2, unreachable: 3 } as const

/** The command `sspay faults`. Returns the exit code: 0 done, 1 refused or no such rule, 2 wrong options, 3 no sandbox. */
export async function runFaults(given: readonly string[], { output, errors, environment }: Terminal): Promise<number> {
  const command = readCommand(given, environment)
  if (command.kind === 'help') {
    output.write(faultsHelp)
    return exitCodes.done
  }
  if (command.kind === 'problem') {
    errors.write(`${command.sentence}\nsspay faults --help\n`)
    return exitCodes.usage
  }
  const { call, consoleUrl, printsJson } = command
  const answer = await askSandbox(`${consoleUrl}/sandbox/faults/rules`, call)
  if (answer === undefined) {
    errors.write(`${consoleUrl} 에서 샌드박스가 응답하지 않습니다 / no sandbox answers there: npm start\n`)
    return exitCodes.unreachable
  }
  if (printsJson) output.write(`${JSON.stringify(answer.json)}\n`)
  else if (answer.isDone) output.write(describe(answer.json))
  else errors.write(answer.json.removed === 0 ? '그런 규칙이 없습니다 / no such rule\n' : describe(answer.json))
  return answer.isDone ? exitCodes.done : exitCodes.refused
}

function readCommand(given: readonly string[], environment: Environment): Command {
  let parsed: ReturnType<typeof parseArgs<{ options: typeof flags; allowPositionals: true }>>
  try {
    parsed = parseArgs({ args: [...given], options: flags, allowPositionals: true })
  } catch (cause) {
    return { kind: 'problem', sentence: cause instanceof Error ? cause.message : String(cause) }
  }
  const { values, positionals } = parsed
  if (values.help || positionals.length === 0) return { kind: 'help' }
  const call = readCall(positionals, values)
  if (typeof call === 'string') return { kind: 'problem', sentence: call }
  const consoleUrl = values.console ?? `http://localhost:${readPort('console', environment)}`
  if (!URL.canParse(consoleUrl)) return { kind: 'problem', sentence: '--console: http://localhost:4620' }
  return { kind: 'call', call, consoleUrl: new URL(consoleUrl).origin, printsJson: values.json }
}

type Values = Readonly<Partial<Record<keyof typeof flags, string | boolean>>>

/** What to ask the sandbox for, or what is wrong. */
function readCall([verb = '', ...rest]: readonly string[], values: Values): Call | string {
  const [first = '', second] = rest
  const wanted = { list: 0, add: 2, remove: 1, clear: 0 }[verb]
  if (wanted === undefined) return `${verb}: list | add | remove | clear`
  if (rest.length !== wanted) return `${verb}: ${usages[verb as keyof typeof usages]}`
  if (verb === 'list') return { method: 'GET', path: '' }
  if (verb === 'clear') return { method: 'DELETE', path: '' }
  if (verb === 'remove') return { method: 'DELETE', path: `/${encodeURIComponent(first)}` }
  const { order: orderId, transaction: transactionId, probability, seed, times } = values
  const fields = { link: first, fault: second, orderId, transactionId, probability, seed, times }
  const read = readRule(fields)
  return read.ok
    ? { method: 'POST', path: '', body: JSON.stringify(fields) }
    : `${read.problem.ko} / ${read.problem.en}`
}

interface SandboxAnswer {
  readonly isDone: boolean
  readonly json: Readonly<Record<string, unknown>>
}

async function askSandbox(url: string, { method, path, body }: Call): Promise<SandboxAnswer | undefined> {
  try {
    const answer = await fetch(url + path, {
      method,
      signal: AbortSignal.timeout(3_000),
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
    })
    return { isDone: answer.ok, json: (await answer.json()) as SandboxAnswer['json'] }
  } catch {
    return undefined
  }
}

function describe({ rules, rule, removed, error }: SandboxAnswer['json']): string {
  if (removed !== undefined) return `지운 규칙 / removed: ${removed}\n`
  if (error !== undefined) return `${sentenceOf(error)}\n`
  const shown = (rule === undefined ? rules : [rule]) as readonly Readonly<Record<string, unknown>>[]
  return shown.length === 0 ? '규칙이 없습니다 / no rules\n' : shown.map(describeOne).join('')
}

function sentenceOf(error: unknown): string {
  const { ko, en } = error as Partial<Words>
  return ko === undefined || en === undefined ? String(error) : `${ko} / ${en}`
}

function describeOne({
  ruleId,
  link,
  fault,
  times,
  orderId,
  transactionId,
  probability,
  seed,
}: Readonly<Record<string, unknown>>): string {
  const conditions = [
    orderId && `order ${orderId}`,
    transactionId && `transaction ${transactionId}`,
    probability !== 1 && `probability ${probability} seed ${seed}`,
  ].filter(Boolean)
  const left = times === undefined ? '계속 / always' : `${times}번 남음 / ${times} left`
  return (
    `${String(ruleId).padStart(4)}  ${String(fault).padEnd(14)} ${String(link).padEnd(24)} ${left}  ${conditions.join(', ')}`.trimEnd() +
    '\n'
  )
}

const usages = {
  list: 'sspay faults list',
  add: 'sspay faults add LINK FAULT [--times N] [--order ID] …',
  remove: 'sspay faults remove ID',
  clear: 'sspay faults clear',
} as const

const row = (name: string, { ko, en }: { readonly ko: string; readonly en: string }): string =>
  `  ${name.padEnd(24)}${ko}\n${' '.repeat(26)}${en}\n`

const faultsHelp = `sspay faults — 실행 중인 샌드박스에 장애를 일으킵니다 / makes a running sandbox fail on demand

  ${usages.list}
  ${usages.add}
  ${usages.remove}
  ${usages.clear}

구간 / LINK
${linkNames.map((name) => row(name, links[name])).join('')}
장애 / FAULT
${faultNames.map((name) => row(faultPattern(name), faultTable[name])).join('')}
  --times N               N번만 / only so often
  --order ID              이 주문만 / only this order
  --transaction ID        이 거래만 / only this transaction
  --probability 0.3       요청 중 일부만 / only this part of the requests
  --seed 7                같은 씨앗이면 같은 요청에 / the same seed strikes the same requests
  --console URL           콘솔 주소, 기본 http://localhost:4620 (SSPAY_CONSOLE_PORT) / where the console is
  --json                  표준 출력에 JSON 하나 / one JSON object on stdout
  --help                  이 도움말 / this help

끝 코드 / exit code: 0 성공 / done   1 없는 규칙·거부 / no such rule, refused   2 잘못된 옵션 / wrong options   3 샌드박스 없음 / no sandbox

예 / examples
  npx sspay faults add approval cut=120 --times 1
  npx sspay faults add card-network-authorize hang=after --probability 0.1 --seed 7
`
