import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PendingReason } from '../src/index.ts'
import { afterCrash, goneBack } from './after-crash.ts'
import { approvedAnswer, expected, transactionId } from './samples.ts'
import { approved, cancelled, type Script, saying } from './scripted-gateway.ts'

interface Case {
  readonly name: string
  readonly script: Script
  readonly wanted?: boolean
  readonly ends: 'approved' | 'declined' | 'cancelled' | PendingReason
  readonly calls: readonly string[]
}

const cases: readonly Case[] = [
  { name: 'approved', script: { inquiry: approved }, ends: 'approved', calls: ['inquiry'] },
  {
    name: 'not approved yet and wanted is approved with the same ticket',
    script: { inquiry: () => saying('not_approved_yet'), approval: approved },
    ends: 'approved',
    calls: ['inquiry', 'approval'],
  },
  {
    name: 'not approved yet, and the approval is declined',
    script: { inquiry: () => saying('not_approved_yet'), approval: () => saying('balance_insufficient') },
    ends: 'declined',
    calls: ['inquiry', 'approval'],
  },
  {
    name: 'not approved yet, and the approval stays without an answer',
    script: { inquiry: () => saying('not_approved_yet') },
    ends: 'outcome_unknown',
    calls: ['inquiry', 'approval'],
  },
  {
    name: 'not approved yet and another order than expected is not approved',
    script: { inquiry: () => saying('not_approved_yet', { Amt: '1004', Moid: 'ORD0002' }) },
    ends: 'waiting_for_expiry',
    calls: ['inquiry'],
  },
  {
    name: 'not approved yet and unwanted is not approved',
    script: { inquiry: () => saying('not_approved_yet') },
    wanted: false,
    ends: 'waiting_for_expiry',
    calls: ['inquiry'],
  },
  {
    name: 'approved and unwanted goes back',
    script: { inquiry: approved, cancel: cancelled },
    wanted: false,
    ends: 'cancelled',
    calls: ['inquiry', 'cancel'],
  },
  {
    name: 'approved and unwanted, cancelled by an earlier request',
    script: { inquiry: approved, cancel: () => saying('already_cancelled') },
    wanted: false,
    ends: 'cancelled',
    calls: ['inquiry', 'cancel'],
  },
  {
    name: 'approved and unwanted, and nobody says whether it went back',
    script: { inquiry: approved },
    wanted: false,
    ends: 'cancel_unknown',
    calls: ['inquiry', 'cancel'],
  },
  {
    name: 'approved and unwanted, and the password is wrong',
    script: { inquiry: approved, cancel: () => saying('cancel_password_wrong') },
    wanted: false,
    ends: 'cancel_rejected',
    calls: ['inquiry', 'cancel'],
  },
  {
    name: 'approved and cancelled at the service',
    script: { inquiry: () => approvedAnswer(goneBack) },
    ends: 'cancelled',
    calls: ['inquiry'],
  },
  {
    name: 'approved and cancelled in part',
    script: { inquiry: () => approvedAnswer({ ...goneBack, CancelAmt: '4' }) },
    ends: 'approved',
    calls: ['inquiry'],
  },
  {
    name: 'approved over another amount and wanted waits for a person',
    script: { inquiry: () => approvedAnswer({ Amt: '1005' }) },
    ends: 'mismatch',
    calls: ['inquiry'],
  },
  {
    name: 'approved over another amount and unwanted goes back',
    script: { inquiry: () => approvedAnswer({ Amt: '1005' }), cancel: cancelled },
    wanted: false,
    ends: 'cancelled',
    calls: ['inquiry', 'cancel'],
  },
  ...(['approval_ticket_expired', 'approval_ticket_unknown', 'payment_reversed', 'issuer_declined'] as const).map(
    (reason): Case => ({
      name: reason,
      script: { inquiry: () => saying(reason) },
      ends: 'declined',
      calls: ['inquiry'],
    }),
  ),
  ...(['approval_in_progress', 'outcome_unresolved', 'overloaded', 'internal', 'path_unknown'] as const).map(
    (reason): Case => ({
      name: reason,
      script: { inquiry: () => saying(reason) },
      wanted: false,
      ends: 'outcome_unknown',
      calls: ['inquiry'],
    }),
  ),
  { name: 'no answer', script: {}, wanted: false, ends: 'outcome_unknown', calls: ['inquiry'] },
]

for (const { name, script, wanted = true, ends, calls } of cases) {
  test(`recover: ${name}: ${ends}`, async (t) => {
    const run = await afterCrash(t, script)
    const report = await run.recover(wanted)
    assert.deepEqual(run.gateway.calls, calls)
    const open = await run.journal.pending()
    if (ends === 'approved' || ends === 'declined' || ends === 'cancelled') {
      assert.deepEqual(report, { approved: [], declined: [], cancelled: [], pending: [], [ends]: [transactionId] })
      assert.deepEqual(
        run.outcomes.map(({ outcome }) => outcome),
        [ends],
      )
      assert.equal(open.length, 0)
    } else {
      assert.partialDeepStrictEqual(report.pending, [{ transactionId, orderId: expected.orderId, reason: ends }])
      assert.deepEqual(run.outcomes, [])
      assert.equal(open.length, 1)
    }
    assert.equal(run.timesMarkedPaid.length, ends === 'approved' ? 1 : 0)
    await run.recover(wanted)
    assert.equal(run.timesMarkedPaid.length, ends === 'approved' ? 1 : 0)
  })
}
