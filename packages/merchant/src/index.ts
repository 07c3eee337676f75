export { FieldError, type FieldProblem, type ResultReason, type Words } from '@sspay/protocol'
export { type AbortedPayment, type AbortReading, readAbort, readAbortFields } from './abort.ts'
export type {
  ApprovalOutcome,
  Approved,
  ApprovedPayment,
  Declined,
  ExpectedPayment,
  Unknown,
  UnknownCause,
} from './approval-outcome.ts'
export { approve } from './approve.ts'
export { type AuthenticationReading, readAuthentication, readAuthenticationFields } from './authentication.ts'
export { type DeletionOutcome, deleteMember } from './delete-member.ts'
export { fetchTransport } from './fetch-transport.ts'
export { defineMerchant, type Environment, type Merchant, type MerchantConfig } from './merchant.ts'
export { nodeTransport } from './node-transport.ts'
export { createPaymentForm, type Order, type PaymentForm, UnwritableTextError } from './payment-form.ts'
export type { PaymentTicket } from './payment-ticket.ts'
export type { Transport, TransportRequest, TransportResult } from './transport.ts'
