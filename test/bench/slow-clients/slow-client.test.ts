import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { type Attack, attacks } from '../../../bench/slow-clients/attacks.ts'
import { createSlowClient } from '../../../bench/slow-clients/slow-client.ts'
import { until } from '../../support/until.ts'

/** A server that keeps what comes, and a client that was not visited yet. */
async function startSlowClient(attack: Attack) {
  const sockets: Socket[] = []
  const received: string[] = []
  const server = createServer((socket) => {
    const index = sockets.push(socket) - 1
    received[index] = ''
    socket.on('error', () => {})
    socket.on('data', (part) => {
      received[index] += part.toString()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = createSlowClient(() => connect(port, '127.0.0.1'), attack)
  return {
    client,
    sockets,
    received,
    async [Symbol.asyncDispose]() {
      client.close()
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

test('a slow client sends one part with each visit', async () => {
  await using started = await startSlowClient(attacks['head, one byte a second'])
  for (const expected of ['P', 'PO', 'POS']) {
    started.client.visit()
    await until(() => started.received[0] === expected, { what: expected })
  }
})

test('a slow client opens a connection that was closed again, and starts again there', async () => {
  await using started = await startSlowClient(attacks['head, one byte a second'])
  started.client.visit()
  await until(() => started.received[0] === 'P')
  started.client.visit()
  started.sockets[0]?.destroy()
  await until(() => !started.client.isOpen())
  assert.equal(started.sockets.length, 1)
  started.client.visit()
  await until(() => started.received[1] === 'P')
})

test('no attack finishes its request', () => {
  for (const { first, later } of Object.values<Attack>(attacks)) {
    const minute = first + Array.from({ length: 60 }, (_, second) => later(second + 1)).join('')
    const [head = '', body] = minute.split('\r\n\r\n')
    const length = Number(/content-length: (\d+)/.exec(head)?.[1] ?? Number.POSITIVE_INFINITY)
    assert.ok(body === undefined || body.length < length)
    assert.ok(!minute.includes('\r\n0\r\n'))
  }
})
