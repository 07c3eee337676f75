import assert from 'node:assert/strict'
import { test } from 'node:test'
import { approve, memoryJournal } from '../src/index.ts'
import { afterCrash, goneBack } from './after-crash.ts'
import { approvalTicket, approvedAnswer, expected, merchantAt, ticket, transactionId } from './samples.ts'
import { approved, type Script, saying, startScriptedGateway } from './scripted-gateway.ts'

test('an approval is intended before anything is sent, and nothing is sent when that fails', async (t) => {
  const { origin, calls } = await startScriptedGateway(t, { approval: approved })
  const journal = memoryJournal()
  const broken = { ...journal, begin: () => Promise.reject(new Error('disk full')) }
  await assert.rejects(approve(merchantAt(origin), ticket(), { expected, journal: broken }), /disk full/)
  assert.deepEqual(calls, [])
})

test('an outcome that cannot be written is returned, and the entry stays open', async (t) => {
  const { origin } = await startScriptedGateway(t, { approval: approved })
  const journal = memoryJournal()
  const broken = { ...journal, recordOutcome: () => Promise.reject(new Error('disk full')) }
  assert.equal((await approve(merchantAt(origin), ticket(), { expected, journal: broken })).outcome, 'approved')
  assert.equal((await journal.pending()).length, 1)
})

test('a repeated approval of another order is unknown, also when the journal cannot give it up', async (t) => {
  const run = await afterCrash(t, { inquiry: () => saying('not_approved_yet', { Amt: '1', Moid: 'ORD0001' }) })
  const journal = { ...run.journal, abandon: () => Promise.reject(new Error('disk full')) }
  const outcome = await approve(merchantAt(run.gateway.origin), ticket(), { expected, journal })
  assert.partialDeepStrictEqual(outcome, { outcome: 'unknown', cause: 'amount_mismatch' })
  assert.deepEqual(run.gateway.calls, ['inquiry'])
})

test('what was given up is not approved', async (t) => {
  const { origin, calls } = await startScriptedGateway(t, { approval: approved })
  const journal = memoryJournal()
  await journal.begin({ transactionId, approvalTicket, expected, begunAt: new Date(0) })
  await journal.abandon(transactionId)
  const outcome = await approve(merchantAt(origin), ticket(), { expected, journal })
  assert.partialDeepStrictEqual(outcome, { outcome: 'unknown', cause: 'abandoned', next: 'investigate' })
  assert.deepEqual(calls, [])
})

const repeats: readonly (readonly [string, Script, string, readonly string[]])[] = [
  ['an approved one', { inquiry: approved }, 'approved', ['inquiry']],
  ['a cancelled one', { inquiry: () => approvedAnswer(goneBack) }, 'declined', ['inquiry']],
  [
    'one that never arrived',
    { inquiry: () => saying('not_approved_yet'), approval: approved },
    'approved',
    ['inquiry', 'approval'],
  ],
  [
    'one that was cancelled between inquiry and approval',
    { inquiry: () => saying('not_approved_yet'), approval: () => approvedAnswer(goneBack) },
    'declined',
    ['inquiry', 'approval'],
  ],
  ['one at a service without an inquiry', { inquiry: () => '<html>404', approval: approved }, 'unknown', ['inquiry']],
  ['one whose inquiry nobody answers', { approval: approved }, 'unknown', ['inquiry']],
  ['one that is running', { inquiry: () => saying('approval_in_progress') }, 'unknown', ['inquiry']],
  [
    'another order than expected',
    { inquiry: () => saying('not_approved_yet', { Amt: '1', Moid: 'ORD0001' }) },
    'unknown',
    ['inquiry'],
  ],
]
for (const [name, script, outcome, calls] of repeats) {
  test(`a repeated approval of ${name} is ${outcome}`, async (t) => {
    const run = await afterCrash(t, script)
    const repeated = await approve(merchantAt(run.gateway.origin), ticket(), { expected, journal: run.journal })
    assert.equal(repeated.outcome, outcome)
    assert.deepEqual(run.gateway.calls, calls)
  })
}

