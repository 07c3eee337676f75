export { findPayment } from './approval/store.ts'
export { type BuiltScripts, readBuiltScripts } from './built-scripts.ts'
export { unlockCancelling } from './cancellation/cancel-password.ts'
export { createHttpCardNetwork } from './card-network/http-client.ts'
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
export { type ConsoleLink, consolePage } from './console/frame.ts'
export type { Context, Settings } from './context.ts'
export type { Diagnose, DiagnosedRequest, Explanation } from './diagnosis.ts'
export type { SandboxBanner } from './front-page.ts'
export { createGateway, type Gateway, type GatewayParts } from './gateway.ts'
export type { Caller } from './http/client-address.ts'
export { createStyleSheet } from './http/design.ts'
export { isOwnForm, type OwnForm, writeFormToken } from './http/own-form.ts'
export { readHostNames, underOwnHost } from './http/own-host.ts'
export { isFromOwnPage, isJson } from './http/own-page.ts'
export { createLog, type LogOptions } from './http/pino-log.ts'
export { type InventoriedScript, type ScriptInventory, scriptInventoryPath } from './http/script-inventory.ts'
export { knowVisitor, type VisitorVariables } from './http/visitor.ts'
export { createHttpIdentityVerifier, type IdentityVerifier } from './identity/port.ts'
export { keypadPictureSize, renderDigitCell } from './keypad/digit-cell.ts'
export { shuffledLayout } from './keypad/layout.ts'
export { digitCells, keypadGrid } from './keypad/model.ts'
export { renderKeypadPicture } from './keypad/picture.ts'
export { createKeyRing, type KeyRing } from './keyring.ts'
export { type Listener, type ListenOptions, listen } from './listen.ts'
export type { Log, LogFields } from './log.ts'
export { findInterestFreeProblems, type InterestFreeRule, readInterestFree } from './merchants/interest-free.ts'
export { isExactOrigin, type Merchant, MerchantError } from './merchants/model.ts'
export { findMerchant, listMerchants, saveMerchant } from './merchants/store.ts'
export { type NotificationTarget, NotificationTargetError } from './notifications/model.ts'
export {
  findNotificationTarget,
  removeNotificationTarget,
  saveNotificationTarget,
} from './notifications/store.ts'
export {
  defaultSettings,
  type OpenedGateway,
  type OpenGatewayOptions,
  openGateway,
  usualRequestLog,
} from './open-gateway.ts'
export type { Credentials } from './outgoing/credentials.ts'
export type { ClientTls, OutgoingAnswer, OutgoingRequest } from './outgoing/model.ts'
export { callKinds, callResults, type RecordedCall } from './request-log/model.ts'
export { createRequestLog, type RequestLog } from './request-log/request-log.ts'
export { openRootKey } from './root-key.ts'
export { type Runtime, randomBelow, randomHex, realRuntime } from './runtime.ts'
export { Secret } from './secret.ts'
export { migrate } from './storage/migrate.ts'
export { openSqlite } from './storage/sqlite.ts'
export type { Reader, Row, SqlValue, Storage, Transaction } from './storage/storage.ts'
export { findIssuer, type Issuer } from './vault/issuers.ts'
