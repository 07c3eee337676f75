import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Listener, listen } from '../../../gateway/src/listen.ts'
import { run } from '../command-line/support.ts'

const billKeyId = '4f1c0a9e7b2d4c6f8a1b3c5d7e9f0a2b'
const unknownId = '0'.repeat(32)
const charge = {
  transactionId: 'ssptest01m01012501020304050001',
  orderId: 'CYCLE-1',
  amount: 9900,
  state: 'approved',
  requestedAt: '2025-02-01T18:04:05.000Z',
}
const billKey = {
  billKeyId,
  merchantId: 'ssptest01m',
  orderId: 'CARD-1',
  memberId: 'a'.repeat(32),
  cardId: 'b'.repeat(32),
  state: 'active',
  issuedAt: '2025-01-01T18:04:05.000Z',
  endedAt: null,
  card: { maskedCardNumber: '940600******0001', issuerName: '신한' },
  lastCharge: charge,
}
const ended = { ...billKey, state: 'card_removed', endedAt: '2025-03-01T18:04:05.000Z', card: null, lastCharge: null }

const answers: Readonly<Record<string, unknown>> = {
  '/api/bill-keys': { billKeys: [billKey, ended] },
  [`/api/bill-keys/${billKeyId}`]: { billKey },
  [`/api/bill-keys/${billKeyId}/charges`]: { charges: [charge] },
  '/api/bill-keys/end': { result: 'ended' },
}

/** A console that answers {@link answers}, and remembers what it was asked. */
async function openConsole() {
  const asked: string[] = []
  const listener: Listener = await listen({
    host: '127.0.0.1',
    port: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url)
      const body = await request.text()
      asked.push(`${request.method} ${pathname}${search} ${body}`.trim())
      const isUnknown = pathname.includes(unknownId) || body.includes(unknownId)
      return isUnknown ? Response.json({ result: 'unknown' }, { status: 404 }) : Response.json(answers[pathname])
    },
  })
  const type = (...given: readonly string[]) =>
    run(['bill-keys', ...given], { environment: { SSPAY_CONSOLE_PORT: new URL(listener.url).port, SSPAY_LANG: 'en' } })
  return { asked, type, [Symbol.asyncDispose]: () => listener.close() }
}

test('list shows one line per key, or the JSON of the console', async () => {
  await using opened = await openConsole()
  const { asked, type } = opened
  const listed = await type('list', '--state', 'active', '--merchant', 'ssptest01m', '--limit', '10')
  assert.equal(listed.exitCode, 0)
  assert.deepEqual(asked, ['GET /api/bill-keys?merchantId=ssptest01m&state=active&text=&limit=10'])
  assert.match(
    listed.output,
    /^4f1c\w+ {2}active +ssptest01m {2}CARD-1 {2}신한 940600\*{6}0001 {2}2025-01-02 03:04:05\n/,
  )
  assert.match(listed.output, /card_removed {2}ssptest01m {2}CARD-1 {2}deleted card +2025-01-02 03:04:05\n$/)
  assert.deepEqual(JSON.parse((await type('list', '--json')).output), answers['/api/bill-keys'])
})

test('show, charges and delete of one key', async () => {
  await using opened = await openConsole()
  const { asked, type } = opened
  const shown = await type('show', billKeyId)
  assert.match(shown.output, /state +active {2}Active: the shop can charge it\n/)
  assert.match(shown.output, /last charge +9,900 won {2}approved {2}2025-02-02 03:04:05 {2}ssptest01m0101/)
  assert.match((await type('charges', billKeyId, '--limit', '3')).output, /0001 {2}CYCLE-1 {2}9,900 won {2}approved/)
  assert.match((await type('delete', billKeyId)).output, /cannot be charged any more/)
  assert.deepEqual(asked.slice(1), [
    `GET /api/bill-keys/${billKeyId}/charges?limit=3`,
    `POST /api/bill-keys/end {"billKeyId":"${billKeyId}"}`,
  ])
  for (const verb of ['show', 'charges', 'delete']) {
    const { exitCode, errors } = await type(verb, unknownId)
    assert.equal(exitCode, 1)
    assert.match(errors, /There is no such bill key/)
  }
})

test('what is typed wrong is not sent', async () => {
  await using opened = await openConsole()
  const { asked, type } = opened
  for (const given of [
    ['show'],
    ['show', 'BTK1234'],
    ['delete', billKeyId, billKeyId],
    ['list', '--state', 'lost'],
    ['list', '--limit', '0'],
    ['list', '--merchant', '../'],
    ['show', billKeyId, '--limit', '1'],
  ]) {
    const { exitCode, errors } = await type(...given)
    assert.equal(exitCode, 2, given.join(' '))
    assert.match(errors, /--help/)
  }
  assert.deepEqual(asked, [])
})

test('exit code 3 when no console answers', async () => {
  const { exitCode } = await run(['bill-keys', 'list', '--console', 'http://127.0.0.1:1'])
  assert.equal(exitCode, 3)
})
