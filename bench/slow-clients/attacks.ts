/** Slowloris attacks: requests that keep a connection open and never finish. */
export interface Attack {
  /** At once; empty to send nothing, over TLS not even a handshake. */
  readonly first: string
  /** After so many seconds, counted from 1. */
  later(second: number): string
}

const request = (headers: string): string =>
  `POST /payment/approval/urlCallApproval.do HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\n${headers}\r\n\r\n`

const headOfBody = request('content-length: 120')
const nothing = (): string => ''
const chunkBytes = 4096

export const attacks = {
  'head, no body': { first: headOfBody, later: nothing },
  'head, one byte a second': { first: 'P', later: (second) => headOfBody.charAt(second) },
  'body, one byte a second': { first: headOfBody, later: () => ' ' },
  'body without end': {
    first: request('transfer-encoding: chunked'),
    later: () => `${chunkBytes.toString(16)}\r\n${' '.repeat(chunkBytes)}\r\n`,
  },
  nothing: { first: '', later: nothing },
} as const satisfies Readonly<Record<string, Attack>>

export type AttackName = keyof typeof attacks

export const attackNames = Object.keys(attacks) as readonly AttackName[]
