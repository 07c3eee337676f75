import type { Runtime } from '@sspay/gateway'
import { readDuration, realRuntime } from '@sspay/gateway/tools'
import type { LocalizedText } from '@sspay/protocol'
import { koreanTime } from '@sspay/protocol/internal'
import { askConsole, type ConsoleAnswer, consoleUrlOf, printAnswer } from '../command-line/ask-console.ts'
import { columns } from '../command-line/columns.ts'
import { type Call, consoleOption, defineCommand, jsonOption, usualExitCodes } from '../command-line/command.ts'
import { addMonths } from './add-months.ts'
import type { ClockReading } from './route.ts'
import { createClock } from './shifted-runtime.ts'

/** The clock of that sandbox, which dates payment requests; the real time for another gateway. */
export async function runtimeAt(consoleUrl: string): Promise<Runtime> {
  const answer = await askConsole<Partial<ClockReading>>(`${consoleUrl}/sandbox/clock`)
  const clock = createClock(realRuntime)
  clock.setAhead(answer?.json.aheadMs ?? 0)
  return clock.runtime
}

const options = { console: consoleOption, json: jsonOption } as const

type ClockCall = Call<typeof options>
type Json = ClockReading & { readonly error?: LocalizedText }

/** Payment requests dated with the real time are rejected when the clock is further ahead than this. */
const maxFormAgeMs = 24 * 60 * 60_000

export const clockCommand = defineCommand({
  name: 'clock',
  summary: { ko: '샌드박스의 시계를 보고 옮깁니다', en: "shows and sets the sandbox's clock" },
  verbs: {
    show: { ko: '지금 시각', en: 'the current time' },
    set: { operands: ['TIME'], ko: '그 시각으로', en: 'sets it to that time' },
    advance: {
      operands: ['DURATION'],
      ko: '그만큼 앞으로: 90s, 11m, 25h, 2d, 1h30m, 3mo(달)',
      en: 'moves it forward; mo: months',
    },
    reset: { ko: '실제 시각으로', en: 'back to the real time' },
  },
  options,
  notes: [
    {
      ko: '앞으로 옮기면 그 사이에 할 일이 바로 일어납니다: 결제창과 승인 인증키가 만료되고, 재통보를 다시 보내고, 결과를 모르는 결제를 망취소합니다.\nTIME에 시간대가 없으면 한국 시각입니다. 샌드박스를 다시 시작하면 실제 시각으로 돌아갑니다.',
      en: 'Moving it forward runs everything that becomes due: windows and approval tickets expire, notifications are retried, indeterminate payments are reversed.\nA TIME without an offset is Korean time. A restart of the sandbox returns to the real time.',
    },
  ],
  exitCodes: usualExitCodes,
  examples: [
    { line: 'sspay clock advance 11m', ko: '승인 인증키(10분) 만료', en: 'approval tickets (ten minutes) expire' },
    { line: 'sspay clock advance 1mo', ko: '다음 달 정기결제', en: 'the next monthly charges' },
    { line: "sspay clock set '2030-12-31 23:59'", ko: '한국 시각으로', en: 'in Korean time' },
    { line: 'sspay clock reset', ko: '실제 시각으로', en: 'back to the real time' },
  ],
  findProblem({ verb, operands: [given = ''] }) {
    if (verb === 'advance' && advanced(new Date(0), given) === undefined)
      return {
        ko: `${given}: 90s, 11m, 25h, 2d, 1h30m, 3mo 처럼 적습니다`,
        en: `${given}: write 90s, 11m, 25h, 2d, 1h30m or 3mo`,
      }
    if (verb === 'set' && readMoment(given) === undefined)
      return {
        ko: `${given}: 2030-12-31T09:00+09:00, '2030-12-31 09:00' 또는 20301231090000`,
        en: `${given}: write 2030-12-31T09:00+09:00, '2030-12-31 09:00' or 20301231090000`,
      }
    return undefined
  },
  async run(call) {
    const url = `${consoleUrlOf(call.values.console, call.terminal)}/sandbox/clock`
    return printAnswer(call, await moveClock(url, call), (json) =>
      json.error === undefined ? describe(json, call) : `${call.t(json.error)}\n`,
    )
  },
})

async function moveClock(
  url: string,
  { verb, operands: [given = ''] }: ClockCall,
): Promise<ConsoleAnswer<Json> | undefined> {
  const known = await askConsole<Json>(url)
  if (known === undefined || !known.isDone || verb === 'show') return known
  const { now, aheadMs } = known.json
  if (verb === 'reset') return askConsole<Json>(url, { json: { aheadMs: 0 } })
  const moment = verb === 'advance' ? advanced(new Date(now), given) : readMoment(given)
  return askConsole<Json>(url, { json: { aheadMs: aheadMs + (moment?.getTime() ?? Number.NaN) - Date.parse(now) } })
}

/** Undefined when `given` is no duration. */
function advanced(now: Date, given: string): Date | undefined {
  const months = /^([1-9][0-9]{0,2})mo$/.exec(given)?.[1]
  if (months !== undefined) return addMonths(now, Number(months))
  const durationMs = readDuration(given)
  return durationMs === undefined ? undefined : new Date(now.getTime() + durationMs)
}

function describe({ now, aheadMs }: Json, { t }: ClockCall): string {
  const rows = [
    [t({ ko: '샌드박스', en: 'sandbox' }), `${koreanTime(new Date(now))} KST`],
    [t({ ko: '실제와 차이', en: 'ahead of real time' }), describeShift(aheadMs)],
  ]
  const warning =
    aheadMs > maxFormAgeMs
      ? {
          ko: '  실제 시각으로 EdiDate를 만드는 상점의 결제 요청은 너무 오래되었다고 거절됩니다(S003).',
          en: '  Payment requests that a shop dates with the real time are rejected as too old (S003).',
        }
      : undefined
  return `${columns(rows)}${warning === undefined ? '' : `${t(warning)}\n`}`
}

/** `+1d 01:00:00`. */
function describeShift(aheadMs: number): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1_000)
  const days = Math.floor(seconds / 86_400)
  const time = new Date((seconds % 86_400) * 1_000).toISOString().slice(11, 19)
  return aheadMs === 0 ? '0' : `${aheadMs < 0 ? '-' : '+'}${days === 0 ? '' : `${days}d `}${time}`
}

/** ISO 8601, date and time, or 14 digits like EdiDate; Korean time without an offset. */
export function readMoment(text: string): Date | undefined {
  const digits = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text)
  const written = digits === null ? text : `${digits.slice(1, 4).join('-')}T${digits.slice(4).join(':')}`
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(written)
  if (parts === null) return undefined
  const [, day = '', time = '00:00', seconds = ':00', offset = '+09:00'] = parts
  const moment = new Date(`${day}T${time}${seconds}${offset}`)
  // Rejects a day that does not exist, such as 31 June.
  const isDay = new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) === true
  return isDay && !Number.isNaN(moment.getTime()) ? moment : undefined
}
