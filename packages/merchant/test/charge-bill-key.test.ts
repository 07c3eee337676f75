import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type ApprovalOutcome,
  chargeBillKey,
  FieldError,
  type MerchantConfig,
  memoryJournal,
  type PaymentJournal,
  recover,
} from '../src/index.ts'
import { billKey, charge } from './bill-keys.ts'
import { type BillingGateway, createBillingGateway } from './billing-gateway.ts'
import { openSqliteRecords } from './journals.ts'
import { merchantAt } from './samples.ts'

interface Shop {
  readonly gateway: BillingGateway
  readonly journal: PaymentJournal<undefined>
  readonly timesPaid: readonly string[]
  charge(changes?: Partial<typeof charge>, journal?: PaymentJournal<undefined>): Promise<ApprovalOutcome>
  /** One run of a cron job: charges, and marks paid what is approved. */
  run(journal?: PaymentJournal<undefined>): Promise<ApprovalOutcome>
  recover(isWanted?: boolean): ReturnType<typeof recover>
}

function openShop(settings: Partial<MerchantConfig> = {}): Shop {
  const gateway = createBillingGateway()
  const merchant = merchantAt('http://gateway.example', { transport: gateway.transport, ...settings })
  const journal = memoryJournal()
  const timesPaid: string[] = []
  const markPaid = (payment: { transactionId: string; orderId: string; amount: number }, kept = journal) =>
    kept.markPaid(payment, () => timesPaid.push(payment.orderId))
  const shop: Shop = {
    gateway,
    journal,
    timesPaid,
    charge: (changes = {}, kept = journal) => chargeBillKey(merchant, { ...charge, ...changes }, { journal: kept }),
    async run(kept = journal) {
      const outcome = await shop.charge({}, kept)
      if (outcome.outcome === 'approved') await markPaid(outcome.payment, kept)
      return outcome
    },
    recover: (isWanted = true) =>
      recover(merchant, {
        journal,
        isWanted: () => isWanted,
        cancelPassword: '123456',
        onOutcome: (outcome) => outcome.outcome === 'approved' && markPaid(outcome.payment),
      }),
  }
  return shop
}

const onCard = ({ gateway }: Shop): number | undefined => gateway.charged.get(charge.orderId)

test('the envelope holds what the public page asks for, encrypted', async () => {
  const { gateway, charge: send } = openShop({ now: () => new Date('2025-01-02T03:04:05+09:00') })
  await send()
  assert.deepEqual(
    { ...gateway.requests[0] },
    {
      BillTokenKey: billKey,
      Mid: 'ssptest01m',
      Moid: 'ORD0001',
      EdiDate: '20250102030405',
      Amt: '1004',
      MallUserId: 'user0001',
      GoodsName: '월간 구독',
      GoodsCnt: '1',
      BuyerName: '홍길동',
      CardQuota: '00',
      VerifyValue: 'ahoLgg+8PnCw7qUeKB3g/X5eMlr3wJCw6sB/UYwpXok=',
    },
  )
})

test('an approved charge is marked paid by its transaction, and charged once', async () => {
  const shop = openShop()
  const outcome = await shop.run()
  assert.ok(outcome.outcome === 'approved')
  assert.equal(outcome.payment.transactionId, shop.gateway.transactionIdOf(charge.orderId))
  assert.deepEqual(await shop.journal.pending(), [])
  assert.partialDeepStrictEqual(await shop.run(), { outcome: 'unknown', cause: 'order_used' })
  assert.deepEqual([shop.timesPaid, shop.gateway.requests.length], [['ORD0001'], 1])
})

test('a merchant that signs its orders charges too: no browser carried this one', async () => {
  const shop = openShop({ orderSignature: { keys: ['k'.repeat(32)] } })
  assert.equal((await shop.run()).outcome, 'approved')
})

for (const fault of ['request_lost', 'answer_lost'] as const)
  for (const follow of ['run', 'recover'] as const)
    test(`${fault}: unknown, until ${follow} finds out`, async () => {
      const shop = openShop()
      shop.gateway.faults.push(fault)
      assert.partialDeepStrictEqual(await shop.run(), { outcome: 'unknown', next: 'ask_again' })
      await shop[follow]()
      assert.deepEqual([shop.timesPaid, onCard(shop)], [['ORD0001'], 1004])
      assert.deepEqual(await shop.journal.pending(), [])
    })

