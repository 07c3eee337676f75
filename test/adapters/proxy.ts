import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What stands in front of shops: the shop receives another host than browsers say, and what they said in headers. */
export async function openProxy(shopPort: number): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const proxy = createServer((incoming, outgoing) => {
    const { method, url: path, headers: given } = incoming
    const host = `shop.internal:${shopPort}`
    const headers = { ...given, host, 'x-forwarded-host': given.host, 'x-forwarded-proto': 'http' }
    const passed = request({ agent: false, host: 'localhost', port: shopPort, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
      answer.on('error', () => outgoing.destroy())
    })
    passed.on('error', () => outgoing.destroy())
    incoming.pipe(passed)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return {
    origin: `http://localhost:${(proxy.address() as AddressInfo).port}`,
    async close() {
      proxy.closeAllConnections()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}
