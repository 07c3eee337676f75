import type { Storage } from '../storage/storage.ts'
import { approvalMarginMs, hasPassed, type Payment } from './model.ts'
import { movePayment } from './move-payment.ts'
import { type ApprovalContext, describeForAnswer, recordOutcome, recordReversal } from './record-outcome.ts'
import { paymentsIn, releaseUndecided, takeUndecided } from './store.ts'

const perRound = 40

const rounds = new WeakMap<Storage, Promise<void>>()

/**
 * One round over the payments whose outcome is not known: asks the network again, and reverses what the network never saw or
 * stays silent about for too long. What cannot be settled waits for a later round, behind what was asked about longer ago; what another
 * process settles is left to it. A call while a round runs joins that round.
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

  const until = new Date(now.getTime() + claimMs(gateway))
  const undecided = await takeUndecided(gateway, { at: now, until, limit: perRound })
  if (undecided.length === 0) return
  try {
    await Promise.all(undecided.map((payment) => settle(gateway, payment)))
  } finally {
    await releaseUndecided(gateway, undecided, until)
  }
}

/** Two calls to the network, an inquiry and a reversal, and what is recorded after each. */
const claimMs = ({ settings }: ApprovalContext): number => 2 * (settings.cardNetworkTimeoutMs + approvalMarginMs)

/** The process that asked the network died before it could record the outcome. */
const giveUpWaiting = (gateway: ApprovalContext, { transactionId }: Payment, at: Date) =>
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
    await recordOutcome(gateway, await describeForAnswer(gateway, payment), outcome)
    return false
  }
  const reverseAt = new Date(payment.stateChangedAt.getTime() + gateway.settings.reverseAfterMs)
  // What the network does not know may still be on its way: the reversal makes sure that it is not authorized when it arrives.
  if (outcome.outcome === 'silent' && !hasPassed(reverseAt, at)) return false
  const { transactionId } = payment
  const note = outcome.outcome === 'silent' ? 'the network stayed silent' : 'unknown to the network'
  const move = { transactionId, from: 'unresolved', event: 'reversalRequested', at, note } as const
  return (await movePayment(gateway, move)) !== undefined
}
