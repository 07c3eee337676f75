import type { ResultReason } from '@sspay/protocol'
import type { AuthorizeOutcome } from '../card-network/port.ts'
import { reportUnusableAnswer } from '../card-network/unusable-answers.ts'
import { type Merchant, mayTakePayments } from '../merchants/model.ts'
import type { ShownCard } from '../vault/model.ts'
import { CardUnknownError, type FoundCard } from '../vault/store.ts'
import type { Payment } from './model.ts'
import { isIntentTooOld } from './overdue.ts'
import type { ApprovalContext } from './record-outcome.ts'
import { findUnwritableFields } from './write-answer.ts'

/** A reason not to claim the payment: its answer could not be written, or the card network is down. */
export function reasonNotToAuthorize(
  gateway: ApprovalContext,
  payment: Omit<Payment, 'head'>,
  merchant: Merchant,
): ResultReason | undefined {
  const { transactionId, merchantId } = payment
  if (!mayTakePayments(merchant)) {
    gateway.log.warn('approval_rejected', { reason: 'merchant_unusable', transactionId, merchantId })
    return 'merchant_unusable'
  }
  const unwritable = findUnwritableFields({ payment, merchant })
  if (unwritable.length > 0) {
    const fields = { reason: 'answer_unwritable', transactionId, merchantId, fields: unwritable.join(' ') }
    reportUnusableAnswer(gateway.log, 'gateway', 'approval_rejected', fields)
    return 'field_invalid'
  }
  if (gateway.cardNetwork.permitAuthorization?.() !== false) return undefined
  gateway.log.warn('approval_rejected', { reason: 'circuit_open', transactionId })
  return 'overloaded'
}

/** A payment whose intent is durable, with what the card network is asked with. */
export interface Authorization {
  readonly card: Promise<FoundCard>
  readonly merchant: Merchant
  readonly begunAt: Date
}

/** Asks the card network. The intent is durable: any later failure counts as no answer, and the resolver inquires. */
export async function authorize(
  gateway: ApprovalContext,
  payment: Payment,
  { card, merchant, begunAt }: Authorization,
): Promise<{ readonly outcome: AuthorizeOutcome; readonly shown?: ShownCard }> {
  const { transactionId, amount, installmentMonths, isInterestFree } = payment
  const { acquirerMerchantNumber, cardNetworkTimeoutMs } = merchant
  const terms = { transactionId, amount, installmentMonths, isInterestFree, acquirerMerchantNumber }
  const silent = (cause: unknown): AuthorizeOutcome => {
    gateway.log.error('authorization_failed', { transactionId, cause })
    return { outcome: 'silent' }
  }
  if (isIntentTooOld(begunAt, gateway.runtime.now())) {
    gateway.log.warn('authorization_too_late', { transactionId })
    return { outcome: { outcome: 'silent' } }
  }
  try {
    const { use, shown } = await card
    const outcome = await use((clearCard) =>
      gateway.cardNetwork.authorize({ ...clearCard, ...terms }, cardNetworkTimeoutMs).catch(silent),
    )
    return { outcome, shown }
  } catch (cause) {
    if (cause instanceof CardUnknownError) return { outcome: { outcome: 'declined', reason: 'card_number_invalid' } }
    return { outcome: silent(cause) }
  }
}
