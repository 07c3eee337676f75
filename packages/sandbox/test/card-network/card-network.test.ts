import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { serve } from '@hono/node-server'
import { createHttpCardNetwork, declineReasons, type Log, realRuntime } from '@sspay/gateway'
import { openSqlite } from '@sspay/gateway/internal'
import { findIssuer } from '@sspay/gateway/tools'
import { Hono } from 'hono'
import { until } from '../../../../test/support/until.ts'
import { maskCardNumber } from '../../src/card-network/model.ts'
import { cardNetworkRoutes } from '../../src/card-network/route.ts'
import { findTestCard, type TestCard, testCards } from '../../src/card-network/scenarios.ts'
import { ledgerTotals, listEntries, openLedger } from '../../src/card-network/store.ts'

const folder = await mkdtemp(join(tmpdir(), 'sspay-network-'))
const file = join(folder, 'card-network.db')
/** The gateway waits for a card that never answers as long as the test likes, and less than a late card takes. */
const shortMs = 400
const generousMs = 60_000
const quietLog: Log = { info() {}, warn() {}, error() {} }

async function startNetwork() {
  const storage = await openSqlite(file)
  await openLedger(storage)
  const stopping = new AbortController()
  const routes = cardNetworkRoutes({ runtime: realRuntime, storage, lateAnswerMs: 900, stopping: stopping.signal })
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started = serve({ fetch: new Hono().route('/network', routes).fetch, port: 0 }, () => resolve(started))
  })
  const address = server.address() as { port: number }
  const url = `http://127.0.0.1:${address.port}/network`
  return {
    url,
    storage,
    network: createHttpCardNetwork({ runtime: realRuntime, log: quietLog }, url, generousMs),
    impatient: createHttpCardNetwork({ runtime: realRuntime, log: quietLog }, url, shortMs),
    async close() {
      stopping.abort()
      await new Promise((resolve) => server.close(resolve))
      await storage.close()
    },
  }
}

let running = await startNetwork()
after(async () => {
  await running.close()
  await rm(folder, { recursive: true, force: true })
})

let lastNumber = 0
const newRequest = (cardNumber: string, changes: object = {}) => ({
  transactionId: `ssptest01m0101261123000000${String(++lastNumber).padStart(4, '0')}`,
  amount: 1004,
  cardNumber,
  expiryMonth: 12,
  expiryYear: new Date().getFullYear() + 2,
  installmentMonths: 0,
  isInterestFree: false,
  acquirerMerchantNumber: '00951234567',
  ...changes,
})

const chargesOf = async (transactionId: string): Promise<number> =>
  (await listEntries(running.storage, 1000)).filter(
    (entry) => entry.transactionId === transactionId && entry.outcome === 'approved' && entry.reversedAt === undefined,
  ).length

const cardThat = (behaviour: TestCard['behaviour']): string => {
  const found = testCards.find((card) => card.behaviour === behaviour)
  assert.ok(found)
  return found.cardNumber
}

const passesLuhn = (cardNumber: string): boolean =>
  [...cardNumber].reverse().reduce((sum, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 1 : 2)
    return sum + (value > 9 ? value - 9 : value)
  }, 0) %
    10 ===
  0

test('every test card can be registered and the table covers every behaviour', () => {
  for (const { cardNumber } of testCards) {
    assert.match(cardNumber, /^[0-9]{16}$/)
    assert.ok(passesLuhn(cardNumber), cardNumber)
    assert.ok(findIssuer(cardNumber), cardNumber)
  }
  assert.equal(new Set(testCards.map(({ cardNumber }) => cardNumber)).size, testCards.length)
  const declines = testCards.flatMap(({ behaviour }) => (typeof behaviour === 'object' ? [behaviour.decline] : []))
  assert.deepEqual(declines, [...declineReasons])
  for (const behaviour of ['approve', 'silent', 'late', 'twice'] as const) cardThat(behaviour)
})

