import type { AuthorizeOutcome } from '../card-network/port.ts'
import { singleFlight } from '../storage/batching.ts'
import { approvalMarginMs, hasWaited, type Payment } from './model.ts'
import { abandonedAfterMs, approvalsInProgress, findOverdue } from './overdue.ts'
import { type ApprovalContext, recordLateOutcome, recordReversal } from './record-outcome.ts'
import { claimIndeterminate, releaseIndeterminate } from './store.ts'
import { transitionPayment } from './transition.ts'

const perRound = 40

/**
 * Background job: one round over the indeterminate payments. Inquires about each, and reverses (망취소) those that the
 * card network does not know or has been silent about for too long. The others wait for a later round. Each payment is
 * claimed by one process; a call during a round joins it.
 */
export const resolveUnresolved = (gateway: ApprovalContext): Promise<void> =>
  singleFlight(gateway, 'resolve', () => resolveRound(gateway))

async function resolveRound(gateway: ApprovalContext): Promise<void> {
  const now = gateway.runtime.now()
  const abandoned = await findAbandoned(gateway)
  await Promise.all(
    abandoned.map(({ transactionId }) =>
      transitionPayment(gateway, {
        transactionId,
        from: 'approving',
        event: 'networkSilent',
        at: now,
        note: 'found without an outcome',
      }),
    ),
  )

  // Two calls to the network, an inquiry and a reversal, and a commit after each.
  const claimMs = 2 * (gateway.settings.cardNetworkTimeoutMs + approvalMarginMs)
  const until = new Date(now.getTime() + claimMs)
  const indeterminate = await claimIndeterminate(gateway, { at: now, until, limit: perRound })
  if (indeterminate.length === 0) return
  try {
    await Promise.all(indeterminate.map((payment) => resolvePayment(gateway, payment)))
  } finally {
    await releaseIndeterminate(gateway, indeterminate, until)
  }
}

/** Approvals whose process has died between its call to the network and the commit of the outcome. */
async function findAbandoned(gateway: ApprovalContext): Promise<readonly Payment[]> {
  const waitMs = abandonedAfterMs(gateway.settings)
  const overdue = await findOverdue(gateway, { state: 'approving', waitMs, limit: perRound })
  return overdue.filter(({ transactionId }) => !approvalsInProgress(gateway).has(transactionId))
}

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

/** True when the payment is to be reversed; that is durable before the network is called. */
async function decideReversal(gateway: ApprovalContext, payment: Payment): Promise<boolean> {
  const inquired = await gateway.cardNetwork.inquire(payment)
  const at = gateway.runtime.now()
  const outcome =
    inquired.outcome === 'unknown_to_network' ? inquired.outcome : await recordIfKnown(gateway, payment, inquired)
  if (outcome === 'recorded') return false
  const isOverdue = hasWaited(payment.stateChangedAt, gateway.settings.reverseAfterMs, at)
  // An authorization that the network does not know may still arrive: the reversal also stops that one.
  if (outcome === 'silent' && !isOverdue) return false
  const { transactionId } = payment
  const note = outcome === 'silent' ? 'the network stayed silent' : 'unknown to the network'
  const requested = { transactionId, from: 'unresolved', event: 'reversalRequested', at, note } as const
  return (await transitionPayment(gateway, requested)) !== undefined
}

const recordIfKnown = (gateway: ApprovalContext, payment: Payment, outcome: AuthorizeOutcome) =>
  outcome.outcome === 'silent' ? outcome.outcome : recordLateOutcome(gateway, payment, outcome)
