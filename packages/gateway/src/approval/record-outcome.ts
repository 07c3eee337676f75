import type { AuthorizeOutcome, CardNetwork, NetworkSilence } from '../card-network/port.ts'
import { reportUnusableAnswer } from '../card-network/unusable-answers.ts'
import type { Context } from '../context.ts'
import { bindMember } from '../members/join.ts'
import { findMerchant } from '../merchants/store.ts'
import { wakeDelivery } from '../notifications/wake.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import { findShownCard } from '../vault/store.ts'
import { forgetGuest } from './close-payment.ts'
import type { Payment } from './model.ts'
import type { PaymentChanges } from './payment-row.ts'
import { findPayment } from './store.ts'
import { applyTransitions, type Transition, transitionPayment } from './transition.ts'
import type { PaymentEventName } from './transitions.ts'
import { type Answered, currentAnswer, findUnwritableFields, writeAnswer, writeUnapproved } from './write-answer.ts'

export interface ApprovalContext extends Context {
  readonly cardNetwork: CardNetwork
}

const eventOf = {
  approved: 'networkApproved',
  declined: 'networkDeclined',
  silent: 'networkSilent',
} as const satisfies Record<AuthorizeOutcome['outcome'], PaymentEventName>

/**
 * Commits the outcome with its answer, and returns that answer only then. A payment whose reversal was requested keeps
 * to it, whatever the network says now. An approval that cannot be written counts as no answer.
 */
export async function recordOutcome(
  context: ApprovalContext,
  answered: Answered,
  outcome: AuthorizeOutcome,
): Promise<string> {
  const answer = writeAnswer(answered, outcome)
  if (answer === undefined) {
    reportUnwritable(context, answered)
    return recordOutcome(context, answered, { outcome: 'silent' })
  }
  const { payment, merchant } = answered
  if (await commitOutcome(context, payment, outcome, answer)) {
    const { transactionId, merchantId } = payment
    if (outcome.outcome !== 'silent') await forgetGuest(context, payment)
    context.log.info('outcome_recorded', { transactionId, merchantId, ...namesOf(outcome) })
    return answer
  }

  const current = await findPayment(context, payment.transactionId)
  return (current && currentAnswer(current, merchant)) ?? writeUnapproved(answered, { outcome: 'silent' })
}

/** The outcome of an inquiry. An approval that cannot be written counts as no answer, so that it is reversed. */
export async function recordLateOutcome(
  context: ApprovalContext,
  payment: Payment,
  outcome: Exclude<AuthorizeOutcome, NetworkSilence>,
): Promise<'recorded' | 'silent'> {
  const answered = await describeForAnswer(context, payment)
  if (writeAnswer(answered, outcome) === undefined) {
    reportUnwritable(context, answered)
    return 'silent'
  }
  await recordOutcome(context, answered, outcome)
  return 'recorded'
}

function reportUnwritable({ log }: ApprovalContext, answered: Answered): void {
  const { transactionId, merchantId } = answered.payment
  const fields = findUnwritableFields(answered).join(' ')
  reportUnusableAnswer(log, 'gateway', 'approval_unwritable', { transactionId, merchantId, fields })
}

/** The network has confirmed the reversal of a `reversing` payment. */
export async function recordReversal(context: ApprovalContext, payment: Payment): Promise<void> {
  const { transactionId, merchantId } = payment
  const answer = writeUnapproved(await describeForAnswer(context, payment), { outcome: 'reversed' })
  const at = context.runtime.now()
  const reversed = { transactionId, from: 'reversing', event: 'reversalConfirmed', at } as const
  const head = await transitionPayment(context, { ...reversed, changes: { answer }, notification: 'answer' })
  if (head === undefined) return
  await forgetGuest(context, payment)
  context.log.info('outcome_recorded', { transactionId, merchantId, outcome: 'reversed' })
}

/** The answer while the outcome is indeterminate. */
export const writeUnresolvedAnswer = async (context: ApprovalContext, payment: Payment): Promise<string> =>
  writeUnapproved(await describeForAnswer(context, payment), { outcome: 'silent' })

async function commitOutcome(
  context: ApprovalContext,
  payment: Payment,
  outcome: AuthorizeOutcome,
  answer: string,
): Promise<boolean> {
  const { transactionId, state } = payment
  const at = context.runtime.now()
  const isApproved = outcome.outcome === 'approved'
  const changes: PaymentChanges | undefined =
    outcome.outcome === 'silent' ? undefined : { ...changesOf(outcome), answer }
  const commitFrom = async (from: 'approving' | 'unresolved'): Promise<boolean> => {
    const transition: Transition = {
      transactionId,
      from,
      event: eventOf[outcome.outcome],
      at,
      ...(from === state && { expected: payment }),
      ...(changes && { changes }),
      ...(isApproved && { notification: 'answer' }),
    }
    if (isApproved && payment.bindsMember) return commitAndBind(context, payment, transition)
    return (await transitionPayment(context, transition)) !== undefined
  }
  if (outcome.outcome === 'silent') return commitFrom('approving')
  // An answer that comes after the resolver has given the approval up finds its payment unresolved.
  return (state === 'approving' && (await commitFrom(state))) || commitFrom('unresolved')
}

/** The first approved payment binds its pending member to the customer, in the same transaction. */
async function commitAndBind(context: ApprovalContext, payment: Payment, transition: Transition): Promise<boolean> {
  const { transactionId, merchantId, memberId = '', request: member } = payment
  const binding = await context.storage.transact(async (transaction) => {
    const { size } = await applyTransitions(transaction, context.keyRing, [transition])
    return size === 1 ? bindMember(transaction, memberId) : undefined
  })
  if (binding === undefined) return false
  wakeDelivery(context.storage)
  const about = { member, merchantId, transactionId }
  if (binding === 'bound') recordSecurityEvent(context, { name: 'member_bound', ...about })
  if (binding === 'taken')
    recordSecurityEvent(context, { name: 'customer_claimed_by_another', reason: 'approval', ...about })
  return true
}

function changesOf(outcome: AuthorizeOutcome): PaymentChanges {
  if (outcome.outcome === 'approved') {
    const { approvalNumber, approvedAt, issuerCode, acquirerCode } = outcome
    return { approvalNumber, approvedAt, issuerCode, acquirerCode }
  }
  return outcome.outcome === 'declined' ? { declineReason: outcome.reason } : {}
}

const namesOf = (outcome: AuthorizeOutcome): { readonly outcome: string; readonly reason?: string } =>
  outcome.outcome === 'declined' ? outcome : { outcome: outcome.outcome }

/** The payment with the merchant and the card that its answer shows. */
export async function describeForAnswer(context: ApprovalContext, payment: Payment): Promise<Answered> {
  const merchant = await findMerchant(context, payment.merchantId)
  if (merchant === undefined)
    throw new Error(`payment ${payment.transactionId} belongs to a merchant that does not exist`)
  const { memberId = '', cardId = '' } = payment
  return { payment, merchant, card: await findShownCard(context, { memberId, cardId }) }
}
