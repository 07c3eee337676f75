import type { Agent, AgentOptions, ClientRequest, IncomingMessage } from 'node:http'
import type { RequestOptions } from 'node:https'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { jsonHeaders, type Transport, type TransportRequest, type TransportResult } from './transport.ts'

/** Options of {@link nodeTransport}. */
export interface NodeTransportOptions {
  /** Certificate authorities (PEM) to trust instead of the system's, for example the one of a sandbox. */
  readonly certificateAuthority?: string
}

/** Below the 5 seconds keep-alive timeout of Node servers, so that the client closes an idle connection first. */
const keptMs = 4_000

/**
 * Sends requests by `node:http` and `node:https`, TLS 1.2 or newer, with separate timeouts for connecting and
 * answering.
 *
 * With `NODE_USE_ENV_PROXY=1`, Node.js 24.5 and later (22.21 and later) send them through the proxy of `HTTPS_PROXY`.
 *
 * Idle connections are kept alive for 4 seconds. A request that breaks on a reused connection counts as sent: it is
 * `interrupted`, never `unreachable`.
 *
 * @param options - Optional certificate authority.
 * @returns The `transport` for `defineMerchant`, and its default on Node.
 */
export function nodeTransport({ certificateAuthority }: NodeTransportOptions = {}): Transport {
  const openings: Record<string, Promise<Opening>> = {}
  // Cache of parsed addresses: a merchant has a handful.
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
      return { outcome: 'unreachable', error }
    }
  }
}

interface Target {
  readonly address: RequestOptions
  readonly opening: Omit<Opening, 'agent'>
}

/** How to open a request, and the event of a connected socket. */
interface Opening {
  readonly agent: Agent
  open(options: RequestOptions): ClientRequest
  readonly connectedEvent: 'connect' | 'secureConnect'
}

async function openPlain(): Promise<Opening> {
  const { Agent, globalAgent, request } = await import('node:http')
  const agent = new Agent({ keepAlive: true, timeout: keptMs, ...proxyOf(globalAgent) })
  return { agent, open: request, connectedEvent: 'connect' }
}

async function openSecure(ca: string | undefined): Promise<Opening> {
  const { Agent, globalAgent, request } = await import('node:https')
  const trusted = ca === undefined ? {} : { ca }
  const kept = { keepAlive: true, timeout: keptMs, ...proxyOf(globalAgent) }
  const agent = new Agent({ ...kept, minVersion: 'TLSv1.2', ...trusted })
  return { agent, open: request, connectedEvent: 'secureConnect' }
}

/** What Node read from the environment when it started, if `NODE_USE_ENV_PROXY` is set. */
function proxyOf(globalAgent: Agent & { readonly options?: AgentOptions }): Pick<AgentOptions, 'proxyEnv'> {
  const { proxyEnv } = globalAgent.options ?? {}
  return proxyEnv === undefined ? {} : { proxyEnv }
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
      if (result.outcome !== 'answered') outgoing.destroy()
    }

    function waitForConnection(socket: Socket): void {
      stopWaiting = startDeadline(connectTimeoutMs, () =>
        finish({ outcome: 'unreachable', error: lateError('no connection', connectTimeoutMs) }),
      )
      socket.once(opening.connectedEvent, send)
    }

    /** Only once connected: a request written earlier would count as sent. */
    function send(): void {
      isConnected = true
      stopWaiting()
      stopWaiting = startDeadline(readTimeoutMs, () =>
        finish({ outcome: 'timeout', error: lateError('no whole answer', readTimeoutMs) }),
      )
      outgoing.end(body)
    }

    outgoing.on('error', (error) => finish({ outcome: isConnected ? 'interrupted' : 'unreachable', error }))
    outgoing.on('socket', (socket) => (outgoing.reusedSocket || isTunnel(socket) ? send() : waitForConnection(socket)))
    outgoing.on('response', (answer) => collect(answer, maxAnswerBytes, finish))
  })
}

/** Through a proxy, the handshake is complete when the request gets its socket. */
const isTunnel = (socket: Socket & Partial<Pick<TLSSocket, 'getFinished'>>): boolean =>
  socket.getFinished?.() !== undefined

/**
 * Two timers of half the time: an event loop that was blocked during the first still reads sockets before the second
 * ends.
 */
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
    if (length > maxBytes) finish({ outcome: 'too_large' })
    else parts.push(part)
  })
  answer.on('end', () =>
    finish({
      outcome: 'answered',
      status: answer.statusCode ?? 0,
      body: parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts),
    }),
  )
  answer.on('error', (error) => finish({ outcome: 'interrupted', error }))
}

const lateError = (what: string, afterMs: number): Error => new Error(`${what} after ${afterMs} ms`)
