import type { CardNetwork } from '../card-network/port.ts'
import type { Context } from '../context.ts'
import { findMerchant } from '../merchants/store.ts'
import { cardsOf } from '../vault/store.ts'
import type { ApprovalOutcome, Payment } from './model.ts'
import { findPayment, type MoveFacts, movePayment } from './store.ts'
import type { PaymentEventName } from './transitions.ts'
import { type Answered, writeAnswer } from './write-answer.ts'

export interface ApprovalContext extends Context {
  readonly cardNetwork: CardNetwork
}

const eventOf = {
  approved: 'networkApproved',
  declined: 'networkDeclined',
  silent: 'networkSilent',
  reversed: 'reversalConfirmed',
} as const satisfies Record<ApprovalOutcome['outcome'], PaymentEventName>

/** Makes the outcome durable, with the answer about it, and returns that answer: what was not stored is not said. */
export async function recordOutcome(
  context: ApprovalContext,
  payment: Payment,
  outcome: ApprovalOutcome,
): Promise<string> {
  const answered = await describeForAnswer(context, payment)
  const answer = writeAnswer(answered, outcome)
  if (await moveByOutcome(context, payment, outcome, answer)) {
    const { transactionId, merchantId } = payment
    context.log.info('outcome_recorded', { transactionId, merchantId, ...namesOf(outcome) })
    return answer
  }

  const moved = await findPayment(context, payment.transactionId)
  return moved?.answer ?? writeAnswer(answered, { outcome: 'silent' })
}

/** What the shop hears while nobody knows whether money moved. */
export const writeUnresolvedAnswer = async (context: ApprovalContext, payment: Payment): Promise<string> =>
  writeAnswer(await describeForAnswer(context, payment), { outcome: 'silent' })

async function moveByOutcome(
  context: ApprovalContext,
  { transactionId, state }: Payment,
  outcome: ApprovalOutcome,
  answer: string,
): Promise<boolean> {
  const event = eventOf[outcome.outcome]
  const move = { transactionId, event, at: context.runtime.now() }
  if (outcome.outcome === 'silent') return movePayment(context, { ...move, from: 'approving' })
  const facts = { ...factsOf(outcome), answer }
  const isMoved =
    state === 'approving' &&
    event !== 'reversalConfirmed' &&
    (await movePayment(context, { ...move, from: state, facts }))
  // An answer that comes later than the resolver expected finds its payment unresolved already.
  return isMoved || movePayment(context, { ...move, from: 'unresolved', facts })
}

function factsOf(outcome: ApprovalOutcome): MoveFacts {
  if (outcome.outcome === 'approved') return { approvalNumber: outcome.approvalNumber }
  return outcome.outcome === 'declined' ? { declineReason: outcome.reason } : {}
}

const namesOf = (outcome: ApprovalOutcome): { readonly outcome: string; readonly reason?: string } =>
  outcome.outcome === 'declined' ? outcome : { outcome: outcome.outcome }

async function describeForAnswer(context: ApprovalContext, payment: Payment): Promise<Answered> {
  const merchant = await findMerchant(context, payment.merchantId)
  if (merchant === undefined) throw new Error(`payment ${payment.transactionId} belongs to a merchant that is gone`)
  const cards = payment.memberId === undefined ? [] : await cardsOf(context, payment.memberId)
  const card = cards.find(({ cardId }) => cardId === payment.cardId)
  return { payment, merchant, maskedCardNumber: card?.maskedCardNumber }
}
