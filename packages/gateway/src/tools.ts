/**
 * What commands beside a gateway and test doubles need; loads no server and no storage. Not a public API: may change in
 * any release.
 */
export { isAllowedHost, readHostNames, requireAllowedHost } from './browser-safety/allowed-hosts.ts'
export { type InventoriedScript, type ScriptInventory, scriptInventoryPath } from './built-scripts.ts'
export { kindText, resultText, warningText } from './console/requests-wording.ts'
export { billKeyEndText, billKeyStateText } from './console/wording.ts'
export { writeCsvRow } from './csv.ts'
export { readDuration } from './duration.ts'
export { explainValues } from './http/explain-value.ts'
export { keypadPictureSize, renderDigitCell } from './keypad/digit-cell.ts'
export { merchantChangeFrom, merchantIdSettings, merchantSettings } from './merchant-settings.ts'
export { explainRule } from './merchants/explain-rule.ts'
export { findInterestFreeProblems, readInterestFree } from './merchants/interest-free.ts'
export { newCancelPassword, newMerchantKey, newWebhookKey } from './merchants/new-secrets.ts'
export { type NotificationState, notificationStates } from './notifications/model.ts'
export { type NamedRow, readAmount, readColumns } from './reconciliation/columns.ts'
export { type FileMapping, readFileMapping } from './reconciliation/mapping-file.ts'
export { type EntryKind, entryKinds } from './reconciliation/model.ts'
export {
  type FileCharset,
  readCsvFile,
  readCsvRows,
  UnreadableFileError,
  wrongValue,
} from './reconciliation/read-csv.ts'
export { columnNames, kindNames } from './reconciliation/write-report.ts'
export { callOutcomes } from './request-log/call-outcome.ts'
export { callKinds, callResults, type RecordedCall } from './request-log/model.ts'
export { randomBelow, randomHex, realRuntime } from './runtime.ts'
export { Secret } from './secret.ts'
export { type BillKeyState, billKeyStates } from './vault/bill-keys/model.ts'
export { findIssuer, type Issuer } from './vault/issuers.ts'
