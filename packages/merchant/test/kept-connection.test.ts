import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { approve, memoryJournal } from '../src/index.ts'
import { approvedAnswer, expected, merchantAt, ticket } from './samples.ts'

interface Service {
  readonly url: string
  connections: number
  requests: number
}

async function startService(context: TestContext, answer: RequestListener): Promise<Service> {
  const service = { url: '', connections: 0, requests: 0 }
  const server = createServer((request, response) => {
    service.requests++
    request.resume().on('end', () => answer(request, response))
  })
  server.on('connection', () => service.connections++)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  context.after(() => server.close())
  return Object.assign(service, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}

test('requests that follow each other share a connection', async (t) => {
  const service = await startService(t, (_request, response) => response.end(approvedAnswer()))
  const merchant = merchantAt(service.url)
  for (let count = 0; count < 3; count++) {
    const { outcome } = await approve(merchant, ticket(), { expected, journal: memoryJournal() })
    assert.equal(outcome, 'approved')
  }
  assert.deepEqual([service.requests, service.connections], [3, 1])
})

test('a kept connection that breaks before the answer leaves the outcome unknown, and nothing is sent twice', async (t) => {
  let isBreaking = false
  const service = await startService(t, (request, response) => {
    if (isBreaking) request.socket.destroy()
    else response.end(approvedAnswer())
  })
  const merchant = merchantAt(service.url)
  const approveOnce = () => approve(merchant, ticket(), { expected, journal: memoryJournal() })
  assert.equal((await approveOnce()).outcome, 'approved')
  isBreaking = true
  const broken = await approveOnce()
  assert.deepEqual([broken.outcome, broken.outcome === 'unknown' && broken.cause], ['unknown', 'interrupted'])
  assert.deepEqual([service.requests, service.connections], [2, 1])
  isBreaking = false
  assert.equal((await approveOnce()).outcome, 'approved')
  assert.deepEqual([service.requests, service.connections], [3, 2])
})

test('a service that closes after its answer is met on a new connection', async (t) => {
  const service = await startService(t, (_request, response) =>
    response.setHeader('connection', 'close').end(approvedAnswer()),
  )
  const merchant = merchantAt(service.url)
  for (let count = 0; count < 2; count++)
    assert.equal((await approve(merchant, ticket(), { expected, journal: memoryJournal() })).outcome, 'approved')
  assert.deepEqual([service.requests, service.connections], [2, 2])
})
