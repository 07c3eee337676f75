import type { Storage } from '../storage/storage.ts'
import { approvalMarginMs, hasPassed, type Payment } from './model.ts'
import { type ApprovalContext, recordOutcome, recordReversal } from './record-outcome.ts'
import { movePayment, paymentsIn, takeUndecided } from './store.ts'

const perRound = 40
const atOnce = 20

const rounds = new WeakMap<Storage, Promise<void>>()

/**
 * One round over the payments whose outcome is not known: asks the network again, and reverses what the network never saw or
 * stays silent about for too long. What cannot be settled waits for a later round, behind what was asked about longer ago. A call
 * while a round runs joins that round.
 */
export function resolveUnresolved(gateway: ApprovalContext): Promise<void> {
  const running = rounds.get(gateway.storage)
  if (running !== undefined) return running
  const round = resolveRound(gateway).finally(() => rounds.delete(gateway.storage))
  rounds.set(gateway.storage, round)
  return round
}

async function resolveRound(gateway: ApprovalContext): Promise<void> {
  const now = gateway.runtime.now()
  const abandonedBefore = new Date(now.getTime() - gateway.settings.cardNetworkTimeoutMs - approvalMarginMs)
  const abandoned = await paymentsIn(gateway, { state: 'approving', changedBefore: abandonedBefore, limit: perRound })
  await Promise.all(abandoned.map((payment) => giveUpWaiting(gateway, payment, now)))

  const undecided = await takeUndecided(gateway, { at: now, limit: perRound })
  for (let from = 0; from < undecided.length; from += atOnce) {
    await Promise.all(undecided.slice(from, from + atOnce).map((payment) => settle(gateway, payment)))
  }
}

/** The process that asked the network died before it could record the outcome. */
const giveUpWaiting = (gateway: ApprovalContext, { transactionId }: Payment, at: Date): Promise<boolean> =>
  movePayment(gateway, {
    transactionId,
    from: 'approving',
    event: 'networkSilent',
    at,
    note: 'found without an outcome',
  })

async function settle(gateway: ApprovalContext, payment: Payment): Promise<void> {
  const { transactionId } = payment
  try {
    const isReversing = payment.state === 'reversing' || (await decideReversal(gateway, payment))
    if (!isReversing) return
    const outcome = await gateway.cardNetwork.reverse(payment)
    if (outcome.outcome === 'reversed') await recordReversal(gateway, payment)
  } catch (cause) {
    gateway.log.error('payment_not_resolved', { transactionId, cause })
  }
}

/** True when the payment is to be reversed, which is durable before the network is asked for it. */
async function decideReversal(gateway: ApprovalContext, payment: Payment): Promise<boolean> {
  const outcome = await gateway.cardNetwork.inquire(payment)
  const at = gateway.runtime.now()
  if (outcome.outcome === 'approved' || outcome.outcome === 'declined') {
    await recordOutcome(gateway, payment, outcome)
    return false
  }
  const reverseAt = new Date(payment.stateChangedAt.getTime() + gateway.settings.reverseAfterMs)
  // What the network does not know may still be on its way: the reversal makes sure that it is not authorized when it arrives.
  if (outcome.outcome === 'silent' && !hasPassed(reverseAt, at)) return false
  const { transactionId } = payment
  const note = outcome.outcome === 'silent' ? 'the network stayed silent' : 'unknown to the network'
  return movePayment(gateway, { transactionId, from: 'unresolved', event: 'reversalRequested', at, note })
}
