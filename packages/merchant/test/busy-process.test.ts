import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeTransport } from '../src/index.ts'
import { answering, answeringWith, httpAnswer } from './loopback.ts'

const limits = { connectTimeoutMs: 300, readTimeoutMs: 300, maxAnswerBytes: 1_000 }

function keepBusy(forMs: number): void {
  const until = performance.now() + forMs
  while (performance.now() < until);
}

test('a process that is busy while it connects, as when it starts, does not take its own delay for the service’s', async (t) => {
  const url = `${await answeringWith(t, { body: '{}' })}/`
  const transport = nodeTransport()
  await transport({ url, body: '{}', ...limits })
  const asking = transport({ url, body: '{}', ...limits })
  // The connection is asked for, and nothing of it has been heard.
  for (let turn = 0; turn < 50; turn++) await undefined
  keepBusy(450)
  assert.equal((await asking).result, 'answered')
})

test('a process that is busy while the answer comes hears it afterwards', async (t) => {
  const url = await answering(t, (socket) => {
    socket.end(httpAnswer({ body: '{}' }))
    setImmediate(() => keepBusy(450))
  })
  assert.equal((await nodeTransport()({ url: `${url}/`, body: '{}', ...limits })).result, 'answered')
})

test('a service that says nothing is late after the time that was given, not later', async (t) => {
  const url = await answering(t, () => {})
  const startedAt = performance.now()
  assert.equal((await nodeTransport()({ url: `${url}/`, body: '{}', ...limits })).result, 'timeout')
  const tookMs = performance.now() - startedAt
  assert.ok(tookMs >= 290 && tookMs < 3_000, `${tookMs} ms`)
})
