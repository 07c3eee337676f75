interface SecurityEventKind {
  /** `warn`: alert on it; see the runbook in docs/guides. */
  readonly level: 'info' | 'warn'
  /** `failure`: a credential was wrong or missing. `denied`: by a lock, a limit or a rule, whatever the credential. */
  readonly outcome: 'success' | 'failure' | 'denied'
}

/** The closed list. Names and outcomes are also labels of the metric. */
export const securityEvents = {
  identity_code_sent: { level: 'info', outcome: 'success' },
  identity_verified: { level: 'info', outcome: 'success' },
  identity_code_wrong: { level: 'info', outcome: 'failure' },
  identity_code_expired: { level: 'info', outcome: 'failure' },
  identity_mismatch: { level: 'info', outcome: 'failure' },
  identity_unreachable: { level: 'warn', outcome: 'failure' },
  customer_claimed_by_another: { level: 'warn', outcome: 'denied' },
  member_joined: { level: 'info', outcome: 'success' },
  member_bound: { level: 'info', outcome: 'success' },
  member_removed: { level: 'info', outcome: 'success' },
  member_deleted: { level: 'info', outcome: 'success' },
  password_set: { level: 'info', outcome: 'success' },
  password_wrong: { level: 'info', outcome: 'failure' },
  password_locked: { level: 'warn', outcome: 'denied' },
  password_reset: { level: 'info', outcome: 'success' },
  card_added: { level: 'info', outcome: 'success' },
  card_removed: { level: 'info', outcome: 'success' },
  card_verification_rejected: { level: 'info', outcome: 'failure' },
  passkey_added: { level: 'info', outcome: 'success' },
  passkey_removed: { level: 'info', outcome: 'success' },
  passkey_used: { level: 'info', outcome: 'success' },
  passkey_rejected: { level: 'warn', outcome: 'failure' },
  cancel_password_wrong: { level: 'warn', outcome: 'failure' },
  cancel_password_locked: { level: 'warn', outcome: 'denied' },
  signature_rejected: { level: 'warn', outcome: 'failure' },
  merchant_key_leaked: { level: 'warn', outcome: 'failure' },
  root_key_used: { level: 'info', outcome: 'success' },
  root_key_rotated: { level: 'warn', outcome: 'success' },
  window_opened_elsewhere: { level: 'warn', outcome: 'denied' },
  console_action: { level: 'info', outcome: 'success' },
  console_action_rejected: { level: 'warn', outcome: 'denied' },
  limit_reached: { level: 'warn', outcome: 'denied' },
} as const satisfies Readonly<Record<string, SecurityEventKind>>

export type SecurityEventName = keyof typeof securityEvents

export const securityEventNames = Object.keys(securityEvents) as readonly SecurityEventName[]

/** Actions of an operator on the console. */
export type ConsoleAction =
  | 'resend_notification'
  | 'unlock_cancelling'
  | 'cancel_payment'
  | 'end_bill_key'
  | 'export_payments'
  | 'export_requests'

/** The customer of a merchant, whether a member or not; a general card payment has none. */
export interface EventSubject {
  readonly easyPayMerchantId?: string | undefined
  readonly customerId?: string | undefined
}
