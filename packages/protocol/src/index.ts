export { type CardCompany, cardCompanies, findCardCompany } from './codes/card-companies.ts'
export { type PaymentMethod, paymentMethods } from './codes/payment-methods.ts'
export { billKeySuccesses, findResultReason, type ResultReason, resultCodes } from './codes/result-codes.ts'
export { opensInPlace } from './device.ts'
export { type Endpoints, endpoints, localEndpoints } from './endpoints.ts'
export type {
  Field,
  FieldTable,
  Flatten,
  Format,
  LocalizedText,
  Message,
  Sensitivity,
  ValueOf,
  WireMessage,
  WireText,
} from './field-table.ts'
export { type Charset, type Skin, skins } from './formats.ts'
export { koreanTimestamp } from './korean-time.ts'
export {
  describeMessage,
  describeProblem,
  FieldError,
  type FieldProblem,
  type FieldRule,
  findUnwritable,
  maskMessage,
  type ReadResult,
  readMessage,
  writeMessage,
} from './message-codec.ts'
export { type ApprovalRequest, type ApprovalResult, approvalRequest, approvalResult } from './messages/approval.ts'
export { type AuthenticationReturn, authenticationReturn } from './messages/authentication-return.ts'
export { type BillKeyChargeRequest, billKeyChargeRequest } from './messages/bill-key-charge.ts'
export {
  type BillKeyDeletionRequest,
  type BillKeyDeletionResult,
  billKeyDeletionRequest,
  billKeyDeletionResult,
} from './messages/bill-key-deletion.ts'
export { type BillKeyRegistrationRequest, billKeyRegistrationRequest } from './messages/bill-key-registration.ts'
export { type BillKeyRequest, billKeyRequest } from './messages/bill-key-request.ts'
export { type BillKeyResult, billKeyResult } from './messages/bill-key-result.ts'
export { type CancelRequest, type CancelResult, cancelRequest, cancelResult } from './messages/cancel.ts'
export {
  type MemberDeletionRequest,
  type MemberDeletionResult,
  memberDeletionRequest,
  memberDeletionResult,
} from './messages/member-deletion.ts'
export { type Notification, notification } from './messages/notification.ts'
export { type PaymentRequest, paymentRequest } from './messages/payment-request.ts'
export { type SealedEnvelope, sealedEnvelope } from './messages/sealed-envelope.ts'
export {
  type AbortResult,
  type AuthenticationResult,
  abortResult,
  authenticationResult,
} from './messages/window-result.ts'
