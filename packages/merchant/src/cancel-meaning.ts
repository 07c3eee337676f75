import { findResultReason, type ResultReason } from '@sspay/protocol'

/** What a result code of cancel.do says about the money. */
export type CancelMeaning =
  | 'cancelled'
  | 'refused'
  | 'unresolved'
  | 'overloaded'
  | 'gateway_error'
  | 'unrecognized_code'

/** What is not here says nothing for certain: money that nobody has given back must not count as given back, nor the other way round. */
const meanings: Readonly<Partial<Record<ResultReason, CancelMeaning>>> = {
  cancelled: 'cancelled',

  cancel_amount_invalid: 'refused',
  transaction_unknown: 'refused',
  already_cancelled: 'refused',
  cancel_exceeds_rest: 'refused',
  partial_cancel_impossible: 'refused',
  cancel_password_wrong: 'refused',
  cancel_password_locked: 'refused',
  cancel_sequence_conflict: 'refused',
  cancel_signature_wrong: 'refused',
  sealed_body_invalid: 'refused',
  field_invalid: 'refused',
  merchant_unknown: 'refused',
  body_unreadable: 'refused',
  body_too_large: 'refused',
  path_unknown: 'refused',

  cancel_unresolved: 'unresolved',
  overloaded: 'overloaded',
  internal: 'gateway_error',
}

export function cancelMeaningOf(code: string): CancelMeaning {
  const reason = findResultReason(code)
  return (reason === undefined ? undefined : meanings[reason]) ?? 'unrecognized_code'
}
