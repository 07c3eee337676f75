import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'

/**
 * A site that has nothing to do with shop and gateway: those are at localhost, this is at 127.0.0.1. Any path answers
 * with `body`.
 */
export async function openForeignSite(body: () => string = () => '<p>foreign'): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><title>foreign</title>${body()}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
