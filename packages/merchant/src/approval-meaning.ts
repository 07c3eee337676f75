import { findResultReason, type ResultReason } from '@sspay/protocol'
import type { UnknownCause } from './approval-outcome.ts'

/** What a result code says about the money. */
export type ApprovalMeaning = 'charged' | 'not_charged' | UnknownCause

/** Total, so that a new reason does not compile before someone has judged it. See docs/decisions/0013. */
const meanings: Readonly<Record<ResultReason, ApprovalMeaning>> = {
  approved: 'charged',

  // Right codes of other calls: as the answer of an approval they make no sense.
  authenticated: 'unrecognized_code',
  cancelled: 'unrecognized_code',
  member_deleted: 'unrecognized_code',
  member_without_card_deleted: 'unrecognized_code',
  cancel_amount_invalid: 'unrecognized_code',
  transaction_unknown: 'unrecognized_code',
  already_cancelled: 'unrecognized_code',
  cancel_exceeds_rest: 'unrecognized_code',
  partial_cancel_impossible: 'unrecognized_code',
  cancel_password_wrong: 'unrecognized_code',
  cancel_password_locked: 'unrecognized_code',
  cancel_sequence_conflict: 'unrecognized_code',
  cancel_unresolved: 'unrecognized_code',
  cancel_signature_wrong: 'unrecognized_code',
  not_approved_yet: 'unrecognized_code',
  // Whether it was charged stands in an archive, where a person looks.
  transaction_archived: 'unrecognized_code',
  member_unknown: 'unrecognized_code',
  sealed_body_invalid: 'unrecognized_code',
  deletion_replayed: 'unrecognized_code',
  deletion_checksum_wrong: 'unrecognized_code',

  card_number_invalid: 'not_charged',
  card_expired: 'not_charged',
  installment_unsupported: 'not_charged',
  installment_months_invalid: 'not_charged',
  card_amount_too_small: 'not_charged',
  balance_insufficient: 'not_charged',
  issuer_declined: 'not_charged',

  field_invalid: 'not_charged',
  signature_wrong: 'not_charged',
  request_too_old: 'not_charged',
  request_in_future: 'not_charged',
  merchant_unknown: 'not_charged',
  easy_pay_merchant_mismatch: 'not_charged',
  amount_below_minimum: 'not_charged',
  tax_split_wrong: 'not_charged',
  issuer_not_selectable: 'not_charged',
  body_unreadable: 'not_charged',
  body_too_large: 'not_charged',
  path_unknown: 'not_charged',
  installment_below_minimum: 'not_charged',
  text_outside_charset: 'not_charged',
  return_origin_not_allowed: 'not_charged',
  page_origin_not_allowed: 'not_charged',
  allowed_origins_missing: 'not_charged',
  merchant_unusable: 'not_charged',

  ticket_unknown: 'not_charged',
  ticket_expired: 'not_charged',
  order_tampered: 'not_charged',
  approval_in_progress: 'in_progress',
  ticket_spent: 'ticket_spent',

  buyer_aborted: 'not_charged',
  window_expired: 'not_charged',

  outcome_unresolved: 'unresolved',
  payment_reversed: 'not_charged',

  overloaded: 'overloaded',
  internal: 'gateway_error',
}

/** The public card family: 30xx refuses, but 307x is about capture, which only follows an approval. */
export const isCardRejection = (code: string): boolean => /^30\d\d$/.test(code) && !code.startsWith('307')

export function meaningOf(code: string): ApprovalMeaning {
  const reason = findResultReason(code)
  if (reason !== undefined) return meanings[reason]
  return isCardRejection(code) ? 'not_charged' : 'unrecognized_code'
}

/** Asking again repeats the first answer; it cannot change an answer that is about something else. */
export const nextAfter = (cause: UnknownCause): 'ask_again' | 'investigate' => {
  switch (cause) {
    case 'unreachable':
    case 'interrupted':
    case 'timeout':
    case 'unreadable_answer':
    case 'in_progress':
    case 'unresolved':
    case 'overloaded':
    case 'gateway_error':
      return 'ask_again'
    case 'signature_mismatch':
    case 'amount_mismatch':
    case 'order_mismatch':
    case 'transaction_mismatch':
    case 'merchant_mismatch':
    case 'ticket_spent':
    case 'unrecognized_code':
    case 'unrecognized_state':
    case 'contradiction':
    case 'abandoned':
    case 'order_tampered':
      return 'investigate'
  }
}