test('a spent ticket is inquired', async (t) => {
  const { origin, calls } = await startScriptedGateway(t, {
    approval: () => saying('approval_ticket_spent'),
    inquiry: approved,
  })
  const outcome = await approve(merchantAt(origin), ticket(), { expected, journal: memoryJournal() })
  assert.equal(outcome.outcome, 'approved')
  assert.deepEqual(calls, ['approval', 'inquiry'])
})

for (const [name, answer] of [
  ['the first answer with the state of now', () => approvedAnswer(goneBack)],
  ['2013', () => saying('already_cancelled')],
] as const)
  test(`an approval of a payment that is refunded since, answered by ${name}, pays nothing`, async (t) => {
    const { origin } = await startScriptedGateway(t, { approval: answer })
    const journal = memoryJournal()
    const outcome = await approve(merchantAt(origin), ticket(), { expected, journal })
    assert.partialDeepStrictEqual(outcome, { outcome: 'declined', reason: 'already_cancelled' })
    assert.equal((await journal.find(transactionId))?.state, 'cancelled')
  })

test('an approval answered 2013 whose state says approved is unknown', async (t) => {
  const { origin } = await startScriptedGateway(t, { approval: () => saying('already_cancelled', { StateCd: '0' }) })
  const outcome = await approve(merchantAt(origin), ticket(), { expected, journal: memoryJournal() })
  assert.partialDeepStrictEqual(outcome, { outcome: 'unknown', cause: 'unrecognized_state' })
})

for (const reason of ['approval_ticket_unknown', 'issuer_declined', 'payment_reversed', 'not_approved_yet'] as const) {
  test(`an approved payment is not declined by a reload that is answered ${reason}`, async (t) => {
    const run = await afterCrash(t, { inquiry: () => saying(reason), approval: () => saying('issuer_declined') })
    await run.journal.recordOutcome(transactionId, 'approved')
    const outcome = await approve(merchantAt(run.gateway.origin), ticket(), { expected, journal: run.journal })
    assert.partialDeepStrictEqual(outcome, { outcome: 'unknown', cause: 'contradiction', next: 'investigate' })
    assert.deepEqual(run.gateway.calls, ['inquiry'])
    assert.partialDeepStrictEqual(await run.journal.pending(), [{ isApproved: true }])
  })
}

test('a payment that is intended for one order is not asked for by another', async (t) => {
  const run = await afterCrash(t, { inquiry: approved, approval: approved })
  const other = { ...expected, orderId: 'ORD0002' }
  const outcome = await approve(merchantAt(run.gateway.origin), ticket(), { expected: other, journal: run.journal })
  assert.partialDeepStrictEqual(outcome, { outcome: 'unknown', cause: 'order_mismatch' })
  assert.deepEqual(run.gateway.calls, [])
  assert.partialDeepStrictEqual(await run.journal.pending(), [{ expected, isAbandoned: false }])
})

test('the charge of another order is kept, and does not keep this one from being paid', async (t) => {
  const { origin } = await startScriptedGateway(t, { approval: () => approvedAnswer({ Moid: 'ORD0002' }) })
  const journal = memoryJournal()
  const outcome = await approve(merchantAt(origin), ticket(), { expected, journal })
  assert.partialDeepStrictEqual(outcome, { outcome: 'unknown', cause: 'order_mismatch' })
  assert.partialDeepStrictEqual(await journal.pending(), [{ isApproved: true, isAbandoned: true }])
})

test('of two calls with one ticket the second inquires before it asks', async (t) => {
  const { origin, calls } = await startScriptedGateway(t, { approval: approved, inquiry: approved })
  const journal = memoryJournal()
  const both = [1, 2].map(() => approve(merchantAt(origin), ticket(), { expected, journal }))
  assert.deepEqual(
    (await Promise.all(both)).map(({ outcome }) => outcome),
    ['approved', 'approved'],
  )
  assert.deepEqual([...calls].sort(), ['approval', 'inquiry'])
})
