export { FieldError, type FieldProblem, type LocalizedText, type ResultReason, type WireText } from '@sspay/protocol'
export {
  type Aborted,
  type AbortedPayment,
  type AbortRejected,
  type ReadAbortResult,
  type ReceiveAbortResult,
  readAbort,
  readAbortFields,
  receiveAbort,
} from './abort.ts'
export type { GatewayFailure } from './answer.ts'
export type { AlreadyCancelled } from './approval-answer.ts'
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
export type { ApprovalTicket } from './approval-ticket.ts'
export { type ApproveOptions, approve } from './approve.ts'
export {
  type Authenticated,
  type AuthenticationRejected,
  type ReadAuthenticationResult,
  type ReceiveAuthenticationResult,
  readAuthentication,
  readAuthenticationFields,
  receiveAuthentication,
} from './authentication.ts'
export type { BillKeyCharge } from './bill-key-charge.ts'
export { type BillKeyForm, type BillKeyOrder, createBillKeyForm } from './bill-key-form.ts'
export {
  type BillKeyNotIssued,
  type BillKeyRejection,
  type BillKeyResultRejected,
  type ExpectedBillKey,
  type IssuedBillKey,
  type ReadBillKeyResult,
  readBillKeyResult,
  readBillKeyResultFields,
} from './bill-key-result.ts'
export { billingOrderId } from './billing-order-id.ts'
export { type Cancellation, cancel } from './cancel.ts'
export type { Cancelled, CancelOutcome, CancelRejected, CancelUnknown, CancelUnknownCause } from './cancel-outcome.ts'
export { type ChargeBillKeyOptions, chargeBillKey } from './charge-bill-key.ts'
export { type Checkout, createCheckout } from './checkout/checkout.ts'
export { type CheckoutEnvironment, readCheckoutConfig } from './checkout/environment.ts'
export type {
  CheckoutError,
  CheckoutOptions,
  CheckoutOrder,
  CheckoutRejection,
  CheckoutResult,
  MarkOrderPaidResult,
} from './checkout/options.ts'
export { type BillKeyDeletionOutcome, deleteBillKey } from './delete-bill-key.ts'
export { type DeletionOutcome, deleteMember } from './delete-member.ts'
export type { DeletionRejected, DeletionUnknown } from './deletion-answer.ts'
export { UnwritableTextError } from './form-fields.ts'
export { type InquiryOutcome, inquire, isPaymentOf, type NotApprovedYet } from './inquire.ts'
export type {
  BeginResult,
  BegunPayment,
  JournalEntry,
  JournalState,
  PaidPayment,
  PaymentJournal,
  PendingPayment,
  RecordedOutcome,
  RecordedPayment,
} from './journal.ts'
export { createJournalTable, type SqlValue } from './journal-sql.ts'
export { memoryJournal } from './memory-journal.ts'
export {
  defineMerchant,
  type Environment,
  type Merchant,
  type MerchantConfig,
  type OrderSignature,
} from './merchant.ts'
export {
  type EnvironmentVariables,
  MerchantEnvironmentError,
  readMerchantConfig,
  type VariableProblem,
} from './merchant-environment.ts'
export {
  type MysqlConnection,
  type MysqlJournalOptions,
  type MysqlPool,
  mysqlJournal,
  type PooledMysqlConnection,
} from './mysql-journal.ts'
export { createMysqlJournalTable } from './mysql-journal-sql.ts'
export { type NodeTransportOptions, nodeTransport } from './node-transport.ts'
export {
  compareWithOrder,
  type NotificationOptions,
  type NotificationRejection,
  type NotifiedState,
  type PaymentNotification,
  type ReadNotificationResult,
  readNotification,
  recordRefund,
} from './notification.ts'
export type { OrderTampering } from './order-signature.ts'
export { createPaymentForm, type Order, type PaymentForm } from './payment-form.ts'
export {
  type PooledPostgresClient,
  type PostgresClient,
  type PostgresJournalOptions,
  type PostgresPool,
  postgresJournal,
} from './postgres-journal.ts'
export type { ReturnRedirect } from './receive-return.ts'
export { type RecoveryLoop, type RecoveryLoopOptions, type RecoveryReport, recover, startRecovery } from './recover.ts'
export type {
  PendingReason,
  RecoveredOutcome,
  RecoveryOptions,
  RefundedPayment,
  RemainingPayment,
} from './recover-entry.ts'
export { type BillKeyCard, type BillKeyRegistration, registerBillKey } from './register-bill-key.ts'
export type { ReturnStateFault } from './return-state.ts'
export { type SqliteDatabase, type SqliteJournalOptions, sqliteJournal } from './sqlite-journal.ts'
export { fetchTransport, type Transport, type TransportRequest, type TransportResult } from './transport.ts'
export type { WebhookRejection } from './webhook-signature.ts'
