import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ResultReason, WireText } from '@sspay/protocol'
import { signCancelRequest } from '@sspay/protocol/signature'
import { type Cancellation, cancel, FieldError } from '../src/index.ts'
import { nobody } from './loopback.ts'
import { merchantAt, merchantKey, shortLimits, transactionId } from './samples.ts'
import { cancelled, type Reply, saying, startScriptedGateway } from './scripted-gateway.ts'

const cancellation: Cancellation = {
  transactionId,
  amount: 1004,
  sequence: 1,
  cancelPassword: '123456',
  reason: '고객 요청',
}

test('the encrypted request is the one of the public manual', async (t) => {
  const { origin, cancellations } = await startScriptedGateway(t, { cancel: cancelled })
  await cancel(merchantAt(origin), cancellation)
  const sent = {
    SERVICE_MODE: 'CL1',
    Tid: transactionId,
    Mid: 'ssptest01m',
    CancelPwd: '123456',
    CancelAmt: '1004',
    CancelMsg: '고객 요청',
    CancelSeq: '1',
    PartialCancelCode: '0',
    HashData: signCancelRequest({ transactionId, cancelAmount: '1004', scope: '0' }, merchantKey),
  }
  assert.deepEqual(cancellations, [sent])
})

test('a part carries its tax split and its own signature', async (t) => {
  const { origin, cancellations } = await startScriptedGateway(t, { cancel: cancelled })
  const part = { amount: 110, isPartial: true, sequence: 2, taxableAmount: 100, taxFreeAmount: 0, vatAmount: 10 }
  await cancel(merchantAt(origin), { ...cancellation, ...part })
  assert.partialDeepStrictEqual(cancellations[0], {
    CancelAmt: '110',
    CancelSeq: '2',
    PartialCancelCode: '1',
    CancelTaxAmt: '100',
    CancelTaxFreeAmt: '0',
    CancelVatAmt: '10',
    HashData: signCancelRequest({ transactionId, cancelAmount: '110', scope: '1' }, merchantKey),
  })
})

test('money that goes back in our names and types', async (t) => {
  const partial = transactionId.replace('338', '339')
  const { origin } = await startScriptedGateway(t, {
    cancel: (request) => JSON.stringify({ ...JSON.parse(cancelled(request)), PTid: partial }),
  })
  const outcome = await cancel(merchantAt(origin), cancellation)
  assert.equal(outcome.outcome, 'cancelled')
  const { raw, ...rest } = outcome
  assert.deepEqual(rest, {
    outcome: 'cancelled',
    transactionId,
    amount: 1004,
    partialTransactionId: partial,
    cancelNumber: '1',
    cancelledAt: new Date('2025-01-02T03:04:05+09:00'),
  })
  assert.equal(raw.CancelNum, '1')
})

const rejections: readonly ResultReason[] = [
  'cancel_amount_invalid',
  'transaction_unknown',
  'already_cancelled',
  'cancel_exceeds_rest',
  'partial_cancel_impossible',
  'cancel_password_wrong',
  'cancel_password_locked',
  'cancel_sequence_conflict',
  'cancel_signature_wrong',
  'sealed_body_invalid',
]
for (const reason of rejections) {
  test(`${reason}: nothing went back`, async (t) => {
    const { origin } = await startScriptedGateway(t, { cancel: () => saying(reason) })
    assert.partialDeepStrictEqual(await cancel(merchantAt(origin), cancellation), { outcome: 'rejected', reason })
  })
}

const unknowns: readonly (readonly [string, (request: WireText) => Reply, string, string])[] = [
  ['no answer', () => 'silence', 'timeout', 'ask_again'],
  ['HTML', () => '<html>2001</html>', 'unreadable_answer', 'ask_again'],
  ['no result code', () => '{}', 'unreadable_answer', 'ask_again'],
  ['S504', () => saying('cancel_unresolved'), 'unresolved', 'ask_again'],
  ['S901', () => saying('overloaded'), 'overloaded', 'ask_again'],
  ['S999', () => saying('internal'), 'gateway_error', 'ask_again'],
  ['a success of another call', () => saying('approved'), 'unrecognized_code', 'investigate'],
  ['a code nobody knows', () => '{"ResultCode":"2099","ResultMsg":"?"}', 'unrecognized_code', 'investigate'],
  ['another amount', () => saying('cancelled', { CancelAmt: '1005' }), 'answer_mismatch', 'investigate'],
  ['an unreadable amount', () => saying('cancelled', { CancelAmt: '1,004' }), 'answer_mismatch', 'investigate'],
  [
    'another transaction',
    () => saying('cancelled', { Tid: transactionId.replace('338', '339') }),
    'answer_mismatch',
    'investigate',
  ],
]
for (const [name, reply, cause, next] of unknowns) {
  test(`${name} does not say whether the money went back: ${cause}`, async (t) => {
    const merchant = merchantAt(
      (await startScriptedGateway(t, { cancel: reply })).origin,
      cause === 'timeout' ? shortLimits : {},
    )
    assert.partialDeepStrictEqual(await cancel(merchant, cancellation), { outcome: 'unknown', cause, next })
  })
}

test('a service that is not there is no exception', async () => {
  const outcome = await cancel(merchantAt(await nobody()), cancellation)
  assert.partialDeepStrictEqual(outcome, { outcome: 'unknown', cause: 'unreachable', transactionId })
})

const malformed: readonly Partial<Cancellation>[] = [
  { cancelPassword: '12345a' },
  { amount: 0.5 },
  { reason: '가'.repeat(101) },
  { sequence: 1000 },
]
for (const change of malformed) {
  test(`${Object.keys(change)} that breaks the table is rejected before anything is sent`, async (t) => {
    const { origin, calls } = await startScriptedGateway(t, {})
    await assert.rejects(cancel(merchantAt(origin), { ...cancellation, ...change }), FieldError)
    assert.deepEqual(calls, [])
  })
}
