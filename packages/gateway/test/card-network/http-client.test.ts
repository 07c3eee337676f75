import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { createHttpCardNetwork } from '../../src/card-network/http-client.ts'
import { unusableAnswers } from '../../src/card-network/unusable-answers.ts'
import type { Log } from '../../src/logging/log.ts'
import { realRuntime } from '../../src/runtime.ts'
import { approved } from '../approval/support.ts'

const authorization = {
  transactionId: 'ssptest01m01012501020304104338',
  amount: 1004,
  cardNumber: '4111111111111111',
  expiryMonth: 12,
  expiryYear: 2030,
  installmentMonths: 0,
  isInterestFree: false,
  acquirerMerchantNumber: '00951234567',
}
const about = { transactionId: authorization.transactionId, amount: authorization.amount }
const approval = { ...about, ...approved }

let status = 200
let body = ''
let answers = true
const asked: string[] = []
const server = createServer((request, response) => {
  asked.push(request.url ?? '')
  request.resume()
  if (answers) response.writeHead(status).end(body)
})

const lines: string[] = []
const keep = (event: string, fields?: unknown): void => void lines.push(JSON.stringify({ event, fields }))
const log: Log = { info: keep, warn: keep, error: keep }
const network = () =>
  createHttpCardNetwork(
    { runtime: realRuntime, log },
    `http://127.0.0.1:${(server.address() as AddressInfo).port}/net`,
    answers ? 60_000 : 200,
  )

before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
after(() => {
  server.closeAllConnections()
  server.close()
})

function answerWith(given: unknown, givenStatus = 200): void {
  status = givenStatus
  body = typeof given === 'string' ? given : JSON.stringify(given)
}

test('an approval and a decline are read', async () => {
  answerWith(approval)
  const { transactionId: _id, amount: _amount, ...expected } = approval
  assert.deepEqual(await network().authorize(authorization), { ...expected, approvedAt: new Date(approval.approvedAt) })
  answerWith({ ...about, outcome: 'declined', reason: 'balance_insufficient' })
  assert.deepEqual(await network().authorize(authorization), { outcome: 'declined', reason: 'balance_insufficient' })
  answerWith({ ...about, outcome: 'declined', reason: 'a reason of tomorrow' })
  assert.deepEqual(await network().inquire(about), { outcome: 'declined', reason: 'issuer_declined' })
  assert.deepEqual(asked.slice(-3), ['/net/authorize', '/net/authorize', '/net/inquire'])
})

test('an unknown payment is accepted from an inquiry only, a reversed one from a reversal only', async () => {
  answerWith({ ...about, outcome: 'unknown_to_network' })
  assert.deepEqual(await network().inquire(about), { outcome: 'unknown_to_network' })
  assert.deepEqual(await network().authorize(authorization), { outcome: 'silent' })
  assert.deepEqual(await network().reverse(about), { outcome: 'silent' })
  answerWith({ ...about, outcome: 'reversed' })
  assert.deepEqual(await network().reverse(about), { outcome: 'reversed' })
  assert.deepEqual(await network().authorize(authorization), { outcome: 'silent' })
})

const cancellation = { ...about, cancelSequence: 2, cancelAmount: 4, cancelTransactionId: about.transactionId }
const cancelled = {
  ...about,
  cancelSequence: 2,
  cancelAmount: 4,
  outcome: 'cancelled',
  cancelledAt: '2025-01-02T03:04:06+09:00',
}

test('a cancellation and its decline are read', async () => {
  answerWith(cancelled)
  const { outcome, cancelledAt } = cancelled
  assert.deepEqual(await network().cancel(cancellation), { outcome, cancelledAt: new Date(cancelledAt) })
  answerWith({ ...cancelled, outcome: 'declined', reason: 'partial_cancel_impossible' })
  assert.deepEqual(await network().cancel(cancellation), { outcome: 'declined', reason: 'partial_cancel_impossible' })
  answerWith({ ...cancelled, outcome: 'declined', reason: 'a reason of tomorrow' })
  assert.deepEqual(await network().cancel(cancellation), { outcome: 'declined', reason: 'cancel_amount_invalid' })
})

for (const [what, changes] of [
  ['another sequence', { cancelSequence: 1 }],
  ['another amount taken back', { cancelAmount: 5 }],
  ['another payment', { transactionId: 'ssptest01m01012501020304104339' }],
  ['no time', { cancelledAt: undefined }],
  ['a time before 2000', { cancelledAt: '1970-01-01T00:00:00Z' }],
  ['a time after 2099', { cancelledAt: '9999-12-31T23:59:59Z' }],
  ['a day that does not exist', { cancelledAt: '2025-02-30T00:00:00Z' }],
  ['a time that is none', { cancelledAt: 'yesterday' }],
  ['an outcome nobody knows', { outcome: 'pending' }],
] as const) {
  test(`a cancellation answered with ${what} counts as no answer`, async () => {
    answerWith({ ...cancelled, ...changes })
    assert.deepEqual(await network().cancel(cancellation), { outcome: 'silent' })
  })
}