for (const { cardNumber, behaviour, note } of testCards) {
  if (behaviour === 'approve')
    test(`approves: ${note.en}`, async () => {
      const outcome = await running.network.authorize(newRequest(cardNumber))
      assert.equal(outcome.outcome, 'approved')
      const { issuerCode, cardKind } = findIssuer(cardNumber) ?? {}
      assert.deepEqual(
        outcome.outcome === 'approved' && { issuerCode: outcome.issuerCode, cardKind: outcome.cardKind },
        {
          issuerCode,
          cardKind,
        },
      )
    })
  else if (typeof behaviour === 'object')
    test(`declines: ${note.en}`, async () => {
      const request = newRequest(cardNumber)
      const declined = { outcome: 'declined', reason: behaviour.decline }
      assert.deepEqual(await running.network.authorize(request), declined)
      assert.deepEqual(await running.network.inquire(request), declined)
      assert.equal(await chargesOf(request.transactionId), 0)
    })
}

for (const { cardNumber, declines, note } of testCards) {
  if (declines === undefined) continue
  test(`by the number of charges: ${note.en}`, async () => {
    const { approved, outOf, reason } = declines
    // The registered test of every approving card has charged it before.
    const before = (await listEntries(running.storage, 500)).filter(
      ({ maskedCardNumber }) => maskedCardNumber === maskCardNumber(cardNumber),
    ).length
    for (let charge = before; charge < before + 2 * outOf; charge++) {
      const request = newRequest(cardNumber)
      const outcome = await running.network.authorize(request)
      const expected = charge % outOf < approved ? 'approved' : reason
      assert.equal(outcome.outcome === 'declined' ? outcome.reason : outcome.outcome, expected)
      const again = await running.network.authorize(request)
      assert.equal(again.outcome, outcome.outcome, 'the same charge again is no other charge')
    }
  })
}

test('a silent card answers nothing and charges nothing', async () => {
  const request = newRequest(cardThat('silent'))
  assert.deepEqual(await running.impatient.authorize(request), { outcome: 'silent' })
  assert.deepEqual(await running.network.inquire(request), { outcome: 'unknown_to_network' })
  assert.equal(await chargesOf(request.transactionId), 0)
})

test('a late card has charged once the gateway asks again', async () => {
  const request = newRequest(cardThat('late'))
  assert.deepEqual(await running.impatient.authorize(request), { outcome: 'silent' })
  await until(async () => (await chargesOf(request.transactionId)) > 0)
  assert.equal((await running.network.inquire(request)).outcome, 'approved')
  assert.equal(await chargesOf(request.transactionId), 1)
})

test('an answer that comes twice is no answer to trust, and one charge', async () => {
  const request = newRequest(cardThat('twice'))
  assert.deepEqual(await running.network.authorize(request), { outcome: 'silent' })
  assert.equal((await running.network.inquire(request)).outcome, 'approved')
  assert.equal(await chargesOf(request.transactionId), 1)
})

test('the same transaction at once and again is charged once and answered the same', async () => {
  const request = newRequest(cardThat('approve'))
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => running.network.authorize(request)))
  assert.equal(outcomes[0]?.outcome, 'approved')
  for (const outcome of outcomes) assert.deepEqual(outcome, outcomes[0])
  assert.deepEqual(await running.network.inquire(request), outcomes[0])
  assert.equal(await chargesOf(request.transactionId), 1)
})

test('the same transaction with another amount, card or plan is not answered', async () => {
  const request = newRequest(cardThat('approve'))
  await running.network.authorize(request)
  for (const change of [{ amount: 1005 }, { cardNumber: '4111111111111111' }, { installmentMonths: 3 }])
    assert.deepEqual(await running.network.authorize({ ...request, ...change }), { outcome: 'silent' })
  assert.deepEqual(await running.network.reverse({ ...request, amount: 1005 }), { outcome: 'silent' })
  assert.equal(await chargesOf(request.transactionId), 1)
})

