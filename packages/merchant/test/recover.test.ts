import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryJournal, type PaymentJournal, type RecoveryReport, recover, startRecovery } from '../src/index.ts'
import { afterCrash } from './after-crash.ts'
import { approvalTicket, approvedAnswer, expected, merchantAt, transactionId } from './samples.ts'
import { approved, cancelled, saying, startScriptedGateway } from './scripted-gateway.ts'

test('money goes back in full, with one sequence however often it is asked', async (t) => {
  const run = await afterCrash(t, {
    inquiry: () => approvedAnswer({ Amt: '1005' }),
    cancel: (request, call) => (call === 1 ? 'hang_up' : cancelled(request)),
  })
  await run.recover(false)
  await run.recover(true)
  const [first, second, ...more] = run.gateway.cancellations
  assert.partialDeepStrictEqual(first, { CancelAmt: '1005', CancelSeq: '1', PartialCancelCode: '0' })
  assert.deepEqual(second, first)
  assert.deepEqual(more, [])
  assert.deepEqual(run.timesMarkedPaid, [])
})

test('what is given up and not approved is closed when its ticket has expired, or goes back when it was approved after all', async (t) => {
  const expires = await afterCrash(t, {
    inquiry: (call) => saying(call === 1 ? 'not_approved_yet' : 'approval_ticket_expired'),
  })
  await expires.recover(false)
  assert.deepEqual((await expires.recover(true)).declined, [transactionId])

  const lands = await afterCrash(t, {
    inquiry: (call) => (call === 1 ? saying('not_approved_yet') : approved()),
    cancel: cancelled,
  })
  await lands.recover(false)
  assert.deepEqual((await lands.recover(true)).cancelled, [transactionId])
  assert.deepEqual([lands.timesMarkedPaid, lands.gateway.calls], [[], ['inquiry', 'inquiry', 'cancel']])
})

test('without a cancel password an unwanted payment stays pending, and is never marked paid', async (t) => {
  const { journal, gateway } = await afterCrash(t, { inquiry: approved })
  const report = await recover(merchantAt(gateway.origin), { journal, isWanted: () => false, onOutcome: () => {} })
  assert.equal(report.pending[0]?.reason, 'cancel_password_missing')
  assert.equal(await journal.markPaid({ transactionId, ...expected }, () => {}), false)
})

test('a payment that is marked paid while the shop decides stays paid', async (t) => {
  const { journal, gateway } = await afterCrash(t, { inquiry: approved, cancel: cancelled })
  const report = await recover(merchantAt(gateway.origin), {
    journal,
    cancelPassword: '123456',
    onOutcome: () => {},
    async isWanted() {
      await journal.markPaid({ transactionId, ...expected }, () => {})
      return false
    },
  })
  assert.deepEqual(report, { approved: [], declined: [], cancelled: [], pending: [] })
  assert.deepEqual(gateway.calls, ['inquiry'])
})

test('an error of the shop is in the report, and the entry stays open until the shop accepts the outcome', async (t) => {
  const { journal, gateway } = await afterCrash(t, { inquiry: () => saying('issuer_declined') })
  let attempts = 0
  const attempt = () =>
    recover(merchantAt(gateway.origin), {
      journal,
      isWanted: () => true,
      onOutcome() {
        if (attempts++ === 0) throw new Error('the shop is down')
      },
    })
  const [open] = (await attempt()).pending
  assert.equal(open?.reason, 'shop_error')
  assert.match(String(open?.error), /the shop is down/)
  assert.deepEqual((await attempt()).declined, [transactionId])
})

test('an approval that the shop does not mark paid stays open', async (t) => {
  const { journal, gateway } = await afterCrash(t, { inquiry: approved })
  const report = await recover(merchantAt(gateway.origin), { journal, isWanted: () => true, onOutcome: () => {} })
  assert.deepEqual([report.approved, report.pending[0]?.reason], [[], 'not_marked_paid'])
})

