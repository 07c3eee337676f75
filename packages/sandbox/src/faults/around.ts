import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { ListenOptions, Runtime } from '@sspay/gateway'
import type { PortName } from '../addresses.ts'
import { type ExchangeAnswer, openExchange } from './exchange.ts'
import { findLink } from './links.ts'
import { type Fault, faultNames, faultPattern, readFault } from './model.ts'
import { perform } from './perform.ts'
import type { FaultRules, PaymentIdentity } from './rules.ts'

/** Strikes the one request that carries it, whatever the rules say. */
const faultHeader = 'x-sspay-fault'

export interface FaultsOptions {
  /** At which address the requests come in. */
  readonly door: PortName
  /** Does the work of a request; must not reject. */
  readonly fetch: (request: Request) => Promise<Response>
  readonly rules: FaultRules
  /** Which payment the body of a request is about. */
  readonly identify: (body: Uint8Array) => Promise<PaymentIdentity>
  readonly runtime: Runtime
  /** Resets what faults hold open when the sandbox stops. */
  readonly stopping: AbortSignal
}

/** For `listen({ around })`: requests that no fault concerns pass untouched, the others meet theirs at the socket. */
export function faultsAround(options: FaultsOptions): NonNullable<ListenOptions['wrap']> {
  const { door, rules } = options
  return (answer, server) => {
    const socketBelow = rememberSockets(server)
    return (incoming, outgoing) => {
      const asked = incoming.headers[faultHeader]
      const link = findLink(door, pathOf(incoming))
      if (asked === undefined && (link === undefined || !rules.concern(link))) return answer(incoming, outgoing)

      const exchange = openExchange({ ...options, incoming, outgoing, socket: socketBelow(incoming.socket) })
      const choose = async (): Promise<Fault | 'unreadable' | undefined> => {
        if (asked !== undefined) return readFault(String(asked)) ?? 'unreadable'
        return link && rules.take(link, async () => options.identify(await exchange.body()))
      }
      const strike = async (): Promise<void> => {
        const fault = await choose()
        if (fault === undefined) return exchange.send(await exchange.work())
        return fault === 'unreadable' ? exchange.send(headerRejected) : perform(fault, exchange)
      }
      return strike().catch(exchange.reset)
    }
  }
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? ''

/** A reset is for the TCP connection; a request over TLS knows only the socket above it. Both have the same far end. */
function rememberSockets(server: Server): (socket: Socket) => Socket {
  const sockets = new Map<string, Socket>()
  const farEnd = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`
  server.on('connection', (socket: Socket) => {
    const key = farEnd(socket)
    sockets.set(key, socket)
    socket.once('close', () => {
      if (sockets.get(key) === socket) sockets.delete(key)
    })
  })
  return (socket) => sockets.get(farEnd(socket)) ?? socket
}

const headerRejected: ExchangeAnswer = {
  status: 400,
  headers: [['content-type', 'text/plain; charset=utf-8']],
  body: new TextEncoder().encode(`${faultHeader}: ${faultNames.map(faultPattern).join(' | ')}\n`),
}