test('a declined charge stays declined under its number, and is charged under another', async () => {
  const shop = openShop()
  shop.gateway.declines = 'balance_insufficient'
  assert.partialDeepStrictEqual(await shop.run(), { outcome: 'declined', reason: 'balance_insufficient' })
  assert.deepEqual(await shop.journal.pending(), [])
  shop.gateway.declines = undefined
  assert.equal((await shop.run()).outcome, 'declined')
  assert.equal((await shop.charge({ orderId: 'ORD0002' })).outcome, 'approved')
  assert.equal(onCard(shop), undefined)
})

test('a rejected request is declined only while nothing was sent before', async () => {
  const shop = openShop()
  shop.gateway.declines = 'merchant_unknown'
  assert.equal((await shop.run()).outcome, 'declined')
  assert.partialDeepStrictEqual(await shop.run(), { outcome: 'unknown', cause: 'unrecognized_code' })
})

test('a key that is gone is declined, also when the charge was sent before', async () => {
  const shop = openShop()
  shop.gateway.faults.push('request_lost')
  await shop.run()
  shop.gateway.declines = 'bill_key_ended'
  assert.partialDeepStrictEqual(await shop.run(), { outcome: 'declined', reason: 'bill_key_ended' })
})

describe('nothing is sent for an order number that another charge uses', () => {
  const changes: readonly Partial<typeof charge>[] = [{ amount: 1005 }, { billKey: 'BTK0000000000000002' }]
  for (const change of changes)
    for (const fault of ['answer_lost', 'none'] as const)
      test(`${Object.keys(change)}, first ${fault}`, async () => {
        const shop = openShop()
        shop.gateway.faults.push(fault)
        await shop.charge()
        assert.partialDeepStrictEqual(await shop.charge(change), { outcome: 'unknown', cause: 'order_used' })
        assert.equal(shop.gateway.requests.length, 1)
      })

  test('another amount after a declined one', async () => {
    const shop = openShop()
    shop.gateway.declines = 'issuer_declined'
    await shop.charge()
    assert.partialDeepStrictEqual(await shop.charge({ amount: 1005 }), { outcome: 'unknown', cause: 'order_used' })
    assert.equal(shop.gateway.requests.length, 1)
  })
})

test('S608 is unknown: the earlier charge may have been approved', async () => {
  const shop = openShop()
  shop.gateway.declines = 'bill_key_order_conflict'
  assert.partialDeepStrictEqual(await shop.run(), { outcome: 'unknown', cause: 'order_used', next: 'investigate' })
  assert.equal((await shop.journal.pending()).length, 1)
})

test('two cron jobs at once charge once', async () => {
  const shop = openShop()
  await Promise.all([shop.run(), shop.run(), shop.run()])
  assert.deepEqual([shop.timesPaid, onCard(shop)], [['ORD0001'], 1004])
  assert.deepEqual(await shop.journal.pending(), [])
})

test('a charge that the shop does not want any more is refunded', async () => {
  for (const fault of ['request_lost', 'answer_lost'] as const) {
    const shop = openShop()
    shop.gateway.faults.push(fault)
    await shop.run()
    const report = await shop.recover(false)
    assert.deepEqual(report.cancelled, [shop.gateway.transactionIdOf(charge.orderId)])
    assert.deepEqual([shop.timesPaid, onCard(shop)], [[], 0])
    assert.deepEqual(await shop.journal.pending(), [])
  }
})

test('a refund whose answer was lost is seen in the repeated charge', async () => {
  const shop = openShop()
  await shop.charge()
  shop.gateway.faults.push('none', 'answer_lost')
  assert.partialDeepStrictEqual((await shop.recover(false)).pending, [{ reason: 'cancel_unknown' }])
  const transactionId = shop.gateway.transactionIdOf(charge.orderId)
  assert.deepEqual((await shop.recover(false)).cancelled, [transactionId])
  assert.deepEqual(await shop.journal.pending(), [])
  assert.deepEqual([shop.timesPaid, onCard(shop)], [[], 0])
})

