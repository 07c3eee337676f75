import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { connect, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { expressCheckout } from '@sspay/merchant/express'
import { fastifyCheckout } from '@sspay/merchant/fastify'
import { honoCheckout } from '@sspay/merchant/hono'
import express from 'express'
import { type FastifyInstance, fastify } from 'fastify'
import { Hono } from 'hono'
import { type Runtime, runtimeContract } from './contract.ts'
import { printReport } from './report.ts'
import { type Send, sendOverSockets, sendToFetch } from './send.ts'
import { openRuntimeShop, type RuntimeShop, type ShopSettings } from './shop.ts'

const shopWith = (settings: ShopSettings): RuntimeShop => openRuntimeShop(new DatabaseSync(':memory:'), settings)

const { version } = process

async function onExpress(settings: ShopSettings): Promise<{ readonly port: number; close(): unknown }> {
  const { checkout, orderAt } = shopWith(settings)
  const app = express()
  app.use(expressCheckout(checkout))
  app.use((incoming, outgoing) => void outgoing.json(orderAt(incoming.path)))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = (): void => {
    server.closeAllConnections()
    server.close()
  }
  return { port: (server.address() as AddressInfo).port, close }
}

function mountOnFastify<App extends Pick<FastifyInstance, 'register' | 'get'>>(app: App, settings: ShopSettings): App {
  const { checkout, orderAt } = shopWith(settings)
  app.register(fastifyCheckout(checkout))
  app.get('/orders/*', async ({ url }) => orderAt(url))
  return app
}

/** A proxy that takes `/store` off the path. */
async function openStrippingProxy(port: number): Promise<{ readonly origin: string; close(): unknown }> {
  const proxy = createServer((incoming, outgoing) => {
    const { method, headers, url = '' } = incoming
    const path = url.replace(/^\/store/, '')
    const passed = request({ agent: false, host: '127.0.0.1', port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(passed)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const close = (): void => {
    proxy.closeAllConnections()
    proxy.close()
  }
  return { origin: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, close }
}

/** Whole requests over one connection of HTTP/2. */
function sendOverHttp2(origin: string): { readonly send: Send; close(): void } {
  const session = connect(origin)
  const send: Send = async ({ method, path, headers, body }) => {
    const stream = session.request({ ':method': method, ':path': path, ...headers })
    stream.end(body)
    const signal = AbortSignal.timeout(20_000)
    const [answer] = (await once(stream, 'response', { signal })) as [IncomingHttpHeaders & IncomingHttpStatusHeader]
    return { status: Number(answer[':status']), location: answer.location, text: await text(stream) }
  }
  return { send, close: () => session.destroy() }
}

const runtimes: readonly Runtime[] = [
  {
    name: 'Node, Express over sockets',
    version,
    async open(settings) {
      const { port, close } = await onExpress(settings)
      return { send: sendOverSockets(`http://127.0.0.1:${port}`), close }
    },
  },
  {
    name: 'Node, Express behind a prefix-stripping proxy',
    version,
    url: 'https://shop.example/store/pay',
    async open(settings) {
      const shop = await onExpress({ ...settings, mountPath: '/pay' })
      const proxy = await openStrippingProxy(shop.port)
      return {
        send: sendOverSockets(proxy.origin),
        close() {
          proxy.close()
          shop.close()
        },
      }
    },
  },
  {
    name: 'Node, Fastify inject',
    version,
    async open(settings) {
      const app = mountOnFastify(fastify(), settings)
      return {
        async send({ method, path, headers, body }) {
          const answer = await app.inject({
            method,
            url: path,
            headers,
            ...(body === undefined ? {} : { payload: body }),
          })
          return { status: answer.statusCode, location: answer.headers.location, text: answer.payload }
        },
        close: () => app.close(),
      }
    },
  },
  {
    name: 'Node, Fastify over HTTP/2',
    version,
    async open(settings) {
      const app = mountOnFastify(fastify({ http2: true }) as unknown as FastifyInstance, settings)
      const client = sendOverHttp2(await app.listen({ port: 0, host: '127.0.0.1' }))
      return {
        send: client.send,
        close() {
          client.close()
          return app.close()
        },
      }
    },
  },
  {
    name: 'Node, Hono request',
    version,
    async open(settings) {
      const { checkout, orderAt } = shopWith(settings)
      const app = new Hono()
      app.use(honoCheckout(checkout))
      app.get('/orders/*', (context) => context.json(orderAt(context.req.path)))
      return { send: sendToFetch(app.fetch) }
    },
  },
]

for (const runtime of runtimes) runtimeContract(runtime)
printReport()