for (const isAbandoned of [false, true]) {
  test(`a gateway that contradicts its earlier answer needs a person; abandoned: ${isAbandoned}`, async (t) => {
    const run = await afterCrash(t, { inquiry: () => saying('approval_ticket_unknown') })
    await run.journal.recordOutcome(transactionId, 'approved')
    if (isAbandoned) await run.journal.abandon(transactionId)
    assert.equal((await run.recover()).pending[0]?.reason, 'contradiction')
    assert.deepEqual(run.outcomes, [])
  })
}

test('what the inquiry has called approved stays approved while its refund is not answered', async (t) => {
  const run = await afterCrash(t, { inquiry: (call) => (call === 1 ? approved() : saying('approval_ticket_unknown')) })
  assert.equal((await run.recover(false)).pending[0]?.reason, 'cancel_unknown')
  assert.equal((await run.recover(false)).pending[0]?.reason, 'contradiction')
  assert.deepEqual(run.outcomes, [])
})

test('the charge of another order goes back by no recovery, wanted or not', async (t) => {
  const run = await afterCrash(t, { inquiry: () => approvedAnswer({ Moid: 'ORD0002' }), cancel: cancelled })
  for (const isWanted of [true, false])
    assert.partialDeepStrictEqual((await run.recover(isWanted)).pending, [
      { reason: 'mismatch', cause: 'order_mismatch' },
    ])
  assert.deepEqual(run.gateway.cancellations, [])
  assert.partialDeepStrictEqual(await run.journal.pending(), [{ isAbandoned: true }])
})

test('two concurrent recoveries mark the order paid once', async (t) => {
  const run = await afterCrash(t, { inquiry: approved })
  await Promise.all([run.recover(), run.recover()])
  assert.equal(run.timesMarkedPaid.length, 1)
})

test('no more entries at a time than asked for, and the ticket is not handed to the shop', async (t) => {
  let running = 0
  let most = 0
  const { origin } = await startScriptedGateway(t, { inquiry: approved })
  const journal = memoryJournal()
  for (let number = 1000; number < 1012; number++) {
    const id = transactionId.replace(/\d{4}$/, String(number))
    await journal.begin({ transactionId: id, approvalTicket, expected, begunAt: new Date(number) })
  }
  await recover(
    merchantAt(origin, {
      async transport() {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setTimeout(resolve, 5))
        running--
        return {
          outcome: 'answered',
          status: 200,
          body: Buffer.from(saying('approval_ticket_expired', { Tid: undefined, SignValue: undefined })),
        }
      },
    }),
    {
      journal,
      concurrency: 3,
      isWanted: () => true,
      onOutcome: (_outcome, intent) =>
        assert.deepEqual(Object.keys(intent).sort(), ['begunAt', 'expected', 'transactionId']),
    },
  )
  assert.equal(most, 3)
  assert.equal((await journal.pending()).length, 0)
})

test('the loop recovers until it is stopped, and goes on after an error', async (t) => {
  const { journal, gateway } = await afterCrash(t, { inquiry: approved })
  const errors: unknown[] = []
  let reads = 0
  const flaky: PaymentJournal = {
    ...journal,
    pending: () => (reads++ === 0 ? Promise.reject(new Error('no database')) : journal.pending()),
  }
  let onReport: (report: RecoveryReport) => void = () => {}
  const reported = new Promise<RecoveryReport>((resolve) => {
    onReport = resolve
  })
  const loop = startRecovery(merchantAt(gateway.origin), {
    journal: flaky,
    everyMs: 1,
    isWanted: () => true,
    onOutcome: (outcome) => outcome.outcome === 'approved' && journal.markPaid(outcome.payment, () => {}),
    onReport: (report) => onReport(report),
    onError(error) {
      errors.push(error)
      throw new Error('the log is full')
    },
  })
  assert.deepEqual((await reported).approved, [transactionId])
  await loop.stop()
  assert.match(String(errors), /no database/)
  const readsAtStop = reads
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(reads, readsAtStop)
})
