import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireText } from '@sspay/protocol'
import { cancel, memoryJournal, type RecoveryReport, recover } from '../src/index.ts'
import { approvalTicket, approvedAnswer, expected, merchantAt, transactionId } from './samples.ts'
import { type Reply, type Script, saying, startScriptedGateway } from './scripted-gateway.ts'

const cancellation = { transactionId, amount: 1004, sequence: 1, reason: '고객 요청' }
const nobodyWants = { isWanted: () => false, onOutcome: () => {} }

const idOf = (number: number): string => transactionId.replace(/\d{4}$/, String(1000 + number))

/** So many payments that were approved and that nobody wants. */
async function openRefunds(count: number) {
  const journal = memoryJournal()
  for (let number = 0; number < count; number++)
    await journal.begin({ transactionId: idOf(number), approvalTicket, expected, begunAt: new Date(number) })
  return journal
}

/** Every inquiry says approved; the transaction is not compared. */
const approvedWithoutName = (): string => approvedAnswer({ SignValue: undefined })

const wrong = (): Reply => saying('cancel_password_wrong')

const accepted = ({ Tid, CancelAmt }: WireText): Reply => saying('cancelled', { Tid, CancelAmt, SignValue: undefined })

const reasonsOf = ({ pending }: RecoveryReport): readonly string[] => pending.map(({ reason }) => reason)

/**
 * An inquiry names the transaction that was asked for, which a script of one transaction cannot: the transport puts it
 * in.
 */
async function startGateway(t: Parameters<typeof startScriptedGateway>[0], cancelReply: Script['cancel']) {
  const gateway = await startScriptedGateway(t, {
    inquiry: approvedWithoutName,
    ...(cancelReply === undefined ? {} : { cancel: cancelReply }),
  })
  const direct = merchantAt(gateway.origin)
  const merchant = merchantAt(gateway.origin, {
    async transport(request) {
      const answer = await direct.transport(request)
      const id = /"Tid":"([^"]+)"/.exec(request.body)?.[1]
      if (answer.outcome !== 'answered' || id === undefined) return answer
      const text = new TextDecoder().decode(answer.body).replaceAll(transactionId, id)
      return { ...answer, body: new TextEncoder().encode(text) }
    },
  })
  return { ...gateway, merchant }
}

test('six recovery runs, each with options of its own, send a wrong cancel password once', async (t) => {
  const { merchant, cancellations } = await startGateway(t, wrong)
  const journal = await openRefunds(1)
  for (let run = 0; run < 6; run++) {
    const report = await recover(merchant, { ...nobodyWants, journal, cancelPassword: '000001' })
    assert.deepEqual(reasonsOf(report), ['cancel_rejected'])
  }
  assert.equal(cancellations.length, 1)
})

test('eight at a time try a wrong cancel password once', async (t) => {
  const { merchant, cancellations } = await startGateway(t, wrong)
  const journal = await openRefunds(8)
  const report = await recover(merchant, { ...nobodyWants, journal, cancelPassword: '000002', concurrency: 8 })
  assert.deepEqual(new Set(reasonsOf(report)), new Set(['cancel_rejected']))
  assert.equal(cancellations.length, 1)
})

test('an attempt without an answer may have been counted: the others of the run are not sent', async (t) => {
  const { merchant, cancellations } = await startGateway(t, () => 'hang_up')
  const journal = await openRefunds(8)
  const report = await recover(merchant, { ...nobodyWants, journal, cancelPassword: '000003', concurrency: 8 })
  assert.deepEqual(new Set(reasonsOf(report)), new Set(['cancel_unknown']))
  assert.equal(cancellations.length, 1)
})

test('a password that was right before is tried once when the service no longer takes it', async (t) => {
  let isRight = true
  const { merchant, cancellations } = await startGateway(t, (request) => (isRight ? accepted(request) : wrong()))
  const options = { ...nobodyWants, cancelPassword: '000004', concurrency: 8 }
  const first = await recover(merchant, { ...options, journal: await openRefunds(8) })
  assert.equal(first.cancelled.length, 8)
  isRight = false
  const sent = cancellations.length
  await recover(merchant, { ...options, journal: await openRefunds(8) })
  assert.equal(cancellations.length, sent + 1)
})

test('a password that the service called wrong is rejected without being sent, and another one is sent', async (t) => {
  const { merchant, cancellations } = await startGateway(t, (request) =>
    request.CancelPwd === '000006' ? accepted(request) : wrong(),
  )
  await cancel(merchant, { ...cancellation, cancelPassword: '000005' })
  const again = await cancel(merchant, { ...cancellation, cancelPassword: '000005' })
  assert.partialDeepStrictEqual(again, { outcome: 'rejected', reason: 'cancel_password_wrong', raw: {} })
  assert.equal(cancellations.length, 1)
  assert.equal((await cancel(merchant, { ...cancellation, cancelPassword: '000006' })).outcome, 'cancelled')
})

test('ten calls at once with a wrong password send it once', async (t) => {
  const { merchant, cancellations } = await startGateway(t, wrong)
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, () => cancel(merchant, { ...cancellation, cancelPassword: '000007' })),
  )
  for (const outcome of outcomes) assert.equal(outcome.outcome, 'rejected')
  assert.equal(cancellations.length, 1)
})
