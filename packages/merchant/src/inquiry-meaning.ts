import { findResultReason, type ResultReason } from '@sspay/protocol'
import { isCardRejection } from './approval-meaning.ts'
import type { UnknownCause } from './approval-outcome.ts'

/** What the answer of an inquiry says about the payment asked for. */
export type InquiryMeaning = 'charged' | 'not_charged' | 'not_approved_yet' | 'cancelled' | UnknownCause

/**
 * Only what the service can know about the payment counts. A refusal of the question itself (its form, its path, its size) says nothing about
 * the money, although as the answer of an approval it does: see approval-meaning.ts.
 */
const meanings: Readonly<Partial<Record<ResultReason, InquiryMeaning>>> = {
  approved: 'charged',
  not_approved_yet: 'not_approved_yet',
  already_cancelled: 'cancelled',

  card_number_invalid: 'not_charged',
  card_expired: 'not_charged',
  installment_unsupported: 'not_charged',
  installment_months_invalid: 'not_charged',
  card_amount_too_small: 'not_charged',
  balance_insufficient: 'not_charged',
  issuer_declined: 'not_charged',
  ticket_unknown: 'not_charged',
  ticket_expired: 'not_charged',
  payment_reversed: 'not_charged',

  ticket_spent: 'ticket_spent',
  approval_in_progress: 'in_progress',
  outcome_unresolved: 'unresolved',
  overloaded: 'overloaded',
  internal: 'gateway_error',
}

export function inquiryMeaningOf(code: string): InquiryMeaning {
  const reason = findResultReason(code)
  if (reason !== undefined) return meanings[reason] ?? 'unrecognized_code'
  return isCardRejection(code) ? 'not_charged' : 'unrecognized_code'
}
