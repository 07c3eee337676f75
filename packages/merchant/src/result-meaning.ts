import { findResultReason, type ResultReason } from '@sspay/protocol'
import type { UnknownCause } from './approval-outcome.ts'
import type { CancelUnknownCause } from './cancel-outcome.ts'

/** What the result code of an approval says about the money. */
export type ApprovalMeaning = 'charged' | 'not_charged' | 'cancelled' | UnknownCause

/** What the result code of an inquiry says about the payment. */
export type InquiryMeaning = ApprovalMeaning | 'not_approved_yet'

/** What the result code of a cancellation says about the money. */
export type CancelMeaning = 'cancelled' | 'rejected' | CancelUnknownCause

/** By the path that answered; absent: the code says nothing certain there (`unrecognized_code`). */
interface Meaning {
  readonly approval?: ApprovalMeaning
  readonly inquiry?: InquiryMeaning
  readonly cancel?: CancelMeaning
  /** Of a bill key; otherwise as an approval, or as an inquiry when the charge may have been sent before. */
  readonly charge?: InquiryMeaning
}

const none: Meaning = {}
const everywhere = <Cause extends UnknownCause & CancelUnknownCause>(cause: Cause): Meaning => ({
  approval: cause,
  inquiry: cause,
  cancel: cause,
})
/** The payment certainly is not charged, whichever of the two was asked. */
const notCharged: Meaning = { approval: 'not_charged', inquiry: 'not_charged' }
/** A rejected request: an approval did not happen, but the rejection of an inquiry says nothing about the payment. */
const rejectedRequest: Meaning = { approval: 'not_charged' }
const rejectedAnyRequest: Meaning = { approval: 'not_charged', cancel: 'rejected' }
/** A bill key: answered after the payment service has looked for an earlier charge of the order. */
const rejectedCharge: Meaning = { charge: 'not_charged' }
const rejectedCancel: Meaning = { cancel: 'rejected' }

/** Total, so that a new reason does not compile before it is judged. See docs/decisions/0013. */
const meanings: Readonly<Record<ResultReason, Meaning>> = {
  approved: { approval: 'charged', inquiry: 'charged' },
  not_approved_yet: { inquiry: 'not_approved_yet' },
  authenticated: none,
  member_deleted: none,
  member_without_card_deleted: none,
  member_unknown: none,
  deletion_replayed: none,
  // Whether it was charged is known by the archive only.
  transaction_archived: none,

  cancelled: { cancel: 'cancelled' },
  cancel_amount_invalid: rejectedCancel,
  transaction_unknown: rejectedCancel,
  already_cancelled: { approval: 'cancelled', inquiry: 'cancelled', cancel: 'rejected' },
  cancel_exceeds_rest: rejectedCancel,
  partial_cancel_impossible: rejectedCancel,
  cancel_password_wrong: rejectedCancel,
  cancel_password_locked: rejectedCancel,
  cancel_sequence_conflict: rejectedCancel,
  cancel_signature_wrong: rejectedCancel,
  cancel_unresolved: { cancel: 'unresolved' },

  card_number_invalid: notCharged,
  card_expired: notCharged,
  installment_unsupported: notCharged,
  installment_months_invalid: notCharged,
  card_amount_too_small: notCharged,
  balance_insufficient: notCharged,
  issuer_declined: notCharged,

  field_invalid: rejectedAnyRequest,
  merchant_unknown: rejectedAnyRequest,
  body_unreadable: rejectedAnyRequest,
  body_too_large: rejectedAnyRequest,
  path_unknown: rejectedAnyRequest,
  service_not_offered: rejectedAnyRequest,
  sealed_body_invalid: rejectedAnyRequest,
  checksum_wrong: rejectedRequest,
  signature_wrong: rejectedRequest,
  request_too_old: rejectedRequest,
  request_in_future: rejectedRequest,
  easy_pay_merchant_mismatch: rejectedRequest,
  amount_below_minimum: rejectedRequest,
  tax_split_wrong: rejectedRequest,
  issuer_not_selectable: rejectedRequest,
  installment_below_minimum: rejectedRequest,
  text_outside_charset: rejectedRequest,
  return_origin_not_allowed: rejectedRequest,
  page_origin_not_allowed: rejectedRequest,
  allowed_origins_missing: rejectedRequest,
  merchant_unusable: rejectedRequest,
  general_payments_off: rejectedRequest,
  order_tampered: rejectedRequest,
  buyer_aborted: rejectedRequest,
  window_expired: rejectedRequest,

  bill_key_unknown: rejectedCharge,
  bill_key_deleted: rejectedCharge,
  bill_key_ended: rejectedCharge,
  bill_key_card_registered: none,
  bill_key_card_not_added: none,
  bill_key_card_foreign: none,
  bill_key_card_unverified: none,
  bill_keys_off: rejectedCharge,
  // This request was rejected, but the earlier one under the same order number may have been charged.
  bill_key_order_conflict: { charge: 'order_used' },

  approval_ticket_unknown: notCharged,
  approval_ticket_expired: notCharged,
  approval_ticket_spent: { approval: 'approval_ticket_spent', inquiry: 'approval_ticket_spent' },
  approval_in_progress: { approval: 'in_progress', inquiry: 'in_progress' },
  outcome_unresolved: { approval: 'unresolved', inquiry: 'unresolved' },
  payment_reversed: notCharged,

  overloaded: everywhere('overloaded'),
  internal: everywhere('gateway_error'),
}

/** The public card family: 30xx declines, but 307x is about capture, which only follows an approval. */
const isCardDecline = (code: string): boolean => /^30\d\d$/.test(code) && !code.startsWith('307')

function meaningsOf(code: string): Meaning {
  const reason = findResultReason(code)
  if (reason !== undefined) return meanings[reason]
  return isCardDecline(code) ? notCharged : none
}

export const approvalMeaningOf = (code: string): ApprovalMeaning => meaningsOf(code).approval ?? 'unrecognized_code'

export const inquiryMeaningOf = (code: string): InquiryMeaning => meaningsOf(code).inquiry ?? 'unrecognized_code'

/** `mayBeRepeated`: the rejection of a request then says nothing about an earlier one. */
export const chargeMeaningOf = (code: string, { mayBeRepeated }: { readonly mayBeRepeated: boolean }): InquiryMeaning =>
  meaningsOf(code).charge ?? (mayBeRepeated ? inquiryMeaningOf(code) : approvalMeaningOf(code))

export const cancelMeaningOf = (code: string): CancelMeaning => meaningsOf(code).cancel ?? 'unrecognized_code'

/** A repeated request replays the first answer, so it cannot help when that answer does not match the request. */
const nextSteps: Readonly<Record<UnknownCause, 'ask_again' | 'investigate'>> = {
  unreachable: 'ask_again',
  interrupted: 'ask_again',
  timeout: 'ask_again',
  unreadable_answer: 'ask_again',
  in_progress: 'ask_again',
  unresolved: 'ask_again',
  overloaded: 'ask_again',
  gateway_error: 'ask_again',
  signature_mismatch: 'investigate',
  amount_mismatch: 'investigate',
  order_mismatch: 'investigate',
  transaction_mismatch: 'investigate',
  merchant_mismatch: 'investigate',
  approval_ticket_spent: 'investigate',
  unrecognized_code: 'investigate',
  unrecognized_state: 'investigate',
  contradiction: 'investigate',
  abandoned: 'investigate',
  order_used: 'investigate',
  order_tampered: 'investigate',
}

export const nextAfter = (cause: UnknownCause): 'ask_again' | 'investigate' => nextSteps[cause]
