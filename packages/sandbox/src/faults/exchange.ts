import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Runtime } from '@sspay/gateway'

export interface ExchangeAnswer {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array
}

/** One request and what can be done to its answer, down to the socket. */
export interface Exchange {
  /** The whole body of the request. Rejects when the client leaves before its end. */
  body(): Promise<Uint8Array>
  /** Has the request done, each time it is called. Goes on when the client has left. */
  work(): Promise<ExchangeAnswer>
  send(answer: ExchangeAnswer): Promise<void>
  /** The head with the full content-length and the first bytes of the body, then a reset. */
  sendPart(answer: ExchangeAnswer, bytes: number): Promise<void>
  drip(answer: ExchangeAnswer, everyMs: number): Promise<void>
  /** Ends without an answer. */
  close(): void
  /** Ends with a TCP reset, below TLS too. */
  reset(): void
  /** Keeps the connection until the client, or the sandbox, has gone. */
  hold(): void
  pause(durationMs: number): Promise<void>
}

export interface ExchangeParts {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  /** The TCP connection below the request's own socket. */
  readonly socket: Socket
  readonly fetch: (request: Request) => Promise<Response>
  readonly runtime: Runtime
  /** When it aborts, what is held or waits is reset without being done. */
  readonly stopping: AbortSignal
}

const longestBody = 1024 * 1024

/** What was written has left this machine before the reset throws away what has not. */
const settleMs = 5

export function openExchange(parts: ExchangeParts): Exchange {
  const { incoming, outgoing, socket, runtime, stopping } = parts
  const body = once(() => readBody(incoming))
  const reset = (): void => void socket.resetAndDestroy()
  if (stopping.aborted) reset()
  stopping.addEventListener('abort', reset)
  socket.once('close', () => stopping.removeEventListener('abort', reset))

  const pause = (durationMs: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const stopped = (): void => reject(new Error('the sandbox stops'))
      if (stopping.aborted) stopped()
      stopping.addEventListener('abort', stopped, { once: true })
      runtime.schedule(durationMs, () => {
        stopping.removeEventListener('abort', stopped)
        resolve()
      })
    })

  return {
    body,
    async work() {
      const answer = await parts.fetch(requestOf(incoming, await body()))
      return {
        status: answer.status,
        headers: [...answer.headers],
        body: new Uint8Array(await answer.arrayBuffer()),
      }
    },
    async send(answer) {
      writeHead(outgoing, answer)
      outgoing.end(answer.body)
    },
    async sendPart(answer, bytes) {
      writeHead(outgoing, answer)
      await write(outgoing, answer.body.subarray(0, bytes))
      await pause(settleMs)
      reset()
    },
    async drip(answer, everyMs) {
      writeHead(outgoing, answer)
      for (const byte of answer.body) {
        if (socket.destroyed) return
        await write(outgoing, Uint8Array.of(byte))
        await pause(everyMs)
      }
      outgoing.end()
    },
    close: () => void socket.destroy(),
    reset,
    hold: () => {},
    pause,
  }
}

const once = <Result>(read: () => Promise<Result>): (() => Promise<Result>) => {
  let result: Promise<Result> | undefined
  return () => {
    result ??= read()
    return result
  }
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of incoming as AsyncIterable<Buffer>) {
    length += part.length
    if (length > longestBody) throw new RangeError(`a request of more than ${longestBody} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function requestOf(incoming: IncomingMessage, body: Uint8Array): Request {
  const { method = 'GET', headersDistinct, url = '/' } = incoming
  const isSecure = 'encrypted' in incoming.socket
  const headers = new Headers()
  for (const [name, values] of Object.entries(headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  const origin = `${isSecure ? 'https' : 'http'}://${incoming.headers.host ?? 'localhost'}`
  const hasBody = method !== 'GET' && method !== 'HEAD'
  return new Request(new URL(url, origin), {
    method,
    headers,
    ...(hasBody ? { body: body as NonNullable<RequestInit['body']> } : {}),
  })
}

function writeHead(outgoing: ServerResponse, { status, headers, body }: ExchangeAnswer): void {
  outgoing.statusCode = status
  for (const [name, value] of headers) outgoing.appendHeader(name, value)
  outgoing.setHeader('content-length', body.length)
  outgoing.flushHeaders()
}

/** Also resolves when the connection is gone. */
const write = (outgoing: ServerResponse, bytes: Uint8Array): Promise<void> =>
  bytes.length === 0 ? Promise.resolve() : new Promise((resolve) => outgoing.write(bytes, () => resolve()))
