import type { AuthorizeOutcome } from '../card-network/port.ts'
import type { Storage } from '../storage/storage.ts'
import { authorizingHere } from './authorizing-here.ts'
import { overdueAhead } from './dated-ahead.ts'
import { abandonedAfterMs } from './intent-age.ts'
import { approvalMarginMs, hasWaited, type Payment } from './model.ts'
import { movePayment } from './move-payment.ts'
import { type ApprovalContext, recordLateOutcome, recordReversal } from './record-outcome.ts'
import { paymentsIn, releaseIndeterminate, takeIndeterminate } from './store.ts'

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
  const abandoned = await findAbandoned(gateway, now)
  await Promise.all(abandoned.map((payment) => giveUpWaiting(gateway, payment, now)))

  const until = new Date(now.getTime() + claimMs(gateway))
  const indeterminate = await takeIndeterminate(gateway, { at: now, until, limit: perRound })
  if (indeterminate.length === 0) return
  try {
    await Promise.all(indeterminate.map((payment) => resolvePayment(gateway, payment)))
  } finally {
    await releaseIndeterminate(gateway, indeterminate, until)
  }
}

/** Approvals that nobody can be working on any more, in this process or another. */
async function findAbandoned(gateway: ApprovalContext, now: Date): Promise<readonly Payment[]> {
  const waitMs = abandonedAfterMs(gateway.settings)
  const approving = { state: 'approving', limit: perRound } as const
  const old = await paymentsIn(gateway, { ...approving, changedBefore: new Date(now.getTime() - waitMs) })
  const overdue = await overdueAhead(gateway, { ...approving, waitMs })
  return [...old, ...overdue].filter(({ transactionId }) => !authorizingHere(gateway).has(transactionId))
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

async function resolvePayment(gateway: ApprovalContext, payment: Payment): Promise<void> {
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
  const inquired = await gateway.cardNetwork.inquire(payment)
  const at = gateway.runtime.now()
  const outcome =
    inquired.outcome === 'unknown_to_network' ? inquired.outcome : await recordIfKnown(gateway, payment, inquired)
  if (outcome === 'recorded') return false
  const isOverdue = hasWaited(payment.stateChangedAt, gateway.settings.reverseAfterMs, at)
  // What the network does not know may still be on its way: the reversal makes sure that it is not authorized when it arrives.
  if (outcome === 'silent' && !isOverdue) return false
  const { transactionId } = payment
  const note = outcome === 'silent' ? 'the network stayed silent' : 'unknown to the network'
  const move = { transactionId, from: 'unresolved', event: 'reversalRequested', at, note } as const
  return (await movePayment(gateway, move)) !== undefined
}

const recordIfKnown = (gateway: ApprovalContext, payment: Payment, outcome: AuthorizeOutcome) =>
  outcome.outcome === 'silent' ? outcome.outcome : recordLateOutcome(gateway, payment, outcome)
