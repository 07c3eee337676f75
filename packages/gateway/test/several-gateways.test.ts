import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { until } from '../../../test/support/until.ts'
import { chargeBillKey, memoryJournal, registerBillKey } from '../../merchant/src/index.ts'
import { type PostgresServer, startPostgres } from '../../merchant/test/postgres.ts'
import { approve } from '../src/approval/approve.ts'
import { expireForgotten } from '../src/approval/close-payment.ts'
import type { ApprovalContext } from '../src/approval/record-outcome.ts'
import { resolveUnresolved } from '../src/approval/resolve.ts'
import { claimIndeterminate, eventsOf, findPayment } from '../src/approval/store.ts'
import { claimIndeterminateCancellations } from '../src/cancellation/store.ts'
import type { CardNetwork, NetworkReference } from '../src/card-network/port.ts'
import { saveMerchant } from '../src/merchants/store.ts'
import { startDelivery } from '../src/notifications/start-delivery.ts'
import { claimNotifications, saveNotificationTarget } from '../src/notifications/store.ts'
import { realRuntime } from '../src/runtime.ts'
import { authenticatedPayment, testMerchant } from './approval/support.ts'
import { card, policy, shopAt } from './bill-keys/support.ts'
import { delivering, enqueue, startShop } from './notifications/support.ts'
import { createTestContext, type TestContext } from './support.ts'
import { openTestPostgres } from './test-storage.ts'

let server: PostgresServer

before(async () => {
  server = await startPostgres()
})
after(() => server.stop())

/** Gateways as processes of their own have them: connections, keys and memory each, and one database. */
async function openGateways(
  t: { after(work: () => Promise<void>): void },
  count: number,
  options: Parameters<typeof createTestContext>[0] = {},
): Promise<readonly TestContext[]> {
  const url = await server.createSchema()
  const openStorage = () => openTestPostgres(url)
  const gateways = await Promise.all(
    Array.from({ length: count }, () => createTestContext({ ...options, openStorage })),
  )
  t.after(async () => void (await Promise.all(gateways.map((gateway) => gateway.close()))))
  await saveMerchant((gateways[0] as TestContext).context, testMerchant)
  return gateways
}

const mostRounds = 10_000

const pause = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs))

/** Silent about every approval; it notes what it is asked about later, and answers that after `held`. */
function silentNetwork(inquiry: Awaited<ReturnType<CardNetwork['inquire']>>, held?: Promise<void>) {
  const asked: string[] = []
  const note = async ({ transactionId }: NetworkReference): Promise<void> => {
    asked.push(transactionId)
    await held
  }
  const cardNetwork: CardNetwork = {
    authorize: async () => ({ outcome: 'silent' }),
    async inquire(payment) {
      await note(payment)
      return inquiry
    },
    async reverse(payment) {
      await note(payment)
      return { outcome: 'silent' }
    },
    async cancel(request) {
      await note(request)
      return { outcome: 'silent' }
    },
    verifyCard: async () => ({ outcome: 'unreachable' }),
  }
  return { asked, cardNetwork }
}

const approvalOf = (gateway: TestContext, cardNetwork: CardNetwork): ApprovalContext => ({
  ...gateway.context,
  cardNetwork,
})

async function unresolvedPayments(gateway: ApprovalContext, count: number): Promise<readonly string[]> {
  const tickets = await Promise.all(Array.from({ length: count }, () => authenticatedPayment(gateway)))
  await Promise.all(tickets.map((ticket) => approve(gateway, ticket)))
  return tickets.map(({ transactionId }) => transactionId).sort()
}

