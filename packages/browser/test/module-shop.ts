import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import { join, resolve } from 'node:path'

const repository = resolve(import.meta.dirname, '../../..')

export type Respond = (request: IncomingMessage, response: ServerResponse, body: URLSearchParams) => void

export async function listen(respond: Respond): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => respond(request, response, new URLSearchParams(Buffer.concat(parts).toString('utf8'))))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { server, origin: `http://127.0.0.1:${address.port}` }
}

export const html = (response: ServerResponse, body: string): void => {
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.end(`<!doctype html><meta charset="utf-8">${body}`)
}

const importMap = {
  imports: { '@sspay/browser': '/packages/browser/src/index.ts', '@sspay/protocol': '/packages/protocol/src/index.ts' },
}

/** A shop page, and the packages as browser modules with their types stripped. `headers`: of the shop's answers. */
export const moduleShop =
  (headers: () => Readonly<Record<string, string>> = () => ({})): Respond =>
  (request, response) => {
    const path = new URL(request.url ?? '/', 'http://shop').pathname
    for (const [name, value] of Object.entries(headers())) response.setHeader(name, value)
    if (path === '/')
      return html(response, `<title>shop</title><script type="importmap">${JSON.stringify(importMap)}</script>`)
    if (path === '/stop') return html(response, '<title>stopped</title>')
    if (!existsSync(join(repository, path))) {
      response.statusCode = 404
      return void response.end()
    }
    response.setHeader('content-type', 'text/javascript')
    response.end(stripTypeScriptTypes(readFileSync(join(repository, path), 'utf8')))
  }
