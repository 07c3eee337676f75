import type { LocalizedText } from '@sspay/protocol'

/** Before or after the work that was asked for is done. */
export type Moment = 'before' | 'after'

/** A fault to inject. */
export type Fault =
  | { readonly name: 'delay' | 'drip'; readonly milliseconds: number }
  | { readonly name: 'cut'; readonly bytes: number }
  | { readonly name: 'hang' | 'http-500'; readonly moment: Moment }
  | { readonly name: 'refuse' | 'reset-before' | 'reset-after' | 'garbage' | 'duplicate' }

export type FaultName = Fault['name']

export interface FaultRow extends LocalizedText {
  /** What stands behind the equals sign: `cut=120`. A moment may be left out. */
  readonly parameter: 'none' | 'milliseconds' | 'bytes' | 'moment'
  /** The moment of a fault that is written without one. */
  readonly moment?: Moment
}

/** Everything that can go wrong on demand. `X-SSPay-Fault`, rules and the command line write a fault as `name` or `name=parameter`. */
export const faultTable: Readonly<Record<FaultName, FaultRow>> = {
  refuse: {
    parameter: 'none',
    ko: '요청 본문을 읽기 전에 연결을 닫습니다. 처리하지 않습니다.',
    en: 'The connection is closed before the request is read. Nothing is done.',
  },
  'reset-before': {
    parameter: 'none',
    ko: '요청을 다 받은 뒤, 처리하기 전에 연결을 끊습니다(RST).',
    en: 'The request is read, then the connection is reset. Nothing is done.',
  },
  'reset-after': {
    parameter: 'none',
    ko: '처리를 끝내고, 응답 첫 바이트를 보내기 전에 연결을 끊습니다(RST).',
    en: 'The work is done, then the connection is reset before the first byte of the answer.',
  },
  cut: {
    parameter: 'bytes',
    ko: '처리를 끝내고, 응답 본문을 N바이트까지만 보낸 뒤 끊습니다(RST). Content-Length는 원래 길이입니다.',
    en: 'The work is done; N bytes of the body are sent under its full content-length, then the connection is reset.',
  },
  hang: {
    parameter: 'moment',
    moment: 'before',
    ko: '연결을 붙든 채 끝까지 응답하지 않습니다. before: 처리하지 않음, after: 처리한 뒤.',
    en: 'The connection stays open and is never answered: before the work (not done), or after it.',
  },
  delay: {
    parameter: 'milliseconds',
    ko: 'N밀리초 기다린 뒤 처리하고 응답합니다. 그동안 요청한 쪽이 떠나도 처리합니다.',
    en: 'The work and its answer come N ms later, also when the client has left by then.',
  },
  drip: {
    parameter: 'milliseconds',
    ko: '처리한 뒤 응답 본문을 N밀리초마다 1바이트씩 보냅니다.',
    en: 'The work is done; the body is sent one byte every N ms.',
  },
  duplicate: {
    parameter: 'none',
    ko: '같은 요청을 두 번 처리하고 두 번째 응답을 보냅니다.',
    en: 'The request is processed twice; the second answer is sent.',
  },
  garbage: {
    parameter: 'none',
    ko: '처리한 뒤 HTTP 200으로 뜻 없는 바이트를 보냅니다.',
    en: 'The work is done; the answer is HTTP 200 with meaningless bytes.',
  },
  'http-500': {
    parameter: 'moment',
    moment: 'after',
    ko: 'HTTP 500 화면을 보냅니다. before: 처리하지 않음, after: 처리한 뒤.',
    en: 'HTTP 500 with a page: before the work (not done), or after it.',
  },
}

export const faultNames = Object.keys(faultTable) as readonly FaultName[]

const longestMilliseconds = 600_000
const mostBytes = 10_000_000

/** `cut=120`, `hang=after`, `refuse`. Undefined for anything else. */
export function readFault(text: string): Fault | undefined {
  const [given = '', value, ...rest] = text.trim().split('=')
  const name = faultNames.find((known) => known === given)
  if (name === undefined || rest.length > 0) return undefined
  switch (name) {
    case 'delay':
    case 'drip': {
      const milliseconds = readCount(value, longestMilliseconds)
      return milliseconds === undefined ? undefined : { name, milliseconds }
    }
    case 'cut': {
      const bytes = readCount(value, mostBytes)
      return bytes === undefined ? undefined : { name, bytes }
    }
    case 'hang':
    case 'http-500': {
      const moment = value ?? faultTable[name].moment
      return moment === 'before' || moment === 'after' ? { name, moment } : undefined
    }
    default:
      return value === undefined ? { name } : undefined
  }
}

const readCount = (text: string | undefined, most: number): number | undefined =>
  /^[0-9]{1,8}$/.test(text ?? '') && Number(text) <= most ? Number(text) : undefined

/** What {@link readFault} reads. */
export function writeFault(fault: Fault): string {
  if ('milliseconds' in fault) return `${fault.name}=${fault.milliseconds}`
  if ('bytes' in fault) return `${fault.name}=${fault.bytes}`
  return 'moment' in fault ? `${fault.name}=${fault.moment}` : fault.name
}

/** How a fault of that name is written, for pages and help. */
export function faultPattern(name: FaultName): string {
  const parameters = { none: '', milliseconds: '=MS', bytes: '=N', moment: '[=before|after]' }
  return name + parameters[faultTable[name].parameter]
}