test('concurrent claims take every due notification once, and none takes more than it asked for', async (t) => {
  const gateways = await openGateways(t, 2)
  const [{ context }] = gateways as [TestContext]
  await saveNotificationTarget(context, {
    merchantId: testMerchant.merchantId,
    url: 'http://127.0.0.1:1/',
    charset: 'utf-8',
    intervalMinutes: 1,
    maxAttempts: 1,
    webhookKeys: [],
  })
  const ids = Array.from({ length: 90 }, (_, index) => `PAYMENT${index}`).sort()
  await enqueue(
    context,
    ids.flatMap((transactionId) => [4, 5].map((sequence) => ({ transactionId, sequence }))),
  )

  const now = context.runtime.now()
  const wanted = { now, until: new Date(now.getTime() + 30_000), limit: 7, except: [] }
  const taken: string[] = []
  const takeAll = async (gateway: TestContext): Promise<void> => {
    for (let round = 0; taken.length < ids.length; round++) {
      assert.ok(round < mostRounds, `${taken.length} taken`)
      const claimed = await claimNotifications(gateway.context, wanted)
      assert.ok(claimed.length <= wanted.limit, `${claimed.length} instead of ${wanted.limit}`)
      for (const { transactionId, sequence } of claimed) {
        assert.equal(sequence, 4, 'the second waits for the first')
        taken.push(transactionId)
      }
    }
  }
  await Promise.all([...gateways, ...gateways, ...gateways].map(takeAll))
  assert.deepEqual(taken.sort(), ids)
})

test('two gateways that deliver send a shop every notification once', async (t) => {
  const gateways = await openGateways(t, 2, { runtime: { now: realRuntime.now } })
  const [{ context }] = gateways as [TestContext]
  const shop = await startShop()
  t.after(shop.close)
  const { url } = shop
  await saveNotificationTarget(context, {
    merchantId: testMerchant.merchantId,
    url,
    charset: 'utf-8',
    intervalMinutes: 1,
    maxAttempts: 3,
    webhookKeys: [],
  })
  const stops = gateways.map((gateway) =>
    startDelivery(delivering(gateway.context), { maxInFlight: 16, pollEveryMs: 20 }),
  )
  for (let round = 0; round < 5; round++)
    await enqueue(
      context,
      Array.from({ length: 20 }, (_, index) => ({ transactionId: `PAYMENT${round}-${index}` })),
    )
  await until(() => shop.received.length >= 100, { what: 'a hundred notifications' })
  await pause(200)
  await Promise.all(stops.map((stop) => stop()))
  assert.equal(shop.received.length, 100)
  assert.equal(new Set(shop.received.map(({ transactionId }) => transactionId)).size, 100)
})

test('two gateways ask the card network about each indeterminate payment once, and both may ask again afterwards', async (t) => {
  const gateways = await openGateways(t, 2)
  const answers = Promise.withResolvers<void>()
  t.after(async () => answers.resolve())
  const { asked, cardNetwork } = silentNetwork({ outcome: 'silent' }, answers.promise)
  const [one, other] = gateways.map((gateway) => approvalOf(gateway, cardNetwork)) as [ApprovalContext, ApprovalContext]
  const ids = await unresolvedPayments(one, 30)
  const round = resolveUnresolved(one)
  await until(() => asked.length > 0, { what: 'the first inquiry' })
  // Held answers hold the claims: the other gateway finds nothing, and ends.
  await Promise.race([resolveUnresolved(other), until(() => asked.length > ids.length, { what: 'a second inquiry' })])
  assert.deepEqual([...asked].sort(), ids)
  answers.resolve()
  await round

  await resolveUnresolved(other)
  assert.deepEqual([...asked].sort(), [...ids, ...ids].sort(), 'who has asked in vain leaves them to everybody')
})

test('a payment that a dead gateway had claimed is resolved by another once the claim has expired', async (t) => {
  const [dead, alive] = (await openGateways(t, 2)) as [TestContext, TestContext]
  const network = silentNetwork({ outcome: 'unknown_to_network' })
  const gateway = approvalOf(alive, network.cardNetwork)
  const [transactionId = ''] = await unresolvedPayments(gateway, 1)
  const at = dead.context.runtime.now()
  assert.equal(
    (await claimIndeterminate(dead.context, { at, until: new Date(at.getTime() + 5_000), limit: 10 })).length,
    1,
  )

  alive.clock.advance(4_999)
  await resolveUnresolved(gateway)
  assert.deepEqual(network.asked, [])
  alive.clock.advance(1)
  await resolveUnresolved(gateway)
  assert.equal((await findPayment(gateway, transactionId))?.state, 'reversing')
})

