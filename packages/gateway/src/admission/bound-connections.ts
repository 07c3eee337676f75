import type { RequestListener, Server } from 'node:http'
import type { Socket } from 'node:net'
import { networkOf } from '../network-address.ts'
import type { ConnectionBounds } from './limits.ts'

/** Identifies a connection: with TLS, a request's socket is not the one of the `connection` event. */
const remoteEndOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`

/** IPv4 address or IPv6 /64 network. */
interface Client {
  open: number
  /** Connections without a complete request in progress, in LRU order. */
  readonly idle: Set<Connection>
}

interface Connection {
  readonly socket: Socket
  readonly client: Client
}

/**
 * Bounds open connections. Beyond a bound, the longest idle connection is closed: of the client over its own bound, or
 * else of the client with the most connections. Busy connections stay open, and a client that hoards connections loses
 * its own. The returned function wraps the listener that answers complete requests.
 */
export function boundConnections(
  server: Server,
  { perAddress, inAll }: ConnectionBounds,
): (answer: RequestListener) => RequestListener {
  const clients = new Map<string, Client>()
  const connections = new Map<string, Connection>()

  const clientOf = (address: string): Client => {
    const client = clients.get(address) ?? { open: 0, idle: new Set() }
    clients.set(address, client)
    return client
  }
  const largest = (): Client | undefined => {
    let found: Client | undefined
    for (const client of clients.values()) if (client.open > (found?.open ?? 0)) found = client
    return found
  }
  const closeOldestIdle = (client: Client | undefined): void => {
    const [oldest] = client?.idle ?? []
    oldest?.socket.destroy()
  }

  server.on('connection', (socket: Socket) => {
    const [address, remoteEnd] = [networkOf(socket.remoteAddress) ?? '', remoteEndOf(socket)]
    const client = clientOf(address)
    const connection = { socket, client }
    client.open += 1
    client.idle.add(connection)
    connections.set(remoteEnd, connection)
    socket.once('close', () => {
      client.open -= 1
      client.idle.delete(connection)
      // A new connection may already use the same remote port.
      if (connections.get(remoteEnd) === connection) connections.delete(remoteEnd)
      if (client.open === 0) clients.delete(address)
    })
    if (client.open > perAddress) closeOldestIdle(client)
    else if (connections.size > inAll) closeOldestIdle(largest())
  })
  return (answer) => (request, response) => {
    const connection = connections.get(remoteEndOf(request.socket))
    const wasIdle = connection?.client.idle.delete(connection) === true
    response.once('close', () => {
      if (connection !== undefined && wasIdle && !connection.socket.destroyed) connection.client.idle.add(connection)
    })
    answer(request, response)
  }
}