const unusable: readonly (readonly [what: string, given: unknown, status?: number])[] = [
  ['another status', approval, 500],
  ['a redirect', approval, 302],
  ['no JSON', 'approved'],
  ['no object', [approval]],
  ['nothing', ''],
  ['another transaction id', { ...approval, transactionId: 'ssptest01m01012501020304104339' }],
  ['another amount', { ...approval, amount: 1005 }],
  ['the amount as text', { ...approval, amount: '1004' }],
  ['no approval number', { ...approval, approvalNumber: '' }],
  ['no time', { ...approval, approvedAt: undefined }],
  ['a time that is none', { ...approval, approvedAt: '2025-13-45T00:00:00Z' }],
  ['a day that does not exist', { ...approval, approvedAt: '2025-02-30T00:00:00Z' }],
  ['a time before 2000', { ...approval, approvedAt: '1999-12-31T23:59:59+09:00' }],
  ['a time after 2099', { ...approval, approvedAt: '2100-01-01T00:00:00+09:00' }],
  ['a time as a number', { ...approval, approvedAt: 1_735_754_646_000 }],
  ['an approval number as a number', { ...approval, approvalNumber: 30001234 }],
  ['an approval number that cannot be written', { ...approval, approvalNumber: '3000\n1234' }],
  ['an approval number that is too long', { ...approval, approvalNumber: '1'.repeat(31) }],
  ['an issuer code that is too long', { ...approval, issuerCode: '004' }],
  ['no issuer code', { ...approval, issuerCode: null }],
  ['an acquirer code that cannot be written', { ...approval, acquirerCode: '비씨' }],
  ['an unknown card kind', { ...approval, cardKind: 'gift' }],
  ['an outcome nobody knows', { ...approval, outcome: 'pending' }],
]

for (const [what, given, givenStatus] of unusable) {
  test(`an answer with ${what} counts as no answer`, async () => {
    answerWith(given, givenStatus)
    assert.deepEqual(await network().authorize(authorization), { outcome: 'silent' })
  })
}

test('a time without an offset is Korean time, in an approval and in a cancellation', async () => {
  answerWith({ ...approval, approvedAt: '2025-01-02T03:04:06' })
  const read = await network().authorize(authorization)
  assert.deepEqual('approvedAt' in read && read.approvedAt, new Date('2025-01-02T03:04:06+09:00'))
  answerWith({ ...cancelled, cancelledAt: '2025-01-02T03:04:06' })
  const { cancelledAt } = cancelled
  assert.deepEqual(await network().cancel(cancellation), { outcome: 'cancelled', cancelledAt: new Date(cancelledAt) })
})

test('answers that cannot be true are logged as errors and counted, unreadable ones are not', async () => {
  const before = unusableAnswers('card_network')
  answerWith({ ...approval, approvedAt: '1999-12-31T23:59:59+09:00' })
  await network().inquire(about)
  answerWith({ ...approval, amount: 1005 })
  await network().inquire(about)
  answerWith('approved')
  await network().inquire(about)
  assert.equal(unusableAnswers('card_network'), before + 2)
  assert.ok(lines.some((line) => line.includes('card_network_answer_impossible')))
})

test('no answer in time and no connection are silence; no log line holds the card', async () => {
  answers = false
  assert.deepEqual(await network().authorize(authorization), { outcome: 'silent' })
  answers = true
  const nobody = createHttpCardNetwork({ runtime: realRuntime, log }, 'http://127.0.0.1:1', 60_000)
  assert.deepEqual(await nobody.authorize(authorization), { outcome: 'silent' })
  assert.equal(
    lines.some((line) => line.includes('41111')),
    false,
  )
  assert.ok(lines.some((line) => line.includes('card_network_answer_for_another_payment')))
})

test('a merchant waits less for an authorization than the gateway, never more', async () => {
  const waits: number[] = []
  const fetch: typeof realRuntime.fetch = async (_url, { timeoutMs }) => {
    waits.push(timeoutMs)
    throw new Error('silent')
  }
  const timed = createHttpCardNetwork({ runtime: { ...realRuntime, fetch }, log }, 'http://network.example', 7_000)
  await timed.authorize(authorization, 3_000)
  await timed.authorize(authorization, 60_000)
  await timed.authorize(authorization)
  await timed.inquire(about)
  assert.deepEqual(waits, [3_000, 7_000, 7_000, 7_000])
})
