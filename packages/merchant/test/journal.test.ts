import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, suite, test } from 'node:test'
import type pg from 'pg'
import { creditOnce, type JournalEntry, type Settlement, type Standing } from '../src/index.ts'
import { openMemoryRecords, openPostgresRecords, openSqliteRecords, type ShopRecords } from './journals.ts'
import { type PostgresServer, startPostgres } from './postgres.ts'
import { approvalTicket, transactionId } from './samples.ts'

let postgres: PostgresServer | undefined
before(async () => {
  postgres = await startPostgres()
})
after(async () => postgres?.stop())

const entryOf = (number: number, orderId = `ORD${number}`): JournalEntry => ({
  transactionId: transactionId.replace(/\d{4}$/, String(number)),
  approvalTicket,
  expected: { amount: 1004, orderId },
  intendedAt: new Date(Date.UTC(2025, 0, 2) + number),
})
const entry = entryOf(1001)
const payment = { transactionId: entry.transactionId, ...entry.expected }

const kinds: Readonly<Record<string, () => ShopRecords | Promise<ShopRecords>>> = {
  memory: openMemoryRecords,
  sqlite: () => openSqliteRecords(),
  postgres: () => openPostgresRecords(postgres as PostgresServer),
}

for (const [kind, open] of Object.entries(kinds)) {
  suite(`a journal in ${kind}`, () => {
    let records: ShopRecords
    beforeEach(async () => {
      records = await open()
    })
    afterEach(() => records.close())

    const openIds = async (): Promise<readonly string[]> =>
      (await records.journal.openEntries()).map((found) => found.transactionId)
    const credit = (what = payment): Promise<boolean> =>
      creditOnce(records.journal, what, records.creditOrder(what.orderId))

    test('gives back what was intended, oldest first', async () => {
      const later = entryOf(1002)
      assert.equal(await records.journal.intend(later), 'new')
      assert.equal(await records.journal.intend(entry), 'new')
      const isOpen = { isApproved: false, isGivenUp: false }
      assert.deepEqual(
        new Set(await records.journal.openEntries()),
        new Set([
          { ...entry, ...isOpen },
          { ...later, ...isOpen },
        ]),
      )
      if (kind !== 'memory') assert.deepEqual(await openIds(), [entry.transactionId, later.transactionId])
    })

    test('an intent again changes nothing', async () => {
      await records.journal.intend(entry)
      const again = { ...entry, expected: { amount: 1, orderId: 'OTHER' }, approvalTicket: 'f'.repeat(64) }
      assert.equal(await records.journal.intend(again), 'known')
      const [found] = await records.journal.openEntries()
      assert.deepEqual(found?.expected, entry.expected)
      assert.equal(found?.approvalTicket, approvalTicket)
    })

    type Step = Settlement | 'give_up' | 'credit'
    async function apply(step: Step): Promise<void> {
      if (step === 'credit') await credit()
      else if (step === 'give_up') assert.ok(await records.journal.giveUp(entry.transactionId))
      else await records.journal.settle(entry.transactionId, step)
    }

    const afterwards: readonly (readonly [
      name: string,
      steps: readonly Step[],
      isOpen: boolean,
      standing: Standing,
      canBeCredited: boolean,
    ])[] = [
      ['an intent', [], true, 'known', true],
      ['an approval', ['approved'], true, 'known', true],
      ['a refusal', ['declined'], false, 'known', true],
      ['a reversal', ['reversed'], false, 'known', false],
      ['a cancellation', ['cancelled'], false, 'closed', false],
      ['a credit', ['approved', 'credit'], false, 'known', false],
      ['a credit and a late approval', ['credit', 'approved'], false, 'known', false],
      ['a credit and a refusal', ['credit', 'declined'], false, 'known', false],
      ['a credit that was cancelled', ['credit', 'cancelled'], false, 'closed', false],
      ['giving up', ['give_up'], true, 'closed', false],
      ['giving up and a late approval', ['give_up', 'approved'], true, 'closed', false],
      ['giving up after the approval', ['approved', 'give_up'], true, 'closed', false],
      ['giving up what then was declined', ['give_up', 'declined'], false, 'known', true],
      ['giving up what then was cancelled', ['give_up', 'cancelled'], false, 'closed', false],
      ['an approval and a late refusal', ['approved', 'declined'], true, 'known', true],
      ['an approval and a late reversal', ['approved', 'reversed'], true, 'known', true],
      [
        'an approval that was given up and then called declined',
        ['approved', 'give_up', 'declined'],
        true,
        'closed',
        false,
      ],
      [
        'giving up what then was approved and called declined',
        ['give_up', 'approved', 'declined'],
        true,
        'closed',
        false,
      ],
      ['an approval that was given up and cancelled', ['approved', 'give_up', 'cancelled'], false, 'closed', false],
    ]
    for (const [name, steps, isOpen, standing, canBeCredited] of afterwards) {
      test(`after ${name}: open ${isOpen}, ${standing}, can be credited ${canBeCredited}`, async () => {
        await records.journal.intend(entry)
        for (const step of steps) await apply(step)
        assert.equal((await openIds()).length > 0, isOpen)
        assert.equal((await records.storedTickets()).length > 0, isOpen && kind !== 'memory')
        const credited = await records.timesCredited(entry.expected.orderId)
        assert.equal(await credit(), canBeCredited)
        assert.equal(await records.timesCredited(entry.expected.orderId), credited + (canBeCredited ? 1 : 0))
        if (!canBeCredited) assert.equal(await records.journal.intend(entry), standing)
      })
    }

    test('what was approved and given up is known to be both, in either order', async () => {
      const second = entryOf(1002)
      for (const each of [entry, second]) await records.journal.intend(each)
      await records.journal.settle(entry.transactionId, 'approved')
      await records.journal.giveUp(entry.transactionId)
      await records.journal.giveUp(second.transactionId)
      await records.journal.settle(second.transactionId, 'approved')
      await records.journal.giveUp(entry.transactionId)
      for (const found of await records.journal.openEntries())
        assert.partialDeepStrictEqual(found, { isApproved: true, isGivenUp: true })
      assert.equal((await openIds()).length, 2)
    })

    test('it finds what it knows: the state, and what was intended also when the entry is closed', async () => {
      const find = () => records.journal.find(entry.transactionId)
      const { expected } = entry
      assert.equal(await find(), undefined)
      await records.journal.intend(entry)
      assert.deepEqual(await find(), { state: 'intended', expected })
      await records.journal.settle(entry.transactionId, 'declined')
      assert.deepEqual(await find(), { state: 'declined', expected })
      await credit()
      assert.deepEqual(await find(), { state: 'credited', expected })
      await records.journal.settle(entry.transactionId, 'cancelled')
      assert.deepEqual(await find(), { state: 'cancelled', expected })
      const unheard = entryOf(1002).transactionId
      await records.journal.settle(unheard, 'cancelled')
      assert.deepEqual(await records.journal.find(unheard), { state: 'cancelled' })
    })

    test('a declined payment is never credited with another amount, or for another order', async () => {
      await records.journal.intend(entry)
      await records.journal.settle(entry.transactionId, 'declined')
      await assert.rejects(credit({ ...payment, amount: 1 }), /1004 won, not .* 1 won/)
      await assert.rejects(credit({ ...payment, orderId: 'OTHER' }), /order ORD1001/)
      assert.equal(await credit(), true)
    })

    test('a declined payment that is asked for again is open again', async () => {
      await records.journal.intend(entry)
      await records.journal.settle(entry.transactionId, 'declined')
      assert.equal(await records.journal.intend(entry), 'known')
      assert.deepEqual(await openIds(), [entry.transactionId])
    })

    test('what is credited or unknown cannot be given up', async () => {
      assert.equal(await records.journal.giveUp(entry.transactionId), false)
      await records.journal.intend(entry)
      await credit()
      assert.equal(await records.journal.giveUp(entry.transactionId), false)
    })

    test('a notice that comes before the intent credits, and the return finds it credited', async () => {
      assert.equal(await credit(), true)
      assert.equal(await records.journal.intend(entry), 'known')
      assert.equal(await credit(), false)
      assert.equal(await records.timesCredited(payment.orderId), 1)
      assert.deepEqual(await openIds(), [])
    })

    test('a cancellation that comes before the intent is remembered', async () => {
      await records.journal.settle(entry.transactionId, 'cancelled')
      assert.equal(await records.journal.intend(entry), 'closed')
      assert.equal(await credit(), false)
    })

    test('fifty at once credit once', async () => {
      await records.journal.intend(entry)
      const credits = await Promise.all(Array.from({ length: 50 }, () => credit()))
      assert.equal(credits.filter((isCredited) => isCredited).length, 1)
      assert.equal(await records.timesCredited(payment.orderId), 1)
    })

    test('an update that throws takes the mark back, and the next one credits', async () => {
      await records.journal.intend(entry)
      const failing = creditOnce(records.journal, payment, (connection) => {
        records.creditOrder(payment.orderId)(kind === 'memory' ? undefined : connection)
        throw new Error('the shop is full')
      })
      await assert.rejects(failing, /the shop is full/)
      assert.deepEqual(await openIds(), [entry.transactionId])
      if (kind !== 'memory') assert.equal(await records.timesCredited(payment.orderId), 0)
      assert.equal(await credit(), true)
    })

    test('another order or amount than intended is never credited', async () => {
      await records.journal.intend(entry)
      await assert.rejects(credit({ ...payment, amount: 1005 }), /1004 won, not .* 1005 won/)
      await assert.rejects(credit({ ...payment, orderId: 'OTHER' }), /order ORD1001/)
      assert.equal(await records.timesCredited('OTHER'), 0)
      assert.equal(await credit(), true)
    })

    test('two payments of one order credit it once, and the second stays open to be given up', async () => {
      const second = entryOf(1002, entry.expected.orderId)
      for (const each of [entry, second]) {
        await records.journal.intend(each)
        await records.journal.settle(each.transactionId, 'approved')
      }
      const both = [entry, second].map((each) => credit({ transactionId: each.transactionId, ...each.expected }))
      assert.deepEqual((await Promise.all(both)).sort(), [false, true])
      assert.equal(await records.timesCredited(payment.orderId), 1)
      const [left] = await openIds()
      assert.ok(left !== undefined && (await records.journal.giveUp(left)))
    })

    test('an order whose payment was cancelled can be paid by another', async () => {
      const second = entryOf(1002, entry.expected.orderId)
      await records.journal.intend(entry)
      await credit()
      await records.journal.settle(entry.transactionId, 'cancelled')
      await records.journal.intend(second)
      assert.equal(await credit({ transactionId: second.transactionId, ...second.expected }), true)
    })
  })
}

test('what PostgreSQL silently took back is not called credited', async () => {
  const records = await openPostgresRecords(postgres as PostgresServer)
  await records.journal.intend(entry)
  const update = async (connection: unknown): Promise<void> => {
    await records.creditOrder(payment.orderId)(connection)
    await (connection as pg.PoolClient).query('insert into letters values (1)').catch(() => {})
  }
  await assert.rejects(creditOnce(records.journal, payment, update), /nothing was credited/)
  assert.equal(await records.timesCredited(payment.orderId), 0)
  assert.equal((await records.journal.openEntries()).length, 1)
})

test('on PostgreSQL what the journal writes outlives a transaction of the shop that is rolled back', async () => {
  const server = postgres as PostgresServer
  const records = await openPostgresRecords(server)
  const second = entryOf(1002)
  const failing = creditOnce(records.journal, payment, async () => {
    await records.journal.intend(second)
    await records.journal.settle(second.transactionId, 'approved')
    await records.journal.giveUp(second.transactionId)
    throw new Error('the shop rolls back')
  })
  await assert.rejects(failing, /the shop rolls back/)
  assert.equal(await records.journal.find(entry.transactionId), undefined)
  assert.equal((await records.journal.find(second.transactionId))?.state, 'approved_given_up')
})
