import type { ResultReason } from '@sspay/protocol'
import { approvalMarginMs, type Payment } from '../approval/model.ts'
import { withinReadTimeout } from '../approval/read-timeout.ts'
import { findPayment, lockPayment, reserveForCancel } from '../approval/store.ts'
import { transactionNumbersPerSecond, writePartTransactionId } from '../approval/transaction-id.ts'
import { reasonNotFound } from '../approval/write-answer.ts'
import type { CancelOutcome } from '../card-network/port.ts'
import { reportUnusableAnswer } from '../card-network/unusable-answers.ts'
import type { Merchant } from '../merchants/model.ts'
import { randomBelow } from '../runtime.ts'
import { singleFlight } from '../storage/batching.ts'
import type { Transaction } from '../storage/storage.ts'
import { explainAdmission, type RejectedCancellation } from './explain-rejection.ts'
import { type CancelContext, type Cancellation, isSameCancellation, type WantedCancellation } from './model.ts'
import { isAnswerable, recordCancelOutcome } from './record-outcome.ts'
import { cancellationsOf, claimIndeterminateCancellations, findCancellation, insertCancellation } from './store.ts'
import { knownOfWanted, writeRejection } from './write-rejection.ts'

/**
 * Refunds a payment in full or in part and returns the body of the answer. Reserves the amount before it calls the card
 * network, so that concurrent refunds never exceed the payment. Idempotent: the same sequence gets the same bytes
 * again, or is rejected when the payment is cancelled in full and the merchant wants that (Q04).
 */
export async function cancel(
  gateway: CancelContext,
  wanted: WantedCancellation,
  repeated: Merchant['repeatedCancellation'],
): Promise<string> {
  const admission = await admit(gateway, wanted, repeated)
  if ('rejected' in admission) {
    const { transactionId, merchantId } = wanted
    gateway.log.warn('cancellation_rejected', { transactionId, merchantId, reason: admission.rejected })
    explainAdmission(admission, wanted)
    // One answer for every payment that is not found, whether it exists or not.
    const payment = admission.rejected === 'transaction_unknown' ? undefined : admission.payment
    return writeRejection(admission.rejected, knownOfWanted(wanted, payment))
  }
  const { payment, cancellation } = admission
  if (cancellation.answer !== undefined) return cancellation.answer
  const answer = askNetwork(gateway, payment, cancellation)
  return withinReadTimeout(gateway, answer, () => writeRejection('cancel_unresolved', knownOfWanted(wanted, payment)))
}

/**
 * Calls the card network and records its outcome; silence is answered as indeterminate. Single flight for each refund.
 * Idempotent: transaction id and sequence are the network's idempotency key.
 */
function askNetwork(gateway: CancelContext, payment: Payment, cancellation: Cancellation): Promise<string> {
  const { transactionId, cancelSequence, amount, partialTransactionId } = cancellation
  const silent = (cause: unknown): CancelOutcome => {
    gateway.log.error('cancellation_failed', { transactionId, cancelSequence, cause })
    return { outcome: 'silent' }
  }
  const ask = async (): Promise<CancelOutcome> =>
    gateway.cardNetwork.cancel({
      transactionId,
      amount: payment.amount,
      cancelSequence,
      cancelAmount: amount,
      cancelTransactionId: partialTransactionId ?? transactionId,
    })
  return singleFlight(gateway, `cancel ${transactionId} ${cancelSequence}`, async () => {
    const outcome = await ask().catch(silent)
    return outcome.outcome === 'silent'
      ? writeRejection('cancel_unresolved', knownOfWanted(cancellation, payment))
      : recordCancelOutcome(gateway, payment, cancellation, outcome)
  })
}

type Admission = RejectedCancellation | { readonly payment: Payment; readonly cancellation: Cancellation }

/** Durable when it resolves: the refund, new or known, and the reservation of its amount. */
const admit = (
  gateway: CancelContext,
  wanted: WantedCancellation,
  repeated: Merchant['repeatedCancellation'],
): Promise<Admission> =>
  gateway.storage.transact(async (transaction) => {
    const store = { storage: transaction, keyRing: gateway.keyRing }
    await lockPayment(transaction, wanted.transactionId)
    const payment = await findPayment(store, wanted.transactionId)
    // One answer for both, so that it does not reveal the transaction ids of other merchants.
    if (payment === undefined || payment.merchantId !== wanted.merchantId)
      return { rejected: await reasonNotFound(store, wanted.transactionId, 'transaction_unknown') }

    const known = await findCancellation(store, wanted)
    const conflict = known && rejectionOfRepeat(known, wanted, repeated)
    if (known !== undefined && conflict !== undefined) return { rejected: conflict, payment, cancellations: [known] }
    if (known !== undefined) return { payment, cancellation: known }
    const rejected = rejectionOf(payment, wanted) ?? unanswerable(gateway, payment, wanted)
    if (rejected !== undefined) return { rejected, payment }
    if (!(await reserveForCancel(transaction, wanted))) {
      const cancellations = await cancellationsOf(store, wanted.transactionId)
      return { rejected: 'cancel_exceeds_rest', payment, cancellations }
    }
    return { payment, cancellation: await insert(gateway, transaction, wanted) }
  })

function rejectionOfRepeat(
  known: Cancellation,
  wanted: WantedCancellation,
  repeated: Merchant['repeatedCancellation'],
): ResultReason | undefined {
  if (!isSameCancellation(known, wanted)) return 'cancel_sequence_conflict'
  const isOver = known.scope === 'full' && known.state === 'cancelled'
  return isOver && repeated === 'reject' ? 'already_cancelled' : undefined
}

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
    const partId = writePartTransactionId(wanted.merchantId, requestedAt, firstNumber + attempt)
    const partialTransactionId = wanted.scope === 'part' ? partId : undefined
    const asking = { state: 'asking', partialTransactionId, cancelNumber, requestedAt, answer: undefined } as const
    const cancellation = { ...wanted, ...asking }
    if (await insertCancellation(transaction, cancellation)) return cancellation
  }
  throw new Error(`merchant ${wanted.merchantId} has cancelled more parts in one second than there are transaction ids`)
}

const perRound = 20

/** Background job: calls the card network again for every refund without an outcome, after silence or a crash. */
export async function resumeCancellations(gateway: CancelContext): Promise<void> {
  const at = gateway.runtime.now()
  const askingMs = gateway.settings.cardNetworkTimeoutMs + approvalMarginMs
  const askedBefore = new Date(at.getTime() - askingMs)
  const markedBefore = new Date(at.getTime() + askingMs)
  const claim = { at, askedBefore, markedBefore, limit: perRound }
  const indeterminate = await claimIndeterminateCancellations(gateway, claim)
  await Promise.all(indeterminate.map((cancellation) => resume(gateway, cancellation)))
}

async function resume(gateway: CancelContext, cancellation: Cancellation): Promise<void> {
  const { transactionId, cancelSequence } = cancellation
  try {
    const payment = await findPayment(gateway, transactionId)
    if (payment === undefined) throw new Error(`there is no payment ${transactionId}`)
    await askNetwork(gateway, payment, cancellation)
  } catch (cause) {
    gateway.log.error('cancellation_not_resumed', { transactionId, cancelSequence, cause })
  }
}
