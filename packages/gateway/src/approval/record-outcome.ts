import type { AuthorizeOutcome, CardNetwork, NetworkSilence } from '../card-network/port.ts'
import { reportUnusableAnswer } from '../card-network/unusable-answers.ts'
import type { Context } from '../context.ts'
import { bindMember } from '../members/join.ts'
import { findMerchant } from '../merchants/store.ts'
import { wakeDelivery } from '../notifications/wake.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import { findMaskedNumber } from '../vault/store.ts'
import { currentAnswer } from './current-answer.ts'
import type { ApprovalOutcome, Payment } from './model.ts'
import type { Move, MoveFacts } from './move.ts'
import { movePayment, moveWithin } from './move-payment.ts'
import { findPayment } from './store.ts'
import type { PaymentEventName } from './transitions.ts'
import { type Answered, findUnwritableFields, writeAnswer, writeUnapproved } from './write-answer.ts'

export interface ApprovalContext extends Context {
  readonly cardNetwork: CardNetwork
}

const eventOf = {
  approved: 'networkApproved',
  declined: 'networkDeclined',
  silent: 'networkSilent',
} as const satisfies Record<AuthorizeOutcome['outcome'], PaymentEventName>

/**
 * Makes the outcome durable, with the answer about it, and returns that answer: what was not stored is not said. A payment whose
 * reversal was decided stays with it, whatever the network says now. An approval that cannot be written counts as silence.
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
  if (await moveByOutcome(context, payment, outcome, answer)) {
    const { transactionId, merchantId } = payment
    context.log.info('outcome_recorded', { transactionId, merchantId, ...namesOf(outcome) })
    return answer
  }

  const moved = await findPayment(context, payment.transactionId)
  return (moved && currentAnswer(moved, merchant)) ?? writeUnapproved(answered, { outcome: 'silent' })
}

/**
 * What the network says when it is asked again about an indeterminate payment: an approval that cannot be written counts as
 * silence, so that it is reversed in time.
 */
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

/** The network has confirmed that nothing of a `reversing` payment is charged, now or later. */
export async function recordReversal(context: ApprovalContext, payment: Payment): Promise<void> {
  const { transactionId, merchantId } = payment
  const answer = writeUnapproved(await describeForAnswer(context, payment), { outcome: 'reversed' })
  const at = context.runtime.now()
  const move = { transactionId, from: 'reversing', event: 'reversalConfirmed', at } as const
  const head = await movePayment(context, { ...move, facts: { answer }, notification: 'answer' })
  if (head !== undefined) context.log.info('outcome_recorded', { transactionId, merchantId, outcome: 'reversed' })
}

/** What the shop hears while nobody knows whether money moved. */
export const writeUnresolvedAnswer = async (context: ApprovalContext, payment: Payment): Promise<string> =>
  writeUnapproved(await describeForAnswer(context, payment), { outcome: 'silent' })

async function moveByOutcome(
  context: ApprovalContext,
  payment: Payment,
  outcome: AuthorizeOutcome,
  answer: string,
): Promise<boolean> {
  const { transactionId, state } = payment
  const move = { transactionId, event: eventOf[outcome.outcome], at: context.runtime.now() }
  const isMoved = async (
    from: 'approving' | 'unresolved',
    told: Pick<Move, 'facts' | 'notification'>,
  ): Promise<boolean> => {
    const known = from === state ? { known: payment } : {}
    const whole = { ...move, from, ...known, ...told }
    const binds = payment.bindsMember && outcome.outcome === 'approved'
    return binds ? moveAndBind(context, payment, whole) : (await movePayment(context, whole)) !== undefined
  }
  if (outcome.outcome === 'silent') return isMoved('approving', {})
  const facts = { ...factsOf(outcome), answer }
  const told = outcome.outcome === 'approved' ? { facts, notification: 'answer' as const } : { facts }
  // An answer that comes later than the resolver expected finds its payment unresolved already.
  return (state === 'approving' && (await isMoved(state, told))) || isMoved('unresolved', told)
}

/** The first approved payment makes the member, in the transaction that makes it approved; every other payment is spared the statements. */
async function moveAndBind(context: ApprovalContext, payment: Payment, move: Move): Promise<boolean> {
  const { transactionId, merchantId, memberId = '', request: member } = payment
  const binding = await context.storage.transact(async (transaction) =>
    (await moveWithin(transaction, context.keyRing, move)) ? bindMember(transaction, memberId) : undefined,
  )
  if (binding === undefined) return false
  wakeDelivery(context.storage)
  const about = { member, merchantId, transactionId }
  if (binding === 'bound') recordSecurityEvent(context, { name: 'member_bound', ...about })
  if (binding === 'taken')
    recordSecurityEvent(context, { name: 'customer_claimed_by_another', reason: 'approval', ...about })
  return true
}

function factsOf(outcome: ApprovalOutcome): MoveFacts {
  if (outcome.outcome === 'approved') return { approvalNumber: outcome.approvalNumber }
  return outcome.outcome === 'declined' ? { declineReason: outcome.reason } : {}
}

const namesOf = (outcome: AuthorizeOutcome): { readonly outcome: string; readonly reason?: string } =>
  outcome.outcome === 'declined' ? outcome : { outcome: outcome.outcome }

/** The merchant and the card as an answer shows them. */
export async function describeForAnswer(context: ApprovalContext, payment: Payment): Promise<Answered> {
  const merchant = await findMerchant(context, payment.merchantId)
  if (merchant === undefined) throw new Error(`payment ${payment.transactionId} belongs to a merchant that is gone`)
  const { memberId = '', cardId = '' } = payment
  return { payment, merchant, maskedCardNumber: await findMaskedNumber(context, { memberId, cardId }) }
}
