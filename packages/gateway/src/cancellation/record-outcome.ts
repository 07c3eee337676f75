import { cancelResult, findUnwritable, koreanTimestamp, resultCodes, writeMessage } from '@sspay/protocol'
import { signResult } from '@sspay/protocol/signature'
import type { Payment } from '../approval/model.ts'
import { findPayment, lockPayment, releaseFromCancel } from '../approval/store.ts'
import { applyTransitions } from '../approval/transition.ts'
import type { PaymentEventName } from '../approval/transitions.ts'
import { writeCancelNotification } from '../approval/write-notification.ts'
import type { CancelOutcome, NetworkSilence } from '../card-network/port.ts'
import { answerKeyOf } from '../merchants/keys.ts'
import { findMerchant } from '../merchants/store.ts'
import { wakeDelivery } from '../notifications/wake.ts'
import type { Transaction } from '../storage/storage.ts'
import { type CancelContext, type Cancellation, type WantedCancellation, writeCancellationNote } from './model.ts'
import { findCancellation, recordCancellationOutcome } from './store.ts'
import { knownOfWanted, writeRejection } from './write-rejection.ts'

type KnownOutcome = Exclude<CancelOutcome, NetworkSilence>

/**
 * Commits the outcome, its answer, and the payment's transition with event and notification, at most once; returns the
 * stored answer.
 */
export async function recordCancelOutcome(
  gateway: CancelContext,
  payment: Payment,
  cancellation: Cancellation,
  outcome: KnownOutcome,
): Promise<string> {
  const { transactionId, cancelSequence } = cancellation
  const known = knownOfWanted(cancellation, payment)
  const answer =
    outcome.outcome === 'cancelled'
      ? writeCancelAnswer(payment, cancellation, outcome.cancelledAt)
      : writeRejection(outcome.reason, known)
  const { storage, keyRing } = gateway
  const at = gateway.runtime.now()
  const signature = await signNotification(gateway, payment, at)
  const isRecorded = await storage.transact(async (transaction) => {
    await lockPayment(transaction, transactionId)
    const cancelledAt = outcome.outcome === 'cancelled' ? outcome.cancelledAt : undefined
    const finished = { ...cancellation, state: outcome.outcome, answer, at, cancelledAt }
    if (!(await recordCancellationOutcome(transaction, keyRing, finished))) return false
    if (outcome.outcome === 'declined') await releaseFromCancel(transaction, cancellation)
    else await applyRefund(gateway, transaction, { cancellation, cancelledAt: outcome.cancelledAt, at, signature })
    return true
  })
  wakeDelivery(storage)
  if (!isRecorded)
    return (await findCancellation(gateway, cancellation))?.answer ?? writeRejection('cancel_unresolved', known)

  const reason = outcome.outcome === 'declined' ? outcome.reason : undefined
  gateway.log.info('cancellation_recorded', { transactionId, cancelSequence, outcome: outcome.outcome, reason })
  return answer
}

interface Refund {
  readonly cancellation: Cancellation
  readonly cancelledAt: Date
  readonly at: Date
  readonly signature: string
}

async function applyRefund(
  { keyRing }: CancelContext,
  transaction: Transaction,
  { cancellation, cancelledAt, at, signature }: Refund,
): Promise<void> {
  const { transactionId, cancelSequence, amount, partialTransactionId } = cancellation
  const payment = await findPayment({ storage: transaction, keyRing }, transactionId)
  if (payment?.answer === undefined) throw new Error(`payment ${transactionId} has no approval to cancel`)

  const cancelledAmount = payment.cancelledAmount + amount
  const ofRefund = { refundAmount: amount, ...timeOf(cancelledAt), originalTransactionId: transactionId }
  const notification = writeCancelNotification(
    payment.answer,
    { cancelledAmount, cancelledAt },
    { ...cancelledResult, signature, partialTransactionId, ...ofRefund },
  )
  if (notification === undefined) throw new Error(`the answer of payment ${transactionId} cannot be read`)
  const refunded = {
    transactionId,
    from: payment.state,
    event: eventOf(payment, cancelledAmount),
    at,
    note: writeCancellationNote({ cancelSequence, amount }),
    changes: { cancelledAmount, cancelledAt },
    notification,
  }
  const { size } = await applyTransitions(transaction, keyRing, [refunded])
  if (size !== 1) throw new Error(`payment ${transactionId} changed while its cancellation was recorded`)
}

function eventOf({ state, amount }: Payment, cancelledAmount: number): PaymentEventName {
  if (cancelledAmount < amount) return 'cancelledInPart'
  return state === 'approved' ? 'cancelledInFull' : 'restCancelled'
}

/** A notification of a refund must not look like an approval to a shop that reads the code alone (Q05). */
const cancelledResult = { resultCode: resultCodes.cancelled.code, resultMessage: resultCodes.cancelled.ko }

async function signNotification(
  gateway: CancelContext,
  { transactionId, merchantId, request }: Payment,
  at: Date,
): Promise<string> {
  const merchant = await findMerchant(gateway, merchantId)
  if (merchant === undefined) throw new Error(`payment ${transactionId} belongs to a merchant that does not exist`)
  return signResult({ transactionId, resultCode: cancelledResult.resultCode }, answerKeyOf(merchant, request, at))
}

function timeOf(cancelledAt: Date) {
  const time = koreanTimestamp(cancelledAt)
  return { cancelDate: time.slice(0, 8), cancelTime: time.slice(8) }
}

/** The answer to a successful refund (Q04). `cancelledAt`: by the card network's clock, shown in Korean time. */
function writeCancelAnswer(
  { orderId }: Payment,
  { transactionId, merchantId, amount, cancelNumber, partialTransactionId }: Cancellation,
  cancelledAt: Date,
): string {
  return JSON.stringify(
    writeMessage(cancelResult, {
      ...cancelledResult,
      transactionId,
      merchantId,
      orderId,
      cancelAmount: amount,
      ...timeOf(cancelledAt),
      cancelNumber,
      partialTransactionId,
    }),
  )
}

/**
 * Whether answer and notification can be written: checked before the call to the card network, which cannot be undone.
 */
export function isAnswerable({ orderId, answer }: Payment, wanted: WantedCancellation, now: Date): boolean {
  const { transactionId, merchantId, amount } = wanted
  const unwritable = findUnwritable(cancelResult, { transactionId, merchantId, orderId, cancelAmount: amount })
  if (unwritable.length > 0 || answer === undefined) return false
  return writeCancelNotification(answer, { cancelledAmount: amount, cancelledAt: now }) !== undefined
}
