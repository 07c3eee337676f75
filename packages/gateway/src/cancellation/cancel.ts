import type { ResultReason } from '@sspay/protocol'
import type { Payment } from '../approval/model.ts'
import { withinReadTimeout } from '../approval/read-timeout.ts'
import { reasonNotFound } from '../approval/reason-not-found.ts'
import { findPayment, lockPayment, reserveForCancel } from '../approval/store.ts'
import { transactionNumbersPerSecond, writePartTransactionId } from '../approval/transaction-id.ts'
import { reportUnusableAnswer } from '../card-network/unusable-answers.ts'
import { rejectionBody } from '../http/answer.ts'
import { randomBelow } from '../runtime.ts'
import type { Transaction } from '../storage/storage.ts'
import { askNetwork } from './ask-network.ts'
import { type CancelContext, type Cancellation, isSameCancellation, type WantedCancellation } from './model.ts'
import { findCancellation, insertCancellation } from './store.ts'
import { isAnswerable } from './write-answer.ts'

/**
 * Takes back all of a payment or a part of it and returns the body of the answer. The amount is set aside before the card network is
 * asked, so that cancellations at the same time never take more than the rest. The same sequence again gets the same bytes (Q04).
 */
export async function cancel(gateway: CancelContext, wanted: WantedCancellation): Promise<string> {
  const admission = await admit(gateway, wanted)
  if ('rejected' in admission) {
    const { transactionId, merchantId } = wanted
    gateway.log.warn('cancellation_rejected', { transactionId, merchantId, reason: admission.rejected })
    return rejectionBody(admission.rejected)
  }
  const { payment, cancellation } = admission
  if (cancellation.answer !== undefined) return cancellation.answer
  const answer = askNetwork(gateway, payment, cancellation)
  return withinReadTimeout(gateway, answer, () => rejectionBody('cancel_unresolved'))
}

type Admission =
  | { readonly rejected: ResultReason }
  | { readonly payment: Payment; readonly cancellation: Cancellation }

/** Durable when it resolves: the cancellation, new or known, and the amount that is set aside for it. */
const admit = (gateway: CancelContext, wanted: WantedCancellation): Promise<Admission> =>
  gateway.storage.transact(async (transaction) => {
    const store = { storage: transaction, keyRing: gateway.keyRing }
    await lockPayment(transaction, wanted.transactionId)
    const payment = await findPayment(store, wanted.transactionId)
    // One answer for both, so that nobody learns which transaction ids other merchants have.
    if (payment === undefined || payment.merchantId !== wanted.merchantId)
      return { rejected: await reasonNotFound(store, wanted.transactionId, 'transaction_unknown') }

    const known = await findCancellation(store, wanted)
    if (known !== undefined) {
      if (!isSameCancellation(known, wanted)) return { rejected: 'cancel_sequence_conflict' }
      return { payment, cancellation: known }
    }
    const rejected = rejectionOf(payment, wanted) ?? unanswerable(gateway, payment, wanted)
    if (rejected !== undefined) return { rejected }
    if (!(await reserveForCancel(transaction, wanted))) return { rejected: 'cancel_exceeds_rest' }
    return { payment, cancellation: await insert(gateway, transaction, wanted) }
  })

function rejectionOf(payment: Payment, { amount, scope }: WantedCancellation): ResultReason | undefined {
  if (payment.state === 'cancelled') return 'already_cancelled'
  if (payment.state !== 'approved' && payment.state !== 'partiallyCancelled') return 'transaction_unknown'
  if (amount === 0) return 'cancel_amount_invalid'
  return scope === 'full' && amount !== payment.amount ? 'cancel_amount_invalid' : undefined
}

function unanswerable(
  { log, runtime }: CancelContext,
  payment: Payment,
  wanted: WantedCancellation,
): ResultReason | undefined {
  if (isAnswerable(payment, wanted, runtime.now())) return undefined
  const { transactionId, merchantId } = payment
  reportUnusableAnswer(log, 'gateway', 'cancellation_unwritable', { transactionId, merchantId })
  return 'internal'
}

async function insert(
  { runtime }: CancelContext,
  transaction: Transaction,
  wanted: WantedCancellation,
): Promise<Cancellation> {
  const requestedAt = runtime.now()
  const cancelNumber = String(randomBelow(runtime, 100_000_000)).padStart(8, '0')
  const firstNumber = randomBelow(runtime, transactionNumbersPerSecond)
  for (let attempt = 0; attempt < transactionNumbersPerSecond; attempt++) {
    const partialTransactionId =
      wanted.scope === 'part'
        ? writePartTransactionId(wanted.merchantId, requestedAt, firstNumber + attempt)
        : undefined
    const asking = { state: 'asking', partialTransactionId, cancelNumber, requestedAt, answer: undefined } as const
    const cancellation = { ...wanted, ...asking }
    if (await insertCancellation(transaction, cancellation)) return cancellation
  }
  throw new Error(`merchant ${wanted.merchantId} has cancelled more parts in one second than there are transaction ids`)
}
