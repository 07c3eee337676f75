import type { Agent, ClientRequest, IncomingMessage } from 'node:http'
import type { RequestOptions } from 'node:https'
import type { Socket } from 'node:net'
import { jsonHeaders, type Transport, type TransportRequest, type TransportResult } from './transport.ts'

export interface NodeTransportOptions {
  /** Certificate authorities (PEM) to trust instead of the machine's, for example the local one of a sandbox. */
  readonly certificateAuthority?: string
}

/** Below the five seconds after which Node's own servers close what nobody uses, so that the shop closes first. */
const keptMs = 4_000

/**
 * Requests through `node:http` and `node:https` of Node, TLS 1.2 or newer. Connecting and answering have a deadline each. A connection is
 * kept for four seconds after an answer. A request on a kept one that breaks counts as sent: it is `interrupted`, never `unreachable`.
 */
export function nodeTransport({ certificateAuthority }: NodeTransportOptions = {}): Transport {
  const openings: Record<string, Promise<Opening>> = {}
  // A merchant has a handful of addresses, which need not be taken apart again for every request.
  const targets = new Map<string, Promise<Target>>()
  const find = async (url: string): Promise<Target> => {
    const { protocol, hostname, port, pathname, search } = new URL(url)
    openings[protocol] ??= protocol === 'https:' ? openSecure(certificateAuthority) : openPlain()
    const { agent, ...opening } = await openings[protocol]
    const host = { hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port }
    return { address: { ...host, path: pathname + search, method: 'POST', agent }, opening }
  }
  return async (request) => {
    const { url } = request
    try {
      const target = targets.get(url) ?? find(url)
      targets.set(url, target)
      return await exchange(await target, request)
    } catch (error) {
      return { result: 'unreachable', error }
    }
  }
}

interface Target {
  readonly address: RequestOptions
  readonly opening: Omit<Opening, 'agent'>
}

/** How a request begins, and the event by which its socket says that it stands. */
interface Opening {
  readonly agent: Agent
  open(options: RequestOptions): ClientRequest
  readonly connectedEvent: 'connect' | 'secureConnect'
}

async function openPlain(): Promise<Opening> {
  const { Agent, request } = await import('node:http')
  const agent = new Agent({ keepAlive: true, timeout: keptMs })
  return { agent, open: request, connectedEvent: 'connect' }
}

async function openSecure(ca: string | undefined): Promise<Opening> {
  const { Agent, request } = await import('node:https')
  const trusted = ca === undefined ? {} : { ca }
  const agent = new Agent({ keepAlive: true, timeout: keptMs, minVersion: 'TLSv1.2', ...trusted })
  return { agent, open: request, connectedEvent: 'secureConnect' }
}

function exchange({ address, opening }: Target, request: TransportRequest): Promise<TransportResult> {
  const { body, connectTimeoutMs, readTimeoutMs, maxAnswerBytes } = request
  return new Promise((resolve) => {
    const headers = { ...jsonHeaders, 'content-length': Buffer.byteLength(body) }
    const outgoing = opening.open({ ...address, headers })
    let isConnected = false
    let stopWaiting = (): void => {}

    function finish(result: TransportResult): void {
      stopWaiting()
      resolve(result)
      if (result.result !== 'answered') outgoing.destroy()
    }

    function waitForConnection(socket: Socket): void {
      stopWaiting = startDeadline(connectTimeoutMs, () =>
        finish({ result: 'unreachable', error: lateError('no connection', connectTimeoutMs) }),
      )
      socket.once(opening.connectedEvent, send)
    }

    /** Only once the connection stands: a request that waits for its connection would be counted as sent. */
    function send(): void {
      isConnected = true
      stopWaiting()
      stopWaiting = startDeadline(readTimeoutMs, () =>
        finish({ result: 'timeout', error: lateError('no whole answer', readTimeoutMs) }),
      )
      outgoing.end(body)
    }

    outgoing.on('error', (error) => finish({ result: isConnected ? 'interrupted' : 'unreachable', error }))
    outgoing.on('socket', (socket) => (outgoing.reusedSocket ? send() : waitForConnection(socket)))
    outgoing.on('response', (answer) => collect(answer, maxAnswerBytes, finish))
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
  answer.on('end', () =>
    finish({
      result: 'answered',
      status: answer.statusCode ?? 0,
      body: parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts),
    }),
  )
  answer.on('error', (error) => finish({ result: 'interrupted', error }))
}

const lateError = (what: string, afterMs: number): Error => new Error(`${what} after ${afterMs} ms`)
