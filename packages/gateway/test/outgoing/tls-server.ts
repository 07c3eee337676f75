import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { TestContext } from 'node:test'
import type { TlsOptions } from 'node:tls'

export interface TlsServer {
  /** The name in the certificates of these tests. */
  readonly url: string
  readonly sockets: ReadonlySet<Socket>
}

/** An HTTPS server on loopback that ends with the test. */
export async function openTlsServer(t: TestContext, tls: TlsOptions, answer: RequestListener): Promise<TlsServer> {
  const sockets = new Set<Socket>()
  const server = createServer(tls, answer).listen(0, '127.0.0.1')
  server.on('secureConnection', (socket) => sockets.add(socket))
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `https://localhost:${(server.address() as AddressInfo).port}`, sockets }
}
