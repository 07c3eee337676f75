export { type BuiltScripts, readBuiltScripts } from './built-scripts.ts'
export { createHttpCardNetwork } from './card-network/http-client.ts'
export type { AppPayment, CheckAppOutcome, IssuerApps, StartAppOutcome } from './card-network/issuer-apps.ts'
export type {
  AuthorizeOutcome,
  AuthorizeRequest,
  CancelOutcome,
  CardNetwork,
  CardOwner,
  CardRejection,
  DeclineReason,
  InquireOutcome,
  NetworkCancelRequest,
  NetworkReference,
  ReverseOutcome,
  VerifyCardOutcome,
  VerifyCardRequest,
} from './card-network/port.ts'
export { cardRejections, declineReasons } from './card-network/port.ts'
export type { ConsoleLink } from './console/frame.ts'
export type { Context, Settings } from './context.ts'
export type { Diagnose, DiagnosedEnvelope, DiagnosedForm, DiagnosedRequest, Explanation } from './diagnosis.ts'
export type { SandboxBanner } from './front-page.ts'
export { createGateway, type Gateway, type GatewayParts } from './gateway.ts'
export type { Caller } from './http/client-address.ts'
export { createHttpIdentityVerifier, type IdentityVerifier } from './identity/port.ts'
export type { KeyRing } from './keyring.ts'
export { type Listener, type ListenOptions, listen } from './listen.ts'
export type { Log, LogFields } from './logging/log.ts'
export { createLog, type LogOptions } from './logging/pino-log.ts'
export type { BillKeyPolicy } from './merchants/bill-key-policy.ts'
export type { InterestFreeRule } from './merchants/interest-free.ts'
export { type Merchant, MerchantError } from './merchants/model.ts'
export { saveMerchant } from './merchants/store.ts'
export { type NotificationTarget, NotificationTargetError } from './notifications/model.ts'
export { removeNotificationTarget, saveNotificationTarget } from './notifications/store.ts'
export { type OpenedGateway, type OpenGatewayOptions, openGateway } from './open-gateway.ts'
export type { ClientTls, Credentials, OutgoingAnswer, OutgoingRequest } from './outgoing/model.ts'
export { openRootKey } from './root-key.ts'
export { type Runtime, realRuntime } from './runtime.ts'
export { Secret } from './secret.ts'
export { defaultSettings } from './settings.ts'
export type { Reader, Row, SqlValue, Storage, Transaction } from './storage/storage.ts'
