import { findResultReason, type ResultReason } from '@sspay/protocol'

/** What a result code of cancel.do says about the money. */
export type CancelMeaning =
  | 'cancelled'
  | 'rejected'
  | 'unresolved'
  | 'overloaded'
  | 'gateway_error'
  | 'unrecognized_code'

/** What is not here says nothing for certain: money that nobody has given back must not count as given back, nor the other way round. */
const meanings: Readonly<Partial<Record<ResultReason, CancelMeaning>>> = {
  cancelled: 'cancelled',

  cancel_amount_invalid: 'rejected',
  transaction_unknown: 'rejected',
  already_cancelled: 'rejected',
  cancel_exceeds_rest: 'rejected',
  partial_cancel_impossible: 'rejected',
  cancel_password_wrong: 'rejected',
  cancel_password_locked: 'rejected',
  cancel_sequence_conflict: 'rejected',
  cancel_signature_wrong: 'rejected',
  sealed_body_invalid: 'rejected',
  field_invalid: 'rejected',
  merchant_unknown: 'rejected',
  body_unreadable: 'rejected',
  body_too_large: 'rejected',
  path_unknown: 'rejected',

  cancel_unresolved: 'unresolved',
  overloaded: 'overloaded',
  internal: 'gateway_error',
}

export function cancelMeaningOf(code: string): CancelMeaning {
  const reason = findResultReason(code)
  return (reason === undefined ? undefined : meanings[reason]) ?? 'unrecognized_code'
}
