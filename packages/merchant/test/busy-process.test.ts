import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { nodeTransport } from '../src/index.ts'
import { answering, answeringWith, httpAnswer } from './loopback.ts'

const limitMs = 300
const limits = { connectTimeoutMs: limitMs, readTimeoutMs: limitMs, maxAnswerBytes: 1_000 }

/** The time-outs of the transport are on a clock of the test; sockets are real. */
const stopClock = (t: TestContext): void => t.mock.timers.enable({ apis: ['setTimeout'] })

/** One jump, as a process sees it that has not come to its timers meanwhile. */
const beBusy = (t: TestContext): void => t.mock.timers.tick(limitMs * 1.5)

test('a process that is busy while it connects, as when it starts, does not take its own delay for the service’s', async (t) => {
  stopClock(t)
  const url = `${await answeringWith(t, { body: '{}' })}/`
  const transport = nodeTransport()
  await transport({ url, body: '{}', ...limits })
  const asking = transport({ url, body: '{}', ...limits })
  // The connection is asked for, and no socket is read in these turns.
  for (let turn = 0; turn < 50; turn++) await new Promise<void>((resolve) => process.nextTick(resolve))
  beBusy(t)
  assert.equal((await asking).outcome, 'answered')
})

test('a process that is busy while the answer comes reads it afterwards', async (t) => {
  stopClock(t)
  const url = await answering(t, (socket) => {
    socket.end(httpAnswer({ body: '{}' }))
    beBusy(t)
  })
  assert.equal((await nodeTransport()({ url: `${url}/`, body: '{}', ...limits })).outcome, 'answered')
})

test('a service that says nothing is late after the time that was given, not later', async (t) => {
  stopClock(t)
  const asked = new EventEmitter()
  const url = await answering(t, () => asked.emit('request'))
  const request = once(asked, 'request')
  let result: string | undefined
  const asking = nodeTransport()({ url: `${url}/`, body: '{}', ...limits }).then((answer) => {
    result = answer.outcome
  })
  await request
  t.mock.timers.tick(limitMs / 2)
  t.mock.timers.tick(limitMs / 2 - 1)
  await new Promise(setImmediate)
  assert.equal(result, undefined)
  t.mock.timers.tick(1)
  await asking
  assert.equal(result, 'timeout')
})
