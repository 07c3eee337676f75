export { FieldError, type FieldProblem, type LocalizedText, type ResultReason } from '@sspay/protocol'
export { type AbortedPayment, type AbortReading, readAbort, readAbortFields } from './abort.ts'
export type {
  ApprovalOutcome,
  Approved,
  ApprovedPayment,
  Declined,
  ExpectedPayment,
  OrderMismatch,
  Unknown,
  UnknownCause,
} from './approval-outcome.ts'
export { type ApproveOptions, approve } from './approve.ts'
export { type AuthenticationReading, readAuthentication, readAuthenticationFields } from './authentication.ts'
export { type Cancellation, cancel } from './cancel.ts'
export type { Cancelled, CancelOutcome, CancelRejected, CancelUnknown, CancelUnknownCause } from './cancel-outcome.ts'
export { type Checkout, createCheckout } from './checkout/checkout.ts'
export { type CheckoutEnvironment, readCheckoutConfig } from './checkout/environment.ts'
export type {
  CheckoutError,
  CheckoutOptions,
  CheckoutOrder,
  CheckoutRejection,
  CheckoutResult,
  WasOpen,
} from './checkout/options.ts'
export { markPaidOnce } from './credit-once.ts'
export { type DeletionOutcome, deleteMember } from './delete-member.ts'
export { fetchTransport } from './fetch-transport.ts'
export { type InquiryOutcome, inquire, type NotApprovedYet } from './inquire.ts'
export { isPaymentOf } from './is-payment-of.ts'
export type {
  JournalEntry,
  JournalState,
  KnownPayment,
  OpenEntry,
  PaidPayment,
  PaymentIntent,
  PaymentJournal,
  RecordedOutcome,
  Standing,
} from './journal.ts'
export { createJournalTable } from './journal-sql.ts'
export { memoryJournal } from './memory-journal.ts'
export {
  defineMerchant,
  type Environment,
  type Merchant,
  type MerchantConfig,
  type OrderSignature,
} from './merchant.ts'
export { MerchantEnvironmentError, readMerchantConfig } from './merchant-environment.ts'
export { nodeTransport } from './node-transport.ts'
export {
  compareWithOrder,
  type NotificationReading,
  type NotificationRejection,
  type NotificationRules,
  type NotifiedState,
  type PaymentNotification,
  readNotification,
} from './notification.ts'
export type { OrderTampering } from './order-signature.ts'
export { createPaymentForm, type Order, type PaymentForm, UnwritableTextError } from './payment-form.ts'
export type { CancelledSince } from './payment-state.ts'
export type { PaymentTicket } from './payment-ticket.ts'
export {
  type PooledPostgresClient,
  type PostgresClient,
  type PostgresJournalOptions,
  type PostgresPool,
  postgresJournal,
} from './postgres-journal.ts'
export { type AbortArrival, receiveAbort } from './receive-abort.ts'
export { type AuthenticationArrival, receiveAuthentication } from './receive-authentication.ts'
export type { GoOn } from './receive-return.ts'
export { recordRefund } from './record-refund.ts'
export { type RecoveryLoop, type RecoveryLoopOptions, recover, startRecovery } from './recover.ts'
export type { RecoveryOptions } from './recover-entry.ts'
export type { OpenReason, RecoveredOutcome, RecoveryReport, StillOpen, TakenBack } from './recovery-report.ts'
export type { ReturnStateFault } from './return-state.ts'
export { type SqliteDatabase, type SqliteJournalOptions, sqliteJournal } from './sqlite-journal.ts'
export type { Transport, TransportRequest, TransportResult } from './transport.ts'