describe('a charge whose answer was lost, and which another system has refunded', () => {
  const openRefundedShop = async (): Promise<Shop> => {
    const shop = openShop()
    shop.gateway.faults.push('answer_lost')
    await shop.charge()
    shop.gateway.refund(charge.orderId)
    return shop
  }

  test('recovery closes it under its transaction', async () => {
    const shop = await openRefundedShop()
    assert.deepEqual((await shop.recover()).cancelled, [shop.gateway.transactionIdOf(charge.orderId)])
    assert.deepEqual(await shop.journal.pending(), [])
  })

  test('so does the same call; without a journal of it, too', async () => {
    const shop = await openRefundedShop()
    for (const journal of [shop.journal, memoryJournal()]) {
      const outcome = await shop.charge({}, journal)
      assert.partialDeepStrictEqual(outcome, { outcome: 'declined', reason: 'already_cancelled' })
      assert.deepEqual(await journal.pending(), [])
    }
  })
})

test('a charge abandoned while its answer is lost is not charged again, and refunded', async () => {
  const shop = openShop()
  shop.gateway.faults.push('answer_lost')
  await shop.run()
  const [entry] = await shop.journal.pending()
  await shop.journal.abandon(entry?.transactionId ?? '')
  assert.partialDeepStrictEqual(await shop.run(), { outcome: 'unknown', cause: 'abandoned' })
  await shop.recover(true)
  assert.deepEqual([shop.timesPaid, onCard(shop)], [[], 0])
})

test('a notification that comes first marks the order paid; the charge is closed by it', async () => {
  const shop = openShop()
  shop.gateway.faults.push('answer_lost')
  await shop.run()
  const payment = { transactionId: shop.gateway.transactionIdOf('ORD0001'), orderId: 'ORD0001', amount: 1004 }
  assert.equal(await shop.journal.markPaid(payment, () => {}), true)
  await shop.recover()
  assert.deepEqual(await shop.journal.pending(), [])
  assert.deepEqual([shop.timesPaid, onCard(shop)], [[], 1004])
})

/** Every write of the journal fails once, as if the shop had crashed there; afterwards the cron job runs again. */
test('a crash at any write of the journal charges once and pays once', async () => {
  for (const fault of ['none', 'answer_lost', 'request_lost'] as const)
    for (const follow of ['run', 'recover'] as const)
      for (let crashAt = 0; crashAt < 6; crashAt++) {
        const shop = openShop()
        shop.gateway.faults.push(fault)
        await shop.run(crashing(shop.journal, crashAt)).catch(() => {})
        await shop[follow]()
        await shop.run()
        await shop.recover()
        assert.deepEqual([shop.timesPaid, onCard(shop)], [['ORD0001'], 1004], `${fault} ${follow} ${crashAt}`)
        assert.deepEqual(await shop.journal.pending(), [])
      }
})

function crashing(journal: PaymentJournal<undefined>, crashAt: number): PaymentJournal<undefined> {
  let calls = 0
  const write =
    <Arguments extends unknown[], Result>(method: (...given: Arguments) => Promise<Result>) =>
    (...given: Arguments): Promise<Result> =>
      calls++ >= crashAt ? Promise.reject(new Error('crashed')) : method(...given)
  return {
    ...journal,
    begin: write(journal.begin),
    recordOutcome: write(journal.recordOutcome),
    abandon: write(journal.abandon),
    markPaid: write(journal.markPaid),
  }
}

test('an invalid charge is rejected before anything is stored', async () => {
  const shop = openShop()
  await assert.rejects(shop.charge({ orderId: 'no blanks' }), FieldError)
  assert.deepEqual(await shop.journal.pending(), [])
})

test('the journal holds neither the bill key nor the buyer in clear', async (t) => {
  const records = openSqliteRecords()
  t.after(records.close)
  const gateway = createBillingGateway()
  gateway.faults.push('answer_lost')
  const merchant = merchantAt('http://gateway.example', { transport: gateway.transport })
  await chargeBillKey(merchant, charge, { journal: records.journal })
  const stored = JSON.stringify(await records.storedTickets())
  assert.ok(stored.length > 100)
  for (const secret of [billKey, '홍길동']) assert.ok(!stored.includes(secret))
  const again = await chargeBillKey(merchant, charge, { journal: records.journal })
  assert.equal(again.outcome, 'approved')
})

test('a charge that was stored with another merchantKey says so, without it', async () => {
  const shop = openShop()
  shop.gateway.faults.push('request_lost')
  await shop.run()
  const changed = merchantAt('http://gateway.example', { merchantKey: `N${'x'.repeat(87)}` })
  const options = { journal: shop.journal, isWanted: () => true, onOutcome: () => {} }
  const [remaining] = (await recover(changed, options)).pending
  assert.equal(remaining?.reason, 'shop_error')
  assert.match(String(remaining?.error), /ORD0001 was stored with another merchantKey/)
})
