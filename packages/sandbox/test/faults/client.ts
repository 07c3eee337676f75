import { type ClientRequest, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'

export interface Seen {
  readonly status: number | undefined
  readonly contentLength: number | undefined
  readonly body: string
  readonly firstByteMs: number | undefined
  readonly totalMs: number
  /** `answered` is a whole answer; `silent`: nothing had ended when the client gave up. */
  readonly end: 'answered' | 'closed' | 'reset' | 'silent'
}

export interface Asking {
  readonly fault?: string
  readonly body?: string
  /** Ends the wait for an answer. */
  readonly givingUp?: AbortSignal
}

/** One POST on a connection of its own, and everything a client can see of what comes back. */
export function ask(
  url: string,
  { fault, body = '{}', givingUp = AbortSignal.timeout(60_000) }: Asking = {},
): Promise<Seen> {
  const startedAt = performance.now()
  const open = url.startsWith('https:') ? requestSecure : requestPlain
  const headers = { 'content-type': 'application/json', ...(fault === undefined ? {} : { 'x-sspay-fault': fault }) }
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    let [status, contentLength, firstByteMs]: (number | undefined)[] = []
    const call: ClientRequest = open(url, { method: 'POST', agent: false, headers, rejectUnauthorized: false })
    const abandon = (): void => finish('silent')
    givingUp.addEventListener('abort', abandon)
    const finish = (end: Seen['end']): void => {
      givingUp.removeEventListener('abort', abandon)
      const totalMs = performance.now() - startedAt
      resolve({ status, contentLength, body: Buffer.concat(parts).toString('latin1'), firstByteMs, totalMs, end })
      call.destroy()
    }
    const broken = (error: Error): void => finish(/socket hang up|EPIPE/.test(error.message) ? 'closed' : 'reset')
    call.on('error', broken)
    call.on('response', (answer) => {
      status = answer.statusCode
      contentLength = Number(answer.headers['content-length'])
      answer.on('error', () => finish('reset')).on('end', () => finish('answered'))
      answer.on('data', (part: Buffer) => {
        firstByteMs ??= performance.now() - startedAt
        parts.push(part)
      })
    })
    call.end(body)
  })
}
