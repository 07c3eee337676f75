import type { ClientRequest, IncomingMessage } from 'node:http'
import type { RequestOptions } from 'node:https'
import { jsonHeaders, type Transport, type TransportRequest, type TransportResult } from './transport.ts'

export interface NodeTransportOptions {
  /** Certificate authorities (PEM) to trust instead of the machine's, for example the local one of a sandbox. */
  readonly certificateAuthority?: string
}

/**
 * Requests through `node:http` and `node:https` of Node, TLS 1.2 or newer. Connecting and answering have a deadline each.
 * Every request opens a connection of its own: on a kept one that the service has just closed nobody could tell whether it arrived.
 */
export function nodeTransport({ certificateAuthority }: NodeTransportOptions = {}): Transport {
  const tls: RequestOptions = certificateAuthority === undefined ? {} : { ca: certificateAuthority }
  return async (request) => {
    try {
      const isSecure = new URL(request.url).protocol === 'https:'
      const { request: open } = isSecure ? await import('node:https') : await import('node:http')
      return await exchange(open, request, tls, isSecure ? 'secureConnect' : 'connect')
    } catch (error) {
      return { result: 'unreachable', error }
    }
  }
}

type Open = (url: string, options: RequestOptions) => ClientRequest

function exchange(
  open: Open,
  request: TransportRequest,
  tls: RequestOptions,
  connectedEvent: 'connect' | 'secureConnect',
): Promise<TransportResult> {
  const { url, body, connectTimeoutMs, readTimeoutMs, maxAnswerBytes } = request
  return new Promise((resolve) => {
    const headers = { ...jsonHeaders, 'content-length': Buffer.byteLength(body), connection: 'close' }
    const outgoing = open(url, { method: 'POST', agent: false, minVersion: 'TLSv1.2', headers, ...tls })
    let isConnected = false
    let stopWaiting = startDeadline(connectTimeoutMs, () =>
      finish({ result: 'unreachable', error: lateError('no connection', connectTimeoutMs) }),
    )

    function finish(result: TransportResult): void {
      stopWaiting()
      resolve(result)
      outgoing.destroy()
    }

    outgoing.on('error', (error) => finish({ result: isConnected ? 'interrupted' : 'unreachable', error }))
    outgoing.on('socket', (socket) =>
      socket.once(connectedEvent, () => {
        isConnected = true
        stopWaiting()
        stopWaiting = startDeadline(readTimeoutMs, () =>
          finish({ result: 'timeout', error: lateError('no whole answer', readTimeoutMs) }),
        )
        // Only now: a request that waits for its connection would be counted as sent.
        outgoing.end(body)
      }),
    )
    outgoing.on('response', (answer) => collect(answer, maxAnswerBytes, finish))
    outgoing.flushHeaders()
  })
}

/** In two halves: a process that was too busy to listen during the first, as when it starts, still listens for the second. */
function startDeadline(afterMs: number, onLate: () => void): () => void {
  const half = afterMs / 2
  let timer = setTimeout(() => {
    timer = setTimeout(onLate, half)
  }, half)
  return () => clearTimeout(timer)
}

function collect(answer: IncomingMessage, maxBytes: number, finish: (result: TransportResult) => void): void {
  const parts: Buffer[] = []
  let length = 0
  answer.on('data', (part: Buffer) => {
    length += part.length
    if (length > maxBytes) finish({ result: 'too_large' })
    else parts.push(part)
  })
  answer.on('end', () => finish({ result: 'answered', status: answer.statusCode ?? 0, body: Buffer.concat(parts) }))
  answer.on('error', (error) => finish({ result: 'interrupted', error }))
}

const lateError = (what: string, afterMs: number): Error => new Error(`${what} after ${afterMs} ms`)
