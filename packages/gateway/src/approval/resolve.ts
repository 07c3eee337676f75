import type { Storage } from '../storage/storage.ts'
import { type ApprovalOutcome, approvalMarginMs, type Payment } from './model.ts'
import { type ApprovalContext, recordOutcome } from './record-outcome.ts'
import { movePayment, paymentsIn } from './store.ts'

const perRound = 100
const atOnce = 10

const rounds = new WeakMap<Storage, Promise<void>>()

/**
 * One round over the payments whose outcome is not known: asks the network again, and reverses what the network never saw. What
 * stays silent waits for the next round. A call while a round runs joins that round.
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

  const unresolved = await paymentsIn(gateway, { state: 'unresolved', changedBefore: now, limit: perRound })
  for (let from = 0; from < unresolved.length; from += atOnce) {
    await Promise.all(unresolved.slice(from, from + atOnce).map((payment) => resolve(gateway, payment)))
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

async function resolve(gateway: ApprovalContext, payment: Payment): Promise<void> {
  const { transactionId } = payment
  try {
    const outcome = await askAgain(gateway, payment)
    if (outcome.outcome !== 'silent') await recordOutcome(gateway, payment, outcome)
  } catch (cause) {
    gateway.log.error('payment_not_resolved', { transactionId, cause })
  }
}

async function askAgain({ cardNetwork }: ApprovalContext, payment: Payment): Promise<ApprovalOutcome> {
  const outcome = await cardNetwork.inquire(payment)
  // The request may still be on its way: the reversal makes sure that it is not authorized when it arrives.
  return outcome.outcome === 'unknown_to_network' ? cardNetwork.reverse(payment) : outcome
}
