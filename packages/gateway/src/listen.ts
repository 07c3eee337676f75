import { constants } from 'node:crypto'
import { createServer, type Server as HttpServer, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { DEFAULT_CIPHERS } from 'node:tls'
import { getRequestListener } from '@hono/node-server'
import { takeSlot } from './admission/admit.ts'
import type { Caller } from './http/client-address.ts'

/** A private key and its certificate chain: PEM texts. */
export interface KeyPair {
  readonly key: string
  readonly cert: string
}

/** Options of `listen`. */
export interface ListenOptions {
  /** Must not reject. */
  readonly fetch: (request: Request, caller: Caller) => Promise<Response>
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** With it HTTPS only: TLS 1.2 or newer, forward secrecy, no renegotiation. */
  readonly tls?: KeyPair | undefined
  /** Wraps the request listener. The server's `connection` events have the raw sockets, also under TLS. */
  readonly wrap?: ((answer: RequestListener, server: HttpServer) => RequestListener) | undefined
}

/** An open HTTP or HTTPS listener. */
export interface Listener {
  /** `http://host:port` with the actual port. */
  readonly url: string
  /** For connections from now on; those that are open keep theirs. Does nothing without TLS. */
  renewTls(tls: KeyPair): void
  /** Each answer closes its connection from now on, so that clients open the next one elsewhere. */
  drain(): void
  /** Graceful shutdown: closes idle connections, and waits for running requests up to a grace period. */
  close(): Promise<void>
}

const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  /** Longer than in usual load balancers, so that they do not reuse a connection that is being closed. */
  keepAliveTimeout: 75_000,
  maxHeaderSize: 16 * 1024,
}

const tlsLimits = {
  handshakeTimeout: limits.headersTimeout,
  minVersion: 'TLSv1.2',
  // Forward secrecy: RSA key exchange would let a leaked key decrypt recorded traffic.
  ciphers: `${DEFAULT_CIPHERS}:!kRSA`,
  // Renegotiation lets a client force any number of handshakes.
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
} as const

const gracePeriodMs = 15_000
const idleCheckMs = 50

/** Opens one port. Rejects when the address is taken or not allowed. */
export async function listen({ fetch, host, port, tls, wrap }: ListenOptions): Promise<Listener> {
  const answer = getRequestListener(async (request, { incoming }) => {
    const slot = takeSlot(incoming)
    try {
      return await fetch(request, { address: incoming.socket.remoteAddress, slot })
    } finally {
      slot?.release()
    }
  })
  const secure = tls && createSecureServer({ ...limits, ...tlsLimits, ...tls })
  const server = secure ?? createServer(limits)
  const drain = createDrain(server)
  server.on('request', wrap?.(answer, server) ?? answer)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    url: urlOf(server, host, tls !== undefined),
    renewTls: (renewed) => secure?.setSecureContext({ ...tlsLimits, ...renewed }),
    drain,
    close() {
      drain()
      return closeGracefully(server)
    },
  }
}

/** Begins to answer with `Connection: close`, requests in progress included. */
function createDrain(server: HttpServer): () => void {
  const pending = new Set<ServerResponse>()
  let isDraining = false
  server.on('request', (_request, response: ServerResponse) => {
    if (isDraining) response.shouldKeepAlive = false
    pending.add(response)
    response.once('close', () => pending.delete(response))
  })
  return () => {
    isDraining = true
    for (const response of pending) response.shouldKeepAlive = false
  }
}

function urlOf(server: Server, host: string, isSecure: boolean): string {
  const { port } = server.address() as AddressInfo
  const name = host.includes(':') ? `[${host}]` : host
  return `${isSecure ? 'https' : 'http'}://${name}:${port}`
}

interface ClosableServer extends Server {
  closeIdleConnections(): void
  closeAllConnections(): void
}

async function closeGracefully(server: ClosableServer): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // Node emits no event when a connection becomes idle, so poll.
  const idleCheck = setInterval(() => server.closeIdleConnections(), idleCheckMs)
  const grace = setTimeout(() => server.closeAllConnections(), gracePeriodMs)
  await closed
  clearInterval(idleCheck)
  clearTimeout(grace)
}
