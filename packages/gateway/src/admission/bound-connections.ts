import type { RequestListener, Server } from 'node:http'
import type { Socket } from 'node:net'

export interface ConnectionBounds {
  /** Open connections of one address. Behind proxies of the operator, who bring many clients each, only `inAll` counts. */
  readonly perAddress: number
  readonly inAll: number
}

const addressOf = ({ remoteAddress = '' }: Socket): string => remoteAddress

/** TLS or not, a connection and the socket of its requests have the same far end. */
const farEndOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`

interface Client {
  open: number
  /** Connections without a whole request in progress, idle for longest first. */
  readonly idle: Map<string, Socket>
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
  let open = 0

  const clientOf = (address: string): Client => {
    const client = clients.get(address) ?? { open: 0, idle: new Map() }
    clients.set(address, client)
    return client
  }
  const largest = (): Client | undefined => [...clients.values()].sort((one, other) => other.open - one.open)[0]
  const closeOldestIdle = (client: Client | undefined): void => {
    const [oldest] = client?.idle.values() ?? []
    oldest?.destroy()
  }

  server.on('connection', (socket: Socket) => {
    const [address, farEnd] = [addressOf(socket), farEndOf(socket)]
    const client = clientOf(address)
    client.open += 1
    open += 1
    client.idle.set(farEnd, socket)
    socket.once('close', () => {
      client.open -= 1
      open -= 1
      client.idle.delete(farEnd)
      if (client.open === 0) clients.delete(address)
    })
    if (client.open > perAddress) closeOldestIdle(client)
    else if (open > inAll) closeOldestIdle(largest())
  })
  return (answer) => (request, response) => {
    const client = clients.get(addressOf(request.socket))
    const farEnd = farEndOf(request.socket)
    const connection = client?.idle.get(farEnd)
    client?.idle.delete(farEnd)
    response.once('close', () => {
      if (connection?.destroyed === false) client?.idle.set(farEnd, connection)
    })
    answer(request, response)
  }
}
