import type { LocalizedText } from '@sspay/protocol'

/** Before or after the request is processed. */
export type Moment = 'before' | 'after'

/** A fault to inject. */
export type Fault =
  | { readonly name: 'delay' | 'drip'; readonly milliseconds: number }
  | { readonly name: 'cut'; readonly bytes: number }
  | { readonly name: 'hang' | 'http-500'; readonly moment: Moment }
  | { readonly name: 'close' | 'reset-before' | 'reset-after' | 'garbage' | 'duplicate' }

export type FaultName = Fault['name']

export interface FaultRow extends LocalizedText {
  /** After the equals sign: `cut=120`. A moment is optional. Absent: the fault has no parameter. */
  readonly parameter?: 'milliseconds' | 'bytes' | 'moment'
  readonly moment?: Moment
}

/** The faults that can be injected. Header, rules and command line write a fault as `name` or `name=parameter`. */
export const faultTable: Readonly<Record<FaultName, FaultRow>> = {
  close: {
    ko: '요청 본문을 읽기 전에 연결을 닫습니다. 처리하지 않습니다.',
    en: 'The connection is closed before the request is read. Not processed.',
  },
  'reset-before': {
    ko: '요청을 다 받은 뒤, 처리하기 전에 연결을 끊습니다(RST).',
    en: 'The request is read, then the connection is reset. Not processed.',
  },
  'reset-after': {
    ko: '처리를 끝내고, 응답 첫 바이트를 보내기 전에 연결을 끊습니다(RST).',
    en: 'Processed, then the connection is reset before the first byte of the response.',
  },
  cut: {
    parameter: 'bytes',
    ko: '처리를 끝내고, 응답 본문을 N바이트까지만 보낸 뒤 끊습니다(RST). Content-Length는 원래 길이입니다.',
    en: 'Processed; N bytes of the body are sent with the full Content-Length, then the connection is reset.',
  },
  hang: {
    parameter: 'moment',
    moment: 'before',
    ko: '연결을 붙든 채 끝까지 응답하지 않습니다. before: 처리하지 않음, after: 처리한 뒤.',
    en: 'The connection stays open without a response. before: not processed; after: processed.',
  },
  delay: {
    parameter: 'milliseconds',
    ko: 'N밀리초 기다린 뒤 처리하고 응답합니다. 그동안 요청한 쪽이 떠나도 처리합니다.',
    en: 'Processed and answered N ms later, even if the client has disconnected.',
  },
  drip: {
    parameter: 'milliseconds',
    ko: '처리한 뒤 응답 본문을 N밀리초마다 1바이트씩 보냅니다.',
    en: 'Processed; the body is sent one byte every N ms.',
  },
  duplicate: {
    ko: '같은 요청을 두 번 처리하고 두 번째 응답을 보냅니다.',
    en: 'The request is processed twice; the second response is sent.',
  },
  garbage: {
    ko: '처리한 뒤 HTTP 200으로 뜻 없는 바이트를 보냅니다.',
    en: 'Processed; the response is HTTP 200 with random bytes.',
  },
  'http-500': {
    parameter: 'moment',
    moment: 'after',
    ko: 'HTTP 500 화면을 보냅니다. before: 처리하지 않음, after: 처리한 뒤.',
    en: 'HTTP 500 with a page. before: not processed; after: processed.',
  },
}

export const faultNames = Object.keys(faultTable) as readonly FaultName[]

const limits = { milliseconds: 600_000, bytes: 10_000_000 } as const

/** `cut=120`, `hang=after`, `close`. Undefined for anything else. */
export function readFault(text: string): Fault | undefined {
  const [given = '', value, ...rest] = text.trim().split('=')
  const name = faultNames.find((known) => known === given)
  if (name === undefined || rest.length > 0) return undefined
  const { parameter, moment } = faultTable[name]
  if (parameter === undefined) return value === undefined ? ({ name } as Fault) : undefined
  if (parameter === 'moment') {
    const chosen = value ?? moment
    return chosen === 'before' || chosen === 'after' ? ({ name, moment: chosen } as Fault) : undefined
  }
  const isRight = /^[0-9]{1,8}$/.test(value ?? '') && Number(value) <= limits[parameter]
  return isRight ? ({ name, [parameter]: Number(value) } as unknown as Fault) : undefined
}

/** The inverse of {@link readFault}. */
export function writeFault({ name, ...parameters }: Fault): string {
  return [name, ...Object.values(parameters)].join('=')
}

/** The notation of a fault, for pages and help. */
export function faultPattern(name: FaultName): string {
  const { parameter } = faultTable[name]
  const patterns = { milliseconds: '=MS', bytes: '=N', moment: '[=before|after]' }
  return name + (parameter === undefined ? '' : patterns[parameter])
}
