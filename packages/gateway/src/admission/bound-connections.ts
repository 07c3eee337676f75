import type { RequestListener, Server } from 'node:http'
import type { Socket } from 'node:net'
import { networkOf } from '../http/client-address.ts'

export interface ConnectionBounds {
  /** Open connections of one address. Behind proxies of the operator, who bring many clients each, only `inAll` counts. */
  readonly perAddress: number
  readonly inAll: number
}

/** TLS or not, a connection and the socket of its requests have the same far end. */
const farEndOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`

/** An address: IPv4, or an IPv6 /64 network. */
interface Client {
  open: number
  /** Connections without a whole request in progress, idle for longest first. */
  readonly idle: Set<Connection>
}

interface Connection {
  readonly socket: Socket
  readonly client: Client
}

/**
 * Bounds open connections. Beyond a bound the connection that has been idle for longest is closed: of the address that is over its own bound, else
 * of the address with the most connections. A client keeps what it uses, and who opens connections to hold them closes its own. The returned
 * function stands around the listener that answers whole requests.
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
    const [address, farEnd] = [networkOf(socket.remoteAddress) ?? '', farEndOf(socket)]
    const client = clientOf(address)
    const connection = { socket, client }
    client.open += 1
    client.idle.add(connection)
    connections.set(farEnd, connection)
    socket.once('close', () => {
      client.open -= 1
      client.idle.delete(connection)
      // A new connection may have the far end already.
      if (connections.get(farEnd) === connection) connections.delete(farEnd)
      if (client.open === 0) clients.delete(address)
    })
    if (client.open > perAddress) closeOldestIdle(client)
    else if (connections.size > inAll) closeOldestIdle(largest())
  })
  return (answer) => (request, response) => {
    const connection = connections.get(farEndOf(request.socket))
    const wasIdle = connection?.client.idle.delete(connection) === true
    response.once('close', () => {
      if (connection !== undefined && wasIdle && !connection.socket.destroyed) connection.client.idle.add(connection)
    })
    answer(request, response)
  }
}
