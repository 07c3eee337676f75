import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { ListenOptions } from '@sspay/gateway'
import type { PortName } from '../addresses.ts'
import { type ExchangeAnswer, type ExchangeParts, openExchange, perform, send } from './exchange.ts'
import { findLink } from './links.ts'
import { type Fault, faultNames, faultPattern, readFault } from './model.ts'
import type { FaultRules, PaymentIdentity } from './rules.ts'

/** Injects a fault into the one request that carries it, without a rule. */
const faultHeader = 'x-sspay-fault'

export interface FaultsOptions extends Pick<ExchangeParts, 'fetch' | 'runtime' | 'stopping'> {
  readonly listener: PortName
  readonly rules: FaultRules
  /** Finds the payment that the body of a request names. */
  readonly identify: (body: Uint8Array) => Promise<PaymentIdentity>
}

/**
 * For `listen({ around })`: passes requests without a fault unchanged, and injects the others' faults at the socket.
 */
export function faultsAround(options: FaultsOptions): NonNullable<ListenOptions['wrap']> {
  const { listener, rules } = options
  return (answer, server) => {
    const socketBelow = rememberSockets(server)
    return (incoming, outgoing) => {
      const asked = incoming.headers[faultHeader]
      const link = findLink(listener, pathOf(incoming))
      if (asked === undefined && (link === undefined || !rules.concern(link))) return answer(incoming, outgoing)

      const exchange = openExchange({ ...options, incoming, outgoing, socket: socketBelow(incoming.socket) })
      const choose = async (): Promise<Fault | 'unreadable' | undefined> => {
        if (asked !== undefined) return readFault(String(asked)) ?? 'unreadable'
        return link && rules.take(link, async () => options.identify(await exchange.body()))
      }
      const strike = async (): Promise<void> => {
        const fault = await choose()
        if (fault === undefined) return send(exchange, await exchange.work())
        return fault === 'unreadable' ? send(exchange, headerRejected) : perform(fault, exchange)
      }
      return strike().catch(exchange.reset)
    }
  }
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? ''

/**
 * A reset needs the TCP socket, but a TLS request only has the TLS socket: both have the same remote address and port.
 */
function rememberSockets(server: Server): (socket: Socket) => Socket {
  const sockets = new Map<string, Socket>()
  const remoteOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`
  server.on('connection', (socket: Socket) => {
    const key = remoteOf(socket)
    sockets.set(key, socket)
    socket.once('close', () => {
      if (sockets.get(key) === socket) sockets.delete(key)
    })
  })
  return (socket) => sockets.get(remoteOf(socket)) ?? socket
}

const headerRejected: ExchangeAnswer = {
  status: 400,
  headers: [['content-type', 'text/plain; charset=utf-8']],
  body: new TextEncoder().encode(`${faultHeader}: ${faultNames.map(faultPattern).join(' | ')}\n`),
}
