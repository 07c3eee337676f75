import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import type { Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import {
  approve,
  deleteMember,
  fetchTransport,
  type MerchantConfig,
  memoryJournal,
  nodeTransport,
  type Transport,
  type UnknownCause,
} from '../src/index.ts'
import { answering, answeringWith, httpAnswer, nobody } from './loopback.ts'
import { approvedAnswer, expected, merchantAt, shortLimits, ticket } from './samples.ts'

interface Error {
  readonly name: string
  readonly origin: (t: TestContext) => Promise<string>
  readonly cause: UnknownCause
  /** `fetch` cannot say whether a request has left. */
  readonly causeWithFetch?: UnknownCause
  readonly limits?: Partial<MerchantConfig>
}

const halfOf = (text: string): string => text.slice(0, text.length / 2)

const headWith = (length: number): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`

/** Writes a byte now and then: each pause is short, the whole is endless. */
function drip(socket: Socket): void {
  socket.write(headWith(100_000))
  const timer = setInterval(() => socket.write(' '), 20)
  socket.on('close', () => clearInterval(timer))
}

const errors: readonly Error[] = [
  { name: 'nobody listens', origin: nobody, cause: 'unreachable', causeWithFetch: 'interrupted' },
  {
    name: 'a name that does not exist',
    origin: async () => 'http://no-such-host.invalid',
    cause: 'unreachable',
    causeWithFetch: 'interrupted',
  },
  {
    name: 'TCP accepts but TLS never answers',
    origin: async (t) => (await answering(t, () => {})).replace('http:', 'https:'),
    cause: 'unreachable',
    causeWithFetch: 'timeout',
    limits: shortLimits,
  },
  { name: 'accepted and never answered', origin: (t) => answering(t, () => {}), cause: 'timeout', limits: shortLimits },
  { name: 'slow drip past the deadline', origin: (t) => answering(t, drip), cause: 'timeout', limits: shortLimits },
  { name: 'closed without an answer', origin: (t) => answering(t, (socket) => socket.end()), cause: 'interrupted' },
  {
    name: 'reset without an answer',
    origin: (t) => answering(t, (socket) => socket.resetAndDestroy()),
    cause: 'interrupted',
  },
  {
    name: 'reset in the middle of the answer',
    origin: (t) =>
      answering(t, (socket) =>
        socket.write(headWith(5_000) + halfOf(approvedAnswer()), () => setTimeout(() => socket.resetAndDestroy(), 30)),
      ),
    cause: 'interrupted',
  },
  {
    name: 'closed in the middle of the answer',
    origin: (t) => answering(t, (socket) => socket.end(headWith(5_000) + approvedAnswer())),
    cause: 'interrupted',
  },
  {
    name: 'not HTTP',
    origin: (t) => answering(t, (socket) => socket.end('SSH-2.0-nothing\r\n')),
    cause: 'interrupted',
  },
  {
    name: 'truncated JSON',
    origin: (t) => answeringWith(t, { body: halfOf(approvedAnswer()) }),
    cause: 'unreadable_answer',
  },
  { name: 'an empty body', origin: (t) => answeringWith(t, { body: '' }), cause: 'unreadable_answer' },
  { name: 'JSON null', origin: (t) => answeringWith(t, { body: 'null' }), cause: 'unreadable_answer' },
  {
    name: 'a JSON array',
    origin: (t) => answeringWith(t, { body: `[${approvedAnswer()}]` }),
    cause: 'unreadable_answer',
  },
  { name: 'no result code', origin: (t) => answeringWith(t, { body: '{"Tid":"x"}' }), cause: 'unreadable_answer' },
  {
    name: 'HTML',
    origin: (t) => answeringWith(t, { body: '<html>3001</html>', contentType: 'text/html' }),
    cause: 'unreadable_answer',
  },
  ...['500 Internal Server Error', '502 Bad Gateway', '404 Not Found', '201 Created'].map(
    (status): Error => ({
      name: `HTTP ${status} with a success in its body`,
      origin: (t) => answeringWith(t, { status, body: approvedAnswer() }),
      cause: 'unreadable_answer',
    }),
  ),
  {
    name: 'a redirect',
    origin: (t) =>
      answering(t, (socket) =>
        socket.end('HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
      ),
    cause: 'unreadable_answer',
  },
  {
    name: 'an answer over 1 MB',
    origin: (t) => answeringWith(t, { body: approvedAnswer({ Padding: 'x'.repeat(1_100_000) }) }),
    cause: 'unreadable_answer',
  },
]

const transports: readonly (readonly [string, Transport])[] = [
  ['node', nodeTransport()],
  ['fetch', fetchTransport()],
]

for (const [transportName, transport] of transports) {
  for (const { name, origin, cause, causeWithFetch = cause, limits } of errors) {
    const expectedCause = transportName === 'fetch' ? causeWithFetch : cause

    test(`over ${transportName}, ${name} is unknown: ${expectedCause}`, async (t) => {
      const merchant = merchantAt(await origin(t), { transport, ...limits })
      const outcome = await approve(merchant, ticket(), { expected, journal: memoryJournal() })
      assert.equal(outcome.outcome, 'unknown')
      assert.equal(outcome.cause, expectedCause)
      assert.equal(outcome.next, 'ask_again')
    })

    test(`over ${transportName}, a deletion that meets ${name} is unknown: ${expectedCause}`, async (t) => {
      const merchant = merchantAt(await origin(t), { transport, ...limits })
      const outcome = await deleteMember(merchant, 'user0001')
      assert.equal(outcome.outcome, 'unknown')
      assert.equal(outcome.cause, expectedCause)
    })
  }
}

const readable: readonly {
  readonly name: string
  readonly body: string | Uint8Array
  readonly contentType?: string
}[] = [
  { name: 'a byte order mark', body: `\uFEFF${approvedAnswer()}` },
  { name: 'JSON as text/html', body: approvedAnswer(), contentType: 'text/html;charset=UTF-8' },
  { name: 'blanks around', body: `\r\n ${approvedAnswer()} \r\n` },
  { name: 'numbers as JSON numbers', body: approvedAnswer().replace('"1004"', '1004') },
  { name: 'escaped text', body: approvedAnswer({ GoodsName: '\uCEE4\uD53C' }).replace('커피', '\\ucee4\\ud53c') },
  { name: 'nearly 1 MB', body: approvedAnswer({ Padding: 'x'.repeat(1_000_000) }) },
]

for (const [transportName, transport] of transports) {
  for (const { name, body, contentType = 'application/json' } of readable) {
    test(`over ${transportName}, an answer with ${name} is approved`, async (t) => {
      const merchant = merchantAt(await answeringWith(t, { body, contentType }), { transport })
      const outcome = await approve(merchant, ticket(), { expected, journal: memoryJournal() })
      assert.equal(outcome.outcome, 'approved')
    })
  }
}

test('an answer in pieces that break inside characters is approved', async (t) => {
  const origin = await answering(t, async (socket) => {
    const bytes = httpAnswer({ body: approvedAnswer() })
    for (let at = 0; at < bytes.length; at += 7) {
      socket.write(bytes.subarray(at, at + 7))
      await new Promise((resolve) => setImmediate(resolve))
    }
    socket.end()
  })
  const outcome = await approve(merchantAt(origin), ticket(), {
    expected,
    journal: memoryJournal(),
  })
  assert.equal(outcome.outcome, 'approved')
  assert.equal(outcome.payment.buyerName, '홍길동')
})

test('a transport that throws is an interruption, not an exception', async () => {
  const transport: Transport = async () => {
    throw new Error('mine')
  }
  const outcome = await approve(merchantAt('http://127.0.0.1:1', { transport }), ticket(), {
    expected,
    journal: memoryJournal(),
  })
  assert.equal(outcome.outcome, 'unknown')
  assert.equal(outcome.cause, 'interrupted')
  assert.equal(outcome.next, 'ask_again')
})

test('a request is sent once, whatever becomes of it', async (t) => {
  let requests = 0
  const origin = await answering(t, (socket) => {
    requests++
    socket.resetAndDestroy()
  })
  await approve(merchantAt(origin), ticket(), { expected, journal: memoryJournal() })
  assert.equal(requests, 1)
})

test('the deadlines hold: connecting and answering each have their own', async (t) => {
  const asked = new EventEmitter()
  const silent = await answering(t, () => asked.emit('request'))
  const request = once(asked, 'request')
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const merchant = merchantAt(silent, { connectTimeoutMs: 5_000, readTimeoutMs: 150 })
  const answer = approve(merchant, ticket(), { expected, journal: memoryJournal() })
  await request
  // A deadline is in two halves.
  t.mock.timers.tick(75)
  t.mock.timers.tick(75)
  const outcome = await answer
  assert.deepEqual([outcome.outcome, outcome.outcome === 'unknown' && outcome.cause], ['unknown', 'timeout'])
})