test('a reversal takes the charge back once, and bars what comes later', async () => {
  const charged = newRequest(cardThat('approve'))
  await running.network.authorize(charged)
  assert.deepEqual(await running.network.reverse(charged), { outcome: 'reversed' })
  assert.deepEqual(await running.network.reverse(charged), { outcome: 'reversed' })
  assert.equal(await chargesOf(charged.transactionId), 0)
  assert.deepEqual(await running.network.inquire(charged), { outcome: 'unknown_to_network' })

  const neverSeen = newRequest(cardThat('approve'))
  assert.deepEqual(await running.network.reverse(neverSeen), { outcome: 'reversed' })
  assert.equal((await running.network.authorize(neverSeen)).outcome, 'declined')
  assert.equal(await chargesOf(neverSeen.transactionId), 0)
})

test('cancels take back what was charged, each sequence once, never more than is left', async () => {
  const charged = newRequest(cardThat('approve'))
  await running.network.authorize(charged)
  const { transactionId, amount } = charged
  const cancel = (cancelSequence: number, cancelAmount: number) =>
    running.network.cancel({ transactionId, amount, cancelSequence, cancelAmount, cancelTransactionId: transactionId })
  const first = await cancel(1, 1000)
  assert.equal(first.outcome, 'cancelled')
  assert.deepEqual(await cancel(1, 1000), first)
  assert.deepEqual(await cancel(1, 999), { outcome: 'silent' })
  assert.deepEqual(await cancel(2, 5), { outcome: 'declined', reason: 'cancel_amount_invalid' })
  assert.equal((await cancel(2, 4)).outcome, 'cancelled')
  assert.deepEqual((await ledgerTotals(running.storage)).get(transactionId), {
    charged: 1004,
    cancelled: 1004,
    reversed: 0,
  })
})

test('nothing that was never charged, declined or reversed can be cancelled', async () => {
  const cancelOf = ({ transactionId, amount }: { readonly transactionId: string; readonly amount: number }) =>
    running.network.cancel({
      transactionId,
      amount,
      cancelSequence: 1,
      cancelAmount: 1,
      cancelTransactionId: transactionId,
    })
  const rejected = { outcome: 'declined', reason: 'cancel_amount_invalid' }
  assert.deepEqual(await cancelOf(newRequest(cardThat('approve'))), rejected)
  const reversed = newRequest(cardThat('approve'))
  await running.network.authorize(reversed)
  await running.network.reverse(reversed)
  assert.deepEqual(await cancelOf(reversed), rejected)
  assert.deepEqual((await ledgerTotals(running.storage)).get(reversed.transactionId), {
    charged: 1004,
    cancelled: 0,
    reversed: 1004,
  })
})

const rejectedByRule: readonly [string, object, string][] = [
  ['a number no issuer gives out', { cardNumber: '9999000000000006' }, 'card_number_invalid'],
  ['an expiry in the past', { expiryYear: 2020 }, 'card_expired'],
  ['a check card in instalments', { cardNumber: '9406500000000005', installmentMonths: 3 }, 'installment_unsupported'],
  ['more months than issuers offer', { installmentMonths: 24 }, 'installment_months_invalid'],
]
for (const [name, changes, reason] of rejectedByRule)
  test(`declines by rule: ${name}`, async () => {
    const request = newRequest('4111111111111111', changes)
    assert.deepEqual(await running.network.authorize(request), { outcome: 'declined', reason })
  })

const unreadable: readonly string[] = ['', '{', '[]', '{"transactionId":1}', '{"transactionId":"a","amount":"1004"}']
for (const body of unreadable)
  test(`not readable: ${body}`, async () => {
    for (const verb of ['authorize', 'inquire', 'reverse', 'cancel', 'verify-card']) {
      const answer = await fetch(`${running.url}/${verb}`, { method: 'POST', body })
      assert.equal(answer.status, 400)
    }
  })

test('the ledger survives a restart and holds no card number', async () => {
  const request = newRequest(cardThat('approve'))
  const first = await running.network.authorize(request)
  await running.close()
  running = await startNetwork()
  assert.deepEqual(await running.network.authorize(request), first)
  const bytes = (await readFile(file)).toString('latin1')
  for (const { cardNumber } of testCards) assert.ok(!bytes.includes(cardNumber))
})

test('findTestCard knows the table and nothing else', () => {
  assert.equal(findTestCard('4111111111111111')?.behaviour, 'approve')
  assert.equal(findTestCard('4012888888881881'), undefined)
})
