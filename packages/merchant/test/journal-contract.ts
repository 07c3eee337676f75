import assert from 'node:assert/strict'
import { afterEach, beforeEach, suite, test } from 'node:test'
import type { BeginResult, JournalEntry, RecordedOutcome } from '../src/index.ts'
import type { ShopRecords } from './journals.ts'
import { approvalTicket, transactionId } from './samples.ts'

export const entryOf = (number: number, orderId = `ORD${number}`): JournalEntry => ({
  transactionId: transactionId.replace(/\d{4}$/, String(number)),
  approvalTicket,
  expected: { amount: 1004, orderId },
  begunAt: new Date(Date.UTC(2025, 0, 2) + number),
})
export const entry = entryOf(1001)
export const payment = { transactionId: entry.transactionId, ...entry.expected }

/** Asserts that writes on the journal's own connections survive a rollback of the shop's transaction. */
export async function assertOutlivesRollback({ journal }: ShopRecords): Promise<void> {
  const second = entryOf(1002)
  const failing = journal.markPaid(payment, async () => {
    await journal.begin(second)
    await journal.recordOutcome(second.transactionId, 'approved')
    await journal.abandon(second.transactionId)
    throw new Error('the shop rolls back')
  })
  await assert.rejects(failing, /the shop rolls back/)
  assert.equal(await journal.find(entry.transactionId), undefined)
  assert.equal((await journal.find(second.transactionId))?.state, 'approved_abandoned')
}

