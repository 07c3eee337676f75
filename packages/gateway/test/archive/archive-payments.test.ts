import assert from 'node:assert/strict'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventsOf, findPayment } from '../../src/approval/store.ts'
import { paymentStates, transitions } from '../../src/approval/transitions.ts'
import { countArchivable } from '../../src/archive/archive-payments.ts'
import { daysBefore, finishedStates } from '../../src/archive/model.ts'
import { readRecord } from '../../src/archive/record.ts'
import { verifyArchive } from '../../src/archive/verify.ts'
import { saveNotificationTarget } from '../../src/notifications/store.ts'
import { authenticatedPayment, testMerchant } from '../approval/support.ts'
import { archivedIds, archivedLines, days, everyEnd, rowCounts, withArchiveTest } from './support.ts'

const nothing = { payments: 0, payment_events: 0, notifications: 0, cancellations: 0, window_sessions: 0 }

test('a payment in a finished state can change only by a refund', () => {
  const waiting = ['requested', 'authenticated', 'approving', 'unresolved', 'reversing']
  assert.deepEqual([...finishedStates, ...waiting].toSorted(), [...paymentStates].toSorted())
  for (const state of finishedStates)
    assert.ok(
      Object.keys(transitions[state]).every((event) => /cancelled/i.test(event)),
      state,
    )
})

test(
  'payments of every end leave with all their rows, and the file has them as they stood',
  withArchiveTest(async (test) => {
    const transactionIds = await everyEnd(test)
    const { context } = test
    const payments = await context.storage.read('select * from payments order by requested_at, transaction_id')
    const before = await rowCounts(context)
    const chains = await Promise.all(transactionIds.map((id) => eventsOf(context, id)))
    test.clock.advance(days(401))
    const [file, ...more] = await test.archive()
    assert.deepEqual(more, [])
    assert.equal(file?.removed, transactionIds.length)
    assert.deepEqual(await rowCounts(context), nothing)

    const records = (await archivedLines(test.archives)).map(readRecord)
    assert.deepEqual(
      records.map(({ payment }) => ({ ...payment })),
      payments.map((row) => ({ ...row })),
    )
    const kept = (of: (record: (typeof records)[number]) => readonly unknown[]) => records.flatMap(of).length
    assert.equal(
      kept(({ events }) => events),
      before.payment_events,
    )
    assert.equal(
      kept(({ notifications }) => notifications),
      before.notifications,
    )
    assert.equal(
      kept(({ cancellations }) => cancellations),
      before.cancellations,
    )
    const verified = await verifyArchive(join(test.archives, file?.fileName ?? ''))
    assert.deepEqual(verified, {
      file: join(test.archives, file?.fileName ?? ''),
      payments: transactionIds.length,
      events: chains.flat().length,
      sha256: file?.sha256,
      damage: undefined,
      broken: [],
    })
    assert.equal((await stat(verified.file)).mode & 0o777, 0o600)
  }),
)

test(
  'nothing personal is in clear in an archive',
  withArchiveTest(async (test) => {
    await everyEnd(test)
    test.clock.advance(days(401))
    await test.archive()
    const text = (await archivedLines(test.archives)).join('\n')
    assert.ok(text.includes('request_encrypted'))
    assert.equal(/홍길동|카나리아|canary|98761234|9876-1234|4111111111111111/.test(text), false)
  }),
)

test(
  'a payment that is young, indeterminate, being cancelled or has a pending notification is not archived',
  withArchiveTest(async (test) => {
    const { gateway, context, network } = test
    const silent = await authenticatedPayment(gateway)
    const asking = await test.approvedPayment()
    test.networkSays('silent')
    assert.equal((await test.cancel({ Tid: asking })).ResultCode, 'S504')
    test.networkSays('cancels')
    const late = await test.approvedPayment()
    await saveNotificationTarget(context, {
      merchantId: testMerchant.merchantId,
      url: 'http://127.0.0.1:1/',
      charset: 'utf-8',
      intervalMinutes: 10,
      maxAttempts: 5,
      webhookKeys: [],
    })
    const unnotified = await test.approvedPayment()
    test.clock.advance(days(100))
    assert.equal((await test.cancel({ Tid: late })).ResultCode, '2001')
    network.answerWith(() => undefined)
    test.clock.advance(days(301))
    const young = await authenticatedPayment(gateway)
    const before = await rowCounts(context)
    const expected = { payments: 0, oldest: undefined }
    assert.deepEqual(await countArchivable(context.storage, daysBefore(context.runtime.now(), 400), () => {}), expected)
    assert.deepEqual(await test.archive(), [])
    assert.deepEqual(await rowCounts(context), before)
    assert.deepEqual(await readdir(test.archives), [])
    for (const { transactionId } of [silent, young]) assert.ok(await findPayment(context, transactionId))
    for (const transactionId of [asking, late, unnotified]) assert.ok(await findPayment(context, transactionId))
  }),
)

test(
  'a payment whose events do not follow from each other stays and is named',
  withArchiveTest(async (test) => {
    const [first = '', second = ''] = [await test.approvedPayment(), await test.approvedPayment()]
    await test.context.storage.transact((transaction) =>
      transaction.write(`update payment_events set note = 'changed' where transaction_id = ?1 and sequence = 2`, [
        first,
      ]),
    )
    test.clock.advance(days(401))
    await test.archive()
    assert.deepEqual(await archivedIds(test.archives), [second])
    assert.deepEqual(
      test.steps.filter(({ step }) => step === 'damaged'),
      [{ step: 'damaged', transactionId: first }],
    )
    assert.ok(await findPayment(test.context, first))
  }),
)

test(
  'files are filled one after the other, and no more leave than wanted',
  withArchiveTest(async (test) => {
    const transactionIds: string[] = []
    for (let count = 0; count < 7; count++) {
      transactionIds.push(await test.approvedPayment())
      test.clock.advance(1_000)
    }
    test.clock.advance(days(401))
    const files = await test.archive({ perFile: 2, most: 5 })
    assert.deepEqual(
      files.map(({ payments }) => payments),
      [2, 2, 1],
    )
    assert.deepEqual((await archivedIds(test.archives)).toSorted(), transactionIds.slice(0, 5).toSorted())
    assert.equal((await rowCounts(test.context)).payments, 2)
    const [left, ...more] = await test.archive()
    assert.deepEqual([left?.payments, more], [2, []])
  }),
)

test(
  'a payment that changes between its line and its deletion stays, and goes with the next archive',
  withArchiveTest(async (test) => {
    const changed = await test.approvedPayment()
    const unchanged = await test.approvedPayment()
    test.clock.advance(days(401))
    const { storage } = test.context
    let transactions = 0
    const interrupted = {
      ...storage,
      async transact<Result>(work: Parameters<typeof storage.transact<Result>>[0]): Promise<Result> {
        // The third is the one that says that the file is written.
        if (++transactions === 3) assert.equal((await test.cancel({ Tid: changed })).ResultCode, '2001')
        return storage.transact(work)
      },
    }
    const [file] = await test.archive({ storage: interrupted })
    assert.deepEqual([file?.payments, file?.removed, file?.stayed], [2, 1, 1])
    assert.equal((await findPayment(test.context, changed))?.state, 'cancelled')
    assert.equal(await findPayment(test.context, unchanged), undefined)
    test.clock.advance(days(401))
    await test.archive()
    const last = (await archivedLines(test.archives))
      .map(readRecord)
      .findLast(({ payment }) => payment.transaction_id === changed)
    assert.equal(last?.payment.state, 'cancelled')
    assert.deepEqual(await rowCounts(test.context), nothing)
  }),
)
