import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { until } from '../../../../test/support/until.ts'
import { boundConnections } from '../../src/admission/bound-connections.ts'
import type { ConnectionBounds } from '../../src/admission/limits.ts'
import { listen } from '../../src/listen.ts'

/** Answers `/` at once, and `/held` when it is let go. A request that announces a body never becomes whole. */
async function openBounded(t: TestContext, bounds: ConnectionBounds) {
  const held: PromiseWithResolvers<void>[] = []
  const fetch = async (request: Request): Promise<Response> => {
    if (request.url.endsWith('/held')) {
      const waiting = Promise.withResolvers<void>()
      held.push(waiting)
      await waiting.promise
    }
    return new Response('answered')
  }
  let accepted = 0
  const listener = await listen({
    fetch,
    host: '127.0.0.1',
    port: 0,
    wrap: (answer, server) => {
      server.on('connection', () => accepted++)
      const bounded = boundConnections(server, bounds)(answer)
      return (request, response) => {
        if (request.headers['content-length'] === undefined) bounded(request, response)
      }
    },
  })
  const sockets: Socket[] = []
  t.after(async () => {
    for (const waiting of held) waiting.resolve()
    for (const socket of sockets) socket.destroy()
    await listener.close()
  })
  const open = async (localAddress = '127.0.0.1'): Promise<Socket> => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(listener.url).port), localAddress })
    sockets.push(socket.on('error', () => {}))
    const count = accepted
    await once(socket, 'connect')
    await until(() => accepted > count)
    return socket
  }
  return { open, held }
}

const ask = (socket: Socket, path: string): void => void socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)

async function answerOf(socket: Socket): Promise<string> {
  const answer = once(socket, 'data')
  ask(socket, '/')
  return String((await answer)[0])
}

test('beyond the bound of an address its longest idle connection is closed', async (t) => {
  const { open } = await openBounded(t, { perAddress: 3, inAll: 100 })
  const [first, second, third] = [await open(), await open(), await open()]
  assert.match(await answerOf(first), /answered/)
  const closed = until(() => second.closed)
  const fourth = await open()
  await closed
  for (const socket of [first, third, fourth]) assert.match(await answerOf(socket), /answered/)
})

test('a connection with a request in progress is never closed', async (t) => {
  const { open, held } = await openBounded(t, { perAddress: 2, inAll: 100 })
  const busy = [await open(), await open()]
  for (const socket of busy) ask(socket, '/held')
  await until(() => held.length === 2)
  const late = await open()
  await until(() => late.closed)
  const answers = busy.map((socket) => once(socket, 'data'))
  for (const waiting of held) waiting.resolve()
  for (const [answer] of await Promise.all(answers)) assert.match(String(answer), /answered/)
})

test('a connection whose request never becomes whole counts as idle', async (t) => {
  const { open } = await openBounded(t, { perAddress: 2, inAll: 100 })
  const [silent, other] = [await open(), await open()]
  await new Promise<unknown>((resolve) =>
    silent.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n', resolve),
  )
  const closed = until(() => silent.closed)
  const third = await open()
  await closed
  for (const socket of [other, third]) assert.match(await answerOf(socket), /answered/)
})

test('beyond the bound in all the address with the most connections gives up its longest idle one', async (t) => {
  const { open } = await openBounded(t, { perAddress: 100, inAll: 4 })
  const few = await open('127.0.0.2')
  const [oldest] = [await open('127.0.0.3'), await open('127.0.0.3'), await open('127.0.0.3')]
  const closed = until(() => oldest.closed)
  const late = await open('127.0.0.4')
  await closed
  for (const socket of [few, late]) assert.match(await answerOf(socket), /answered/)
})
