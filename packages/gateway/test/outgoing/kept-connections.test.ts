import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { until } from '../../../../test/support/until.ts'
import { createKeptClient } from '../../src/outgoing/kept-connections.ts'
import { realRuntime } from '../../src/runtime.ts'

const ask = createKeptClient(realRuntime)
const options = { method: 'POST', body: '{}', timeoutMs: 60_000 } as const

async function openServer(t: TestContext, answer: RequestListener) {
  const sockets = new Set<Socket>()
  const server = createServer(answer).listen(0, '127.0.0.1')
  server.on('connection', (socket) => sockets.add(socket))
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/a?b=c`, sockets }
}

test('requests one after another share connections, and keep their path', async (t) => {
  const targets: unknown[] = []
  const { url, sockets } = await openServer(t, (request, response) => {
    targets.push(request.url)
    response.end('answer')
  })
  for (let number = 0; number < 20; number++) assert.equal((await ask(url, options)).status, 200)
  // A request that follows in the same turn finds the connection still busy.
  assert.ok(sockets.size <= 2, `${sockets.size}`)
  assert.deepEqual(new Set(targets), new Set(['/a?b=c']))
})

test('a request whose time is over before its connection opens is not sent', async (t) => {
  let received = 0
  const { url } = await openServer(t, (_request, response) => {
    received += 1
    response.end('answer')
  })
  const atOnce = (_delayMs: number, work: () => void) => {
    work()
    return () => {}
  }
  await assert.rejects(createKeptClient({ schedule: atOnce })(url, options), { name: 'TimeoutError' })
  await ask(url, options)
  await ask(url, options)
  assert.equal(received, 2)
})

test('a connection that the server has closed is not used again', async (t) => {
  const { url, sockets } = await openServer(t, (_request, response) => void response.end('answer'))
  await ask(url, options)
  const [socket] = sockets
  assert.ok(socket)
  socket.end()
  await until(() => socket.closed)
  assert.equal((await ask(url, options)).status, 200)
  assert.equal(sockets.size, 2)
})

test('an answer that is cut off rejects', async (t) => {
  const { url } = await openServer(t, (_request, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('half')
    setImmediate(() => response.destroy())
  })
  await assert.rejects(ask(url, options))
})

test('a connection whose answer came too late is not used again', async (t) => {
  const { url, sockets } = await openServer(t, (request, response) => {
    if (request.headers['x-late'] === undefined) response.end('answer')
  })
  await assert.rejects(ask(url, { ...options, headers: { 'x-late': '1' }, timeoutMs: 100 }), { name: 'TimeoutError' })
  const [late] = sockets
  assert.equal((await ask(url, options)).status, 200)
  await until(() => late?.closed === true)
})