/** Contract of every journal. */
export function testJournal(kind: string, open: () => ShopRecords | Promise<ShopRecords>): void {
  suite(`a journal in ${kind}`, () => {
    let records: ShopRecords
    beforeEach(async () => {
      records = await open()
    })
    afterEach(() => records.close())

    const openIds = async (): Promise<readonly string[]> =>
      (await records.journal.pending()).map((found) => found.transactionId)
    const markPaid = (what = payment): Promise<boolean> =>
      records.journal.markPaid(what, records.markOrderPaid(what.orderId))

    test('what has begun is pending, oldest first', async () => {
      const later = entryOf(1002)
      assert.equal(await records.journal.begin(later), 'new')
      assert.equal(await records.journal.begin(entry), 'new')
      const isOpen = { isApproved: false, isAbandoned: false }
      assert.deepEqual(
        new Set(await records.journal.pending()),
        new Set([
          { ...entry, ...isOpen },
          { ...later, ...isOpen },
        ]),
      )
      if (kind !== 'memory') assert.deepEqual(await openIds(), [entry.transactionId, later.transactionId])
    })

    test('a second begin changes nothing', async () => {
      await records.journal.begin(entry)
      const again = { ...entry, expected: { amount: 1, orderId: 'OTHER' }, approvalTicket: 'f'.repeat(64) }
      assert.equal(await records.journal.begin(again), 'known')
      const [found] = await records.journal.pending()
      assert.deepEqual(found?.expected, entry.expected)
      assert.equal(found?.approvalTicket, approvalTicket)
    })

    type Step = RecordedOutcome | 'abandon' | 'mark_paid'
    async function apply(step: Step): Promise<void> {
      if (step === 'mark_paid') await markPaid()
      else if (step === 'abandon') assert.ok(await records.journal.abandon(entry.transactionId))
      else await records.journal.recordOutcome(entry.transactionId, step)
    }

    const afterwards: readonly (readonly [
      name: string,
      steps: readonly Step[],
      isOpen: boolean,
      standing: BeginResult,
      canBePaid: boolean,
    ])[] = [
      ['begin', [], true, 'known', true],
      ['an approval', ['approved'], true, 'known', true],
      ['a decline', ['declined'], false, 'known', true],
      ['a reversal', ['reversed'], false, 'known', false],
      ['a cancellation', ['cancelled'], false, 'closed', false],
      ['marking paid', ['approved', 'mark_paid'], false, 'known', false],
      ['marking paid and a late approval', ['mark_paid', 'approved'], false, 'known', false],
      ['marking paid and a decline', ['mark_paid', 'declined'], false, 'known', false],
      ['marking paid and a cancellation', ['mark_paid', 'cancelled'], false, 'closed', false],
      ['abandoning', ['abandon'], true, 'closed', false],
      ['abandoning and a late approval', ['abandon', 'approved'], true, 'closed', false],
      ['abandoning after the approval', ['approved', 'abandon'], true, 'closed', false],
      ['abandoning what then was declined', ['abandon', 'declined'], false, 'known', true],
      ['abandoning what then was cancelled', ['abandon', 'cancelled'], false, 'closed', false],
      ['an approval and a late decline', ['approved', 'declined'], true, 'known', true],
      ['an approval and a late reversal', ['approved', 'reversed'], true, 'known', true],
      [
        'an approval that was abandoned and then called declined',
        ['approved', 'abandon', 'declined'],
        true,
        'closed',
        false,
      ],
      [
        'abandoning what then was approved and called declined',
        ['abandon', 'approved', 'declined'],
        true,
        'closed',
        false,
      ],
      [
        'abandoning what then was to be marked paid and called declined',
        ['abandon', 'mark_paid', 'declined'],
        true,
        'closed',
        false,
      ],
      ['an approval that was abandoned and cancelled', ['approved', 'abandon', 'cancelled'], false, 'closed', false],
    ]
    for (const [name, steps, isOpen, standing, canBePaid] of afterwards) {
      test(`after ${name}: open ${isOpen}, ${standing}, can be marked paid ${canBePaid}`, async () => {
        await records.journal.begin(entry)
        for (const step of steps) await apply(step)
        assert.equal((await openIds()).length > 0, isOpen)
        assert.equal((await records.storedTickets()).length > 0, isOpen && kind !== 'memory')
        const paid = await records.timesPaid(entry.expected.orderId)
        assert.equal(await markPaid(), canBePaid)
        assert.equal(await records.timesPaid(entry.expected.orderId), paid + (canBePaid ? 1 : 0))
        if (!canBePaid) assert.equal(await records.journal.begin(entry), standing)
      })
    }

    test('what was approved and abandoned is known to be both, in either order', async () => {
      const second = entryOf(1002)
      for (const each of [entry, second]) await records.journal.begin(each)
      await records.journal.recordOutcome(entry.transactionId, 'approved')
      await records.journal.abandon(entry.transactionId)
      await records.journal.abandon(second.transactionId)
      await records.journal.recordOutcome(second.transactionId, 'approved')
      await records.journal.abandon(entry.transactionId)
      for (const found of await records.journal.pending())
        assert.partialDeepStrictEqual(found, { isApproved: true, isAbandoned: true })
      assert.equal((await openIds()).length, 2)
    })

    test('it finds what it knows: the state, and what was expected also when the entry is closed', async () => {
      const find = () => records.journal.find(entry.transactionId)
      const { expected } = entry
      assert.equal(await find(), undefined)
      await records.journal.begin(entry)
      assert.deepEqual(await find(), { state: 'begun', expected })
      await records.journal.recordOutcome(entry.transactionId, 'declined')
      assert.deepEqual(await find(), { state: 'declined', expected })
      await markPaid()
      assert.deepEqual(await find(), { state: 'paid', expected })
      await records.journal.recordOutcome(entry.transactionId, 'cancelled')
      assert.deepEqual(await find(), { state: 'cancelled', expected })
      const unheard = entryOf(1002).transactionId
      await records.journal.recordOutcome(unheard, 'cancelled')
      assert.deepEqual(await records.journal.find(unheard), { state: 'cancelled' })
    })

    test('a declined payment is never marked paid with another amount, or for another order', async () => {
      await records.journal.begin(entry)
      await records.journal.recordOutcome(entry.transactionId, 'declined')
      await assert.rejects(markPaid({ ...payment, amount: 1 }), /1004 won, not .* 1 won/)
      await assert.rejects(markPaid({ ...payment, orderId: 'OTHER' }), /order ORD1001/)
      assert.equal(await markPaid(), true)
    })

    test('a declined payment that is asked for again is open again', async () => {
      await records.journal.begin(entry)
      await records.journal.recordOutcome(entry.transactionId, 'declined')
      assert.equal(await records.journal.begin(entry), 'known')
      assert.deepEqual(await openIds(), [entry.transactionId])
    })

    test('a paid or unknown payment cannot be abandoned', async () => {
      assert.equal(await records.journal.abandon(entry.transactionId), false)
      await records.journal.begin(entry)
      await markPaid()
      assert.equal(await records.journal.abandon(entry.transactionId), false)
    })

    test('a notification that comes before the journal entry marks the order paid, and the return finds it paid', async () => {
      assert.equal(await markPaid(), true)
      assert.equal(await records.journal.begin(entry), 'known')
      assert.equal(await markPaid(), false)
      assert.equal(await records.timesPaid(payment.orderId), 1)
      assert.deepEqual(await openIds(), [])
    })

    test('a cancellation that comes before the journal entry is remembered', async () => {
      await records.journal.recordOutcome(entry.transactionId, 'cancelled')
      assert.equal(await records.journal.begin(entry), 'closed')
      assert.equal(await markPaid(), false)
    })

    test('fifty concurrent calls mark the order paid once', async () => {
      await records.journal.begin(entry)
      const timesMarkedPaid = await Promise.all(Array.from({ length: 50 }, () => markPaid()))
      assert.equal(timesMarkedPaid.filter((isPaid) => isPaid).length, 1)
      assert.equal(await records.timesPaid(payment.orderId), 1)
    })

    test('an update that throws undoes the mark, and the next one marks the order paid', async () => {
      await records.journal.begin(entry)
      const failing = records.journal.markPaid(payment, (connection) => {
        records.markOrderPaid(payment.orderId)(kind === 'memory' ? undefined : connection)
        throw new Error('the shop is full')
      })
      await assert.rejects(failing, /the shop is full/)
      assert.deepEqual(await openIds(), [entry.transactionId])
      if (kind !== 'memory') assert.equal(await records.timesPaid(payment.orderId), 0)
      assert.equal(await markPaid(), true)
    })

    test('another order or amount than expected is never marked paid', async () => {
      await records.journal.begin(entry)
      await assert.rejects(markPaid({ ...payment, amount: 1005 }), /1004 won, not .* 1005 won/)
      await assert.rejects(markPaid({ ...payment, orderId: 'OTHER' }), /order ORD1001/)
      assert.equal(await records.timesPaid('OTHER'), 0)
      assert.equal(await markPaid(), true)
    })

    test('two payments of one order mark it paid once, and the second stays open to be abandoned', async () => {
      const second = entryOf(1002, entry.expected.orderId)
      for (const each of [entry, second]) {
        await records.journal.begin(each)
        await records.journal.recordOutcome(each.transactionId, 'approved')
      }
      const both = [entry, second].map((each) => markPaid({ transactionId: each.transactionId, ...each.expected }))
      assert.deepEqual((await Promise.all(both)).sort(), [false, true])
      assert.equal(await records.timesPaid(payment.orderId), 1)
      const [left] = await openIds()
      assert.ok(left !== undefined && (await records.journal.abandon(left)))
    })

    test('the second payment of a paid order counts as approved, and is never closed as declined', async () => {
      const second = entryOf(1002, entry.expected.orderId)
      for (const each of [entry, second]) await records.journal.begin(each)
      await markPaid()
      assert.equal(await markPaid({ transactionId: second.transactionId, ...second.expected }), false)
      await records.journal.recordOutcome(second.transactionId, 'declined')
      assert.deepEqual(await openIds(), [second.transactionId])
    })

    test('an order whose payment was cancelled can be paid by another', async () => {
      const second = entryOf(1002, entry.expected.orderId)
      await records.journal.begin(entry)
      await markPaid()
      await records.journal.recordOutcome(entry.transactionId, 'cancelled')
      await records.journal.begin(second)
      assert.equal(await markPaid({ transactionId: second.transactionId, ...second.expected }), true)
    })
  })
}