test('two gateways charge a bill key once for one order', async (t) => {
  const gateways = await openGateways(t, 2)
  const [{ context }] = gateways as [TestContext]
  const asked: string[] = []
  const cardNetwork: CardNetwork = {
    ...silentNetwork({ outcome: 'silent' }).cardNetwork,
    async authorize({ transactionId }) {
      asked.push(transactionId)
      await pause(20)
      const approvedAt = context.runtime.now()
      return {
        outcome: 'approved',
        approvalNumber: '30001234',
        approvedAt,
        issuerCode: '04',
        acquirerCode: '04',
        cardKind: 'credit',
      }
    },
    verifyCard: async () => ({ outcome: 'verified' }),
  }
  await saveMerchant(context, { ...testMerchant, billKeys: policy })
  const shops = gateways.map((gateway) => shopAt(approvalOf(gateway, cardNetwork)))
  const [shop] = shops as [ReturnType<typeof shopAt>]
  const issued = await registerBillKey(shop, card)
  assert.equal(issued.outcome, 'issued', JSON.stringify(issued))
  const billKey = issued.outcome === 'issued' ? issued.exposeBillKey() : ''
  const charge = { billKey, amount: 9_900, customerId: card.customerId, goodsName: '월간 구독', buyerName: '김구독' }
  const orders = Array.from({ length: 8 }, (_, cycle) => `CYCLE-${cycle}`)
  const chargeAll = (orderId: string) =>
    Promise.all(shops.map((one) => chargeBillKey(one, { ...charge, orderId }, { journal: memoryJournal() })))
  const outcomes = await Promise.all(orders.map(chargeAll))
  assert.equal(asked.length, orders.length)
  // A gateway that does not run the charge says so, or has waited for its outcome.
  assert.ok(outcomes.flat().every(({ outcome }) => outcome !== 'declined'))
  const again = await Promise.all(orders.map(chargeAll))
  const ids = again.flat().map((outcome) => (outcome.outcome === 'approved' ? outcome.payment.transactionId : ''))
  assert.deepEqual([...new Set(ids)].sort(), asked.sort())
})

test('many claims at once take every unanswered cancellation once', async (t) => {
  const gateways = await openGateways(t, 2)
  const [{ context }] = gateways as [TestContext]
  const ids = Array.from({ length: 60 }, (_, index) => `PAYMENT${index}`).sort()
  await context.storage.transact(async (transaction) => {
    for (const id of ids)
      await transaction.write(
        `insert into cancellations (transaction_id, cancel_sequence, merchant_id, amount, scope, state, cancel_number,
           requested_at, last_asked_at) values (?1, 1, 'ssptest01m', 100, 'full', 'asking', ?1, 0, 0)`,
        [id],
      )
  })
  const at = context.runtime.now()
  const wanted = { at, askedBefore: new Date(at.getTime() - 1), markedBefore: at, limit: 7 }
  const taken: string[] = []
  const takeAll = async (gateway: TestContext): Promise<void> => {
    for (let round = 0; taken.length < ids.length; round++) {
      assert.ok(round < mostRounds, `${taken.length} taken`)
      const found = await claimIndeterminateCancellations(gateway.context, wanted)
      assert.ok(found.length <= wanted.limit, `${found.length} instead of ${wanted.limit}`)
      taken.push(...found.map(({ transactionId }) => transactionId))
    }
  }
  await Promise.all([...gateways, ...gateways, ...gateways].map(takeAll))
  assert.deepEqual(taken.sort(), ids)
})

test('two gateways that close what nobody came back to write one event each', async (t) => {
  const gateways = await openGateways(t, 2)
  const [first] = gateways as [TestContext]
  const { cardNetwork } = silentNetwork({ outcome: 'silent' })
  const gateway = approvalOf(first, cardNetwork)
  const tickets = await Promise.all(Array.from({ length: 20 }, () => authenticatedPayment(gateway)))
  for (const { clock } of gateways) clock.advance(gateway.settings.ticketLifeMs)
  await Promise.all(gateways.map(({ context }) => expireForgotten(context)))
  for (const { transactionId } of tickets) {
    const events = await eventsOf(gateway, transactionId)
    assert.deepEqual(
      events.map(({ to }) => to),
      ['requested', 'authenticated', 'expired'],
    )
  }
})
