import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ResultReason, resultCodes } from '@sspay/protocol'
import { inquire } from '../src/index.ts'
import { answering, bodyOf, httpAnswer } from './loopback.ts'
import { approvalTicket, approvedAnswer, expected, merchantAt, ticket, transactionId } from './samples.ts'
import { saying, startScriptedGateway } from './scripted-gateway.ts'

test('an inquiry posts the two fields of the approval', async (t) => {
  let seen = ''
  const origin = await answering(t, (socket, request) => {
    seen = request
    socket.end(httpAnswer({ body: approvedAnswer() }))
  })
  assert.equal((await inquire(merchantAt(origin), ticket(), { expected })).outcome, 'approved')
  assert.match(seen, /^POST \/payment\/approval\/approvalInquiry\.do HTTP\/1\.1\r\n/)
  assert.deepEqual(JSON.parse(bodyOf(seen)), { Tid: transactionId, TrAuthKey: approvalTicket })
})

/** What is certain about the payment; everything else an inquiry may hear leaves it unknown. */
const certain: Partial<Record<ResultReason, string>> = {
  approved: 'approved',
  not_approved_yet: 'not_approved_yet',
  already_cancelled: 'cancelled',
  card_number_invalid: 'declined',
  card_expired: 'declined',
  installment_unsupported: 'declined',
  installment_months_invalid: 'declined',
  card_amount_too_small: 'declined',
  balance_insufficient: 'declined',
  issuer_declined: 'declined',
  approval_ticket_unknown: 'declined',
  approval_ticket_expired: 'declined',
  payment_reversed: 'declined',
}

test('a result code says about the payment only what the service can know', async (t) => {
  let body = ''
  const { origin } = await startScriptedGateway(t, { inquiry: () => body })
  for (const reason of Object.keys(resultCodes) as ResultReason[]) {
    body = saying(reason, { Amt: '1004', Moid: 'ORD0001' })
    const { outcome } = await inquire(merchantAt(origin), ticket(), { expected })
    assert.equal(outcome, certain[reason] ?? 'unknown', reason)
  }
})

const described: readonly (readonly [string, Record<string, string>, string | undefined])[] = [
  ['nothing', {}, undefined],
  ['the order', { Amt: '1004', Moid: 'ORD0001' }, undefined],
  ['another amount', { Amt: '1005', Moid: 'ORD0001' }, 'amount_mismatch'],
  ['another order', { Amt: '1004', Moid: 'ORD0002' }, 'order_mismatch'],
  ['another order and no amount', { Moid: 'ORD0002' }, 'order_mismatch'],
  ['an amount that cannot be read', { Amt: '1,004', Moid: 'ORD0001' }, 'amount_mismatch'],
]
for (const [name, fields, cause] of described) {
  test(`a payment not approved yet that names ${name}: ${cause}`, async (t) => {
    const { origin } = await startScriptedGateway(t, { inquiry: () => saying('not_approved_yet', fields) })
    const found = await inquire(merchantAt(origin), ticket(), { expected })
    assert.equal(found.outcome, 'not_approved_yet')
    assert.equal(found.mismatch?.cause, cause)
  })
}

const cancelledStates: readonly (readonly [string, Record<string, string>, string])[] = [
  ['in full before capture', { StateCd: '1', CancelAmt: '1004' }, 'cancelled'],
  ['in full after capture', { StateCd: '2', CancelAmt: '1004' }, 'cancelled'],
  ['in part', { StateCd: '1', CancelAmt: '1003' }, 'approved'],
  ['by an amount nobody tells', { StateCd: '1' }, 'unknown'],
  ['in a state nobody knows', { StateCd: '3', CancelAmt: '1004' }, 'unknown'],
]
for (const [name, fields, outcome] of cancelledStates) {
  test(`a payment cancelled ${name} is ${outcome}`, async (t) => {
    const { origin } = await startScriptedGateway(t, { inquiry: () => approvedAnswer(fields) })
    const found = await inquire(merchantAt(origin), ticket(), { expected })
    assert.equal(found.outcome, outcome)
    if (found.outcome === 'approved') assert.equal(found.payment.cancelledAmount, 1003)
  })
}

const contradictory: readonly (readonly [ResultReason, string])[] = [
  ['issuer_declined', '0'],
  ['issuer_declined', '9'],
  ['payment_reversed', '0'],
  ['already_cancelled', '0'],
  ['already_cancelled', '9'],
  ['not_approved_yet', '0'],
  ['not_approved_yet', '1'],
  ['approved', '9'],
]
for (const [reason, state] of contradictory) {
  test(`${reason} in the state ${state} is unknown`, async (t) => {
    const { origin } = await startScriptedGateway(t, {
      inquiry: () => saying(reason, { StateCd: state, Amt: '1004', Moid: 'ORD0001' }),
    })
    const found = await inquire(merchantAt(origin), ticket(), { expected })
    assert.partialDeepStrictEqual(found, { outcome: 'unknown', cause: 'unrecognized_state', next: 'investigate' })
  })
}
