import { parseArgs } from 'node:util'
import { readPort } from './addresses.ts'
import type { Terminal } from './terminal.ts'

const states = ['waiting', 'delivered', 'resting', 'unaddressed'] as const

const notificationsHelp = `sspay notifications — 상점에 보내는 재통보 / the notices to the shops

  list                      최근 통보 / the newest notices
    --state STATE           ${states.join(' | ')}
    --transaction ID        한 결제의 통보 / of one payment
    --limit NUMBER          최대 500, 기본 50 / at most 500, 50 by default
  resend TRANSACTION_ID     마지막 통보를 다시 보냄 / sends the newest notice of that payment again
    --sequence NUMBER       다른 통보를 고름 / chooses another one

  --console URL             콘솔 주소 / the console (http://localhost:4620, SSPAY_CONSOLE_PORT)
  --json                    JSON 한 줄 / one line of JSON

종료 코드 / exit codes: 0 완료 done · 1 거절 refused · 2 잘못된 옵션 wrong options · 3 콘솔 응답 없음 no console
`

const exitCodes = { done: 0, refused: 1, usage: 2, unreachable: 3 } as const
const timeoutMs = 5_000

const flags = {
  state: { type: 'string' },
  transaction: { type: 'string' },
  limit: { type: 'string', default: '50' },
  sequence: { type: 'string' },
  console: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

type Flags = ReturnType<typeof parseArgs<{ options: typeof flags }>>['values']

type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'problem'; readonly sentence: string }
  | { readonly kind: 'list'; readonly query: string; readonly given: Flags }
  | { readonly kind: 'resend'; readonly transactionId: string; readonly given: Flags }

interface ListedNotice {
  readonly transactionId: string
  readonly sequence: number
  readonly state: string
  readonly attempts: number
  readonly lastResult?: string
  readonly nextAttemptAt?: string
  readonly deliveredAt?: string
}

interface Answer {
  readonly isDone: boolean
  readonly json: { readonly notices?: readonly ListedNotice[]; readonly result?: string; readonly message?: string }
}

/** The command `sspay notifications`. Returns the exit code: 0 done, 1 refused, 2 wrong options, 3 no console. */
export async function runNotifications(
  given: readonly string[],
  { output, errors, environment }: Terminal,
): Promise<number> {
  const command = readCommand(given)
  if (command.kind === 'help') {
    output.write(notificationsHelp)
    return exitCodes.done
  }
  if (command.kind === 'problem') {
    errors.write(`${command.sentence}\nsspay notifications --help\n`)
    return exitCodes.usage
  }
  const consoleUrl = command.given.console ?? `http://localhost:${readPort('console', environment)}`
  const answer = await (command.kind === 'list'
    ? askConsole(`${consoleUrl}/api/notifications?${command.query}`)
    : resend(consoleUrl, command.transactionId, command.given.sequence))
  if (answer === undefined) {
    errors.write(`${consoleUrl} 에서 콘솔이 응답하지 않습니다 / no console answers there\n`)
    return exitCodes.unreachable
  }
  output.write(command.given.json ? `${JSON.stringify(answer.json)}\n` : describe(answer))
  return answer.isDone ? exitCodes.done : exitCodes.refused
}

function readCommand(given: readonly string[]): Command {
  let values: Flags
  let positionals: readonly string[]
  try {
    ;({ values, positionals } = parseArgs({ args: [...given], options: flags, allowPositionals: true }))
  } catch (cause) {
    return { kind: 'problem', sentence: cause instanceof Error ? cause.message : String(cause) }
  }
  if (values.help || given.length === 0) return { kind: 'help' }
  const sentence = problemOf(values, positionals)
  if (sentence !== undefined) return { kind: 'problem', sentence }
  const [verb, transactionId = ''] = positionals
  return verb === 'list'
    ? { kind: 'list', query: queryOf(values), given: values }
    : { kind: 'resend', transactionId, given: values }
}

function problemOf(values: Flags, [verb, transactionId, ...rest]: readonly string[]): string | undefined {
  const isId = (text: string): boolean => /^[A-Za-z0-9]{1,30}$/.test(text)
  if (verb !== 'list' && verb !== 'resend') return `${verb ?? ''}: list 또는 resend / list or resend`
  if (verb === 'list' && transactionId !== undefined)
    return `${transactionId}: list 뒤에 올 수 없습니다 / not after list`
  if (verb === 'resend' && !isId(transactionId ?? '')) return '거래번호가 필요합니다 / resend needs a transaction id'
  if (rest.length > 0) return `${rest.join(' ')}: 없는 인자입니다 / there is no such argument`
  if (values.state !== undefined && !states.some((state) => state === values.state))
    return `--state: ${states.join(' | ')}`
  if (values.transaction !== undefined && !isId(values.transaction)) return '--transaction: 거래번호 / a transaction id'
  if (!/^[1-9][0-9]{0,2}$/.test(values.limit) || Number(values.limit) > 500) return '--limit: 1~500'
  if (values.sequence !== undefined && !/^[1-9][0-9]{0,8}$/.test(values.sequence)) return '--sequence: 숫자 / a number'
  if (values.console !== undefined && !/^https?:\/\/[^/]+$/.test(values.console)) return '--console: http://HOST:PORT'
  return undefined
}

function queryOf({ state, transaction, limit }: Flags): string {
  const query = new URLSearchParams({ limit })
  if (state !== undefined) query.set('state', state)
  if (transaction !== undefined) query.set('transactionId', transaction)
  return String(query)
}

async function resend(
  consoleUrl: string,
  transactionId: string,
  sequence: string | undefined,
): Promise<Answer | undefined> {
  const known = await askConsole(`${consoleUrl}/api/notifications?transactionId=${transactionId}`)
  if (known === undefined) return undefined
  const newest = known.json.notices?.at(-1)?.sequence ?? 1
  return askConsole(`${consoleUrl}/api/notifications/resend`, { transactionId, sequence: Number(sequence ?? newest) })
}

/** Undefined when nobody answers there, or somebody who is no console. */
async function askConsole(url: string, content?: unknown): Promise<Answer | undefined> {
  try {
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) }
    const answer = await fetch(url, { ...(content === undefined ? {} : post), signal: AbortSignal.timeout(timeoutMs) })
    return { isDone: answer.ok, json: (await answer.json()) as Answer['json'] }
  } catch {
    return undefined
  }
}

function describe({ json }: Answer): string {
  const { notices, message, result } = json
  if (notices === undefined) return `${message ?? result ?? ''}\n`
  if (notices.length === 0) return '통보가 없습니다 / no notices\n'
  return notices.map((notice) => `${describeNotice(notice)}\n`).join('')
}

const describeNotice = ({ transactionId, sequence, state, attempts, ...rest }: ListedNotice): string => {
  const { lastResult = '-', nextAttemptAt, deliveredAt } = rest
  const at = deliveredAt ?? (nextAttemptAt === undefined ? '' : `→ ${nextAttemptAt}`)
  return `${transactionId} ${String(sequence).padStart(2)}  ${state.padEnd(11)} ${attempts}  ${lastResult}  ${at}`.trimEnd()
}
