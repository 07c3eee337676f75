import assert from 'node:assert/strict'
import { test } from 'node:test'
import { raiseWatermark } from '../../src/archive/store.ts'
import type { Finding } from '../../src/verification/model.ts'
import { verifyDatabase } from '../../src/verification/verify-database.ts'
import { everyEnd } from '../archive/support.ts'
import { withCancelTest } from '../cancellation/support.ts'
import { damages, payForDamages, write } from './support.ts'

const quiet = { hasFile: false, onStep() {} }

test(
  'payments of every end, and an empty database, are intact',
  withCancelTest(async (pay) => {
    const empty = await verifyDatabase(pay.context.storage, quiet)
    assert.deepEqual(empty, { payments: 0, events: 0, found: 0, findings: [], fileProblems: [] })
    const ids = await everyEnd(pay)
    const { events, ...verified } = await verifyDatabase(pay.context.storage, quiet)
    assert.deepEqual(verified, { payments: ids.length, found: 0, findings: [], fileProblems: [] })
    assert.ok(events > 3 * ids.length)
  }),
)

test(
  'each damage is found and named, and nothing else',
  withCancelTest(async (pay) => {
    const { storage } = pay.context
    const ids = await payForDamages(pay)
    for (const [index, { sql }] of damages.entries()) await write(storage, sql, ids[index] ?? '')
    await pay.approvedPayment()
    const { found, findings } = await verifyDatabase(storage, quiet)
    const expected = damages.map(({ finding }, index) => ({ transactionId: ids[index], ...finding }))
    const byId = (one: { readonly transactionId?: string | undefined }): string => one.transactionId ?? ''
    const sorted = findings.toSorted((one, other) => byId(one).localeCompare(byId(other)))
    assert.deepEqual([found, sorted], [damages.length, expected])
  }),
)

test(
  'a payment that is gone with all its events is missed by its notification, or by a call to the card network',
  withCancelTest(async (pay) => {
    const { storage, runtime } = pay.context
    const [notified, called, archived] = [await pay.approvedPayment(), await pay.approvedPayment(), 'archived']
    for (const id of [notified, called])
      for (const table of ['payments', 'payment_events'])
        await write(storage, `delete from ${table} where transaction_id = ?1`, id)
    await write(storage, 'delete from notifications where transaction_id = ?1', called)
    const [now, before] = [runtime.now(), new Date(runtime.now().getTime() - 1)]
    await storage.transact((transaction) => raiseWatermark(transaction, 'archivedBefore', now))
    const call = `insert into request_log (call_id, started_at, direction, kind, result, transaction_id, duration_ms, details)
      values (?1, ?2, ?3, ?4, 'ok', ?5, 1, '{}')`
    await write(storage, call, 1, now.getTime(), 'out', 'card-network', called)
    await write(storage, call, 2, before.getTime(), 'out', 'card-network', archived)
    // A shop may ask about any id.
    await write(storage, call, 3, now.getTime(), 'in', 'inquiry', 'never-there')
    const { findings } = await verifyDatabase(storage, quiet)
    const missing = (transactionId: string, namedIn: string) => ({ transactionId, problem: 'payment_missing', namedIn })
    assert.deepEqual(findings as readonly Finding[], [
      missing(notified, 'notifications'),
      missing(called, 'request_log'),
    ])
  }),
)

test(
  'an event that is recorded between the reads of a payment and its events is no damage',
  withCancelTest(async (pay) => {
    const { storage } = pay.context
    const id = await pay.approvedPayment()
    let reads = 0
    const read: typeof storage.read = async (sql, params) => {
      const found = await storage.read(sql, params)
      // After the payment was read, and once more after its second read.
      if (sql.includes('from payments') && !sql.includes('trace') && reads++ < 2) await pay.cancel({ Tid: id })
      return found as never
    }
    const { found } = await verifyDatabase({ rows: storage.rows, read }, quiet)
    assert.deepEqual([found, reads > 1], [0, true])
  }),
)
