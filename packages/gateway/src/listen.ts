import { constants } from 'node:crypto'
import { createServer, type Server as HttpServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { DEFAULT_CIPHERS } from 'node:tls'
import { getRequestListener } from '@hono/node-server'
import { takeSlot } from './admission/admit.ts'
import type { Caller } from './http/client-address.ts'

/** Which port to open, and who answers there. */
export interface ListenOptions {
  /** Answers a request; must not reject. */
  readonly fetch: (request: Request, caller: Caller) => Promise<Response>
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** PEM texts; with them the listener speaks HTTPS only, TLS 1.2 or newer, with forward secrecy and without renegotiation. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined
  /** Stands around the listener that answers each request; the server's `connection` events show the sockets below, TLS or not. */
  readonly around?: ((answer: RequestListener, server: HttpServer) => RequestListener) | undefined
}

/** An open port. */
export interface Listener {
  /** `http://host:port`, with the port that was taken. */
  readonly url: string
  /** Stops accepting, closes idle connections, resolves when what runs has been answered or the grace period is over. */
  close(): Promise<void>
}

const limits = {
  /** A client has this long for its headers, and for the whole request. */
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  /** Longer than load balancers keep theirs, so that they never send into a connection that is being closed. */
  keepAliveTimeout: 75_000,
  maxHeaderSize: 16 * 1024,
}

const tlsLimits = {
  handshakeTimeout: limits.headersTimeout,
  minVersion: 'TLSv1.2',
  // Forward secrecy: with RSA key exchange, whoever gets the key later reads what was recorded before.
  ciphers: `${DEFAULT_CIPHERS}:!kRSA`,
  // A client that renegotiates makes the server pay for handshakes without end.
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
} as const

const gracePeriodMs = 15_000
const idleCheckMs = 50

/** Opens one port. Rejects when the address is taken or not allowed. */
export async function listen({ fetch, host, port, tls, around }: ListenOptions): Promise<Listener> {
  const answer = getRequestListener(async (request, { incoming }) => {
    const slot = takeSlot(incoming)
    try {
      return await fetch(request, { address: incoming.socket.remoteAddress, slot })
    } finally {
      slot?.release()
    }
  })
  const server = tls === undefined ? createServer(limits) : createSecureServer({ ...limits, ...tlsLimits, ...tls })
  server.on('request', around?.(answer, server) ?? answer)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return { url: urlOf(server, host, tls !== undefined), close: () => closeGracefully(server) }
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
  // A connection becomes idle when its last answer is out; nobody tells, so it is looked for.
  const idleCheck = setInterval(() => server.closeIdleConnections(), idleCheckMs)
  const grace = setTimeout(() => server.closeAllConnections(), gracePeriodMs)
  await closed
  clearInterval(idleCheck)
  clearTimeout(grace)
}
