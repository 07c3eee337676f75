import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Runtime } from '@sspay/gateway'
import { pause } from '../pause.ts'
import type { Fault } from './model.ts'

export interface ExchangeAnswer {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array
}

export interface ExchangeParts {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  /** The TCP connection below the request's own socket. */
  readonly socket: Socket
  /** Processes a request; must not reject. */
  readonly fetch: (request: Request) => Promise<Response>
  readonly runtime: Runtime
  /** On abort, held and delayed requests are reset without being processed. */
  readonly stopping: AbortSignal
}

/** One request, and control over its response down to the TCP connection. */
export interface Exchange extends ExchangeParts {
  /** The whole body of the request. Rejects when the client disconnects before its end. */
  body(): Promise<Uint8Array>
  /** Processes the request, once per call, also after the client has disconnected. */
  work(): Promise<ExchangeAnswer>
  /** Ends with a TCP reset, below TLS too. */
  reset(): void
  /** Rejects when the sandbox stops. */
  wait(durationMs: number): Promise<void>
}

const maxBodyBytes = 1024 * 1024
/** Gives the kernel time to send what was written before the reset discards the rest. */
const flushMs = 5
const garbage = Uint8Array.from({ length: 64 }, (_, index) => (index * 151 + 200) % 256)
const errorPage: ExchangeAnswer = {
  status: 500,
  headers: [['content-type', 'text/html; charset=utf-8']],
  body: new TextEncoder().encode('<!doctype html><title>500</title><h1>Internal Server Error</h1>\n'),
}

export function openExchange(parts: ExchangeParts): Exchange {
  const { incoming, socket, runtime, stopping } = parts
  let received: Promise<Uint8Array> | undefined
  const body = (): Promise<Uint8Array> => {
    received ??= readBody(incoming)
    return received
  }
  const reset = (): void => void socket.resetAndDestroy()
  if (stopping.aborted) reset()
  stopping.addEventListener('abort', reset)
  socket.once('close', () => stopping.removeEventListener('abort', reset))
  return {
    ...parts,
    body,
    reset,
    async work() {
      const answer = await parts.fetch(requestOf(incoming, await body()))
      return { status: answer.status, headers: [...answer.headers], body: new Uint8Array(await answer.arrayBuffer()) }
    },
    async wait(durationMs) {
      await pause(runtime, durationMs, [stopping])
      stopping.throwIfAborted()
    },
  }
}

/** Injects the fault into one exchange. */
export async function perform(fault: Fault, exchange: Exchange): Promise<void> {
  const { outgoing, socket, body, work, reset, wait } = exchange
  switch (fault.name) {
    case 'close':
      return void socket.destroy()
    case 'reset-before':
      await body()
      return reset()
    case 'reset-after':
      await work()
      return reset()
    case 'cut': {
      const answer = await work()
      writeHead(outgoing, answer)
      await write(outgoing, answer.body.subarray(0, fault.bytes))
      await wait(flushMs)
      return reset()
    }
    case 'hang':
      // The connection stays open until the client or the sandbox closes it.
      return void (await (fault.moment === 'after' ? work() : body()))
    case 'delay':
      await body()
      await wait(fault.milliseconds)
      return send(exchange, await work())
    case 'drip': {
      const answer = await work()
      writeHead(outgoing, answer)
      for (const byte of answer.body) {
        if (socket.destroyed) return
        await write(outgoing, Uint8Array.of(byte))
        await wait(fault.milliseconds)
      }
      return void outgoing.end()
    }
    case 'duplicate':
      await work()
      return send(exchange, await work())
    case 'garbage':
      return send(exchange, { ...(await work()), status: 200, body: garbage })
    case 'http-500':
      await (fault.moment === 'after' ? work() : body())
      return send(exchange, errorPage)
  }
}

export function send({ outgoing }: Exchange, answer: ExchangeAnswer): void {
  writeHead(outgoing, answer)
  outgoing.end(answer.body)
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of incoming as AsyncIterable<Buffer>) {
    length += part.length
    if (length > maxBodyBytes) throw new RangeError(`the request is longer than ${maxBodyBytes} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function requestOf(incoming: IncomingMessage, body: Uint8Array): Request {
  const { method = 'GET', headersDistinct, url = '/' } = incoming
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(headersDistinct))
    for (const value of values) headers.append(name, value)
  const origin = `${'encrypted' in incoming.socket ? 'https' : 'http'}://${incoming.headers.host ?? 'localhost'}`
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

/** Also resolves when the connection is closed. */
const write = (outgoing: ServerResponse, bytes: Uint8Array): Promise<void> =>
  bytes.length === 0 ? Promise.resolve() : new Promise((resolve) => outgoing.write(bytes, () => resolve()))
