import type { Payment } from '../approval/model.ts'
import type { CancelOutcome } from '../card-network/port.ts'
import { rejectionBody } from '../http/answer.ts'
import { perStorage } from '../storage/per-storage.ts'
import type { CancelContext, Cancellation } from './model.ts'
import { recordCancelOutcome } from './record-outcome.ts'

const runningOn = perStorage(() => new Map<string, Promise<string>>())

/**
 * Asks the card network and records what it says; silence is answered as not known yet. Calls for the same cancellation share one
 * question. Asking again is always safe: the network knows the cancellation by its transaction id and sequence.
 */
export function askNetwork(gateway: CancelContext, payment: Payment, cancellation: Cancellation): Promise<string> {
  const running = runningOn(gateway)
  const key = `${cancellation.transactionId} ${cancellation.cancelSequence}`
  const known = running.get(key)
  if (known !== undefined) return known
  const first = askOnce(gateway, payment, cancellation).finally(() => running.delete(key))
  running.set(key, first)
  return first
}

async function askOnce(gateway: CancelContext, payment: Payment, cancellation: Cancellation): Promise<string> {
  const { transactionId, cancelSequence } = cancellation
  let outcome: CancelOutcome
  try {
    outcome = await gateway.cardNetwork.cancel({
      transactionId,
      amount: payment.amount,
      cancelSequence,
      cancelAmount: cancellation.amount,
      cancelTransactionId: cancellation.partialTransactionId ?? transactionId,
    })
  } catch (cause) {
    gateway.log.error('cancellation_failed', { transactionId, cancelSequence, cause })
    outcome = { outcome: 'silent' }
  }
  return outcome.outcome === 'silent'
    ? rejectionBody('cancel_unresolved')
    : recordCancelOutcome(gateway, payment, cancellation, outcome)
}
