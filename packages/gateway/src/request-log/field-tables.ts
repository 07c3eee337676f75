import {
  abortResult,
  approvalRequest,
  approvalResult,
  authenticationReturn,
  billKeyChargeRequest,
  billKeyDeletionRequest,
  billKeyDeletionResult,
  billKeyRegistrationRequest,
  billKeyRequest,
  billKeyResult,
  cancelRequest,
  cancelResult,
  memberDeletionRequest,
  memberDeletionResult,
  notification,
  paymentRequest,
  type Sensitivity,
  sealedEnvelope,
  type WireText,
} from '@sspay/protocol'
import { legacyNotification } from '@sspay/protocol/internal'
import type { CallKind } from './model.ts'

export interface LoggedField {
  readonly name: string
  readonly label: string
  readonly sensitivity: Sensitivity
}

/** By wire name. */
export type LoggedTable = Readonly<Record<string, LoggedField>>

export interface LoggedTables {
  readonly request: LoggedTable
  /** Decrypted from the sealed body of the request. */
  readonly encrypted?: LoggedTable
  readonly answer: LoggedTable
}

type Row = readonly [label: string, sensitivity?: Sensitivity]

/** Calls to the card network and the identity agency are not in the guide; their names are ours. */
const ownTable = (rows: Readonly<Record<string, Row>>): LoggedTable =>
  Object.fromEntries(
    Object.entries(rows).map(([name, [label, sensitivity = 'public']]) => [name, { name, label, sensitivity }]),
  )

/** Of requests and answers. */
const cardNetworkFields = ownTable({
  outcome: ['결과'],
  reason: ['사유'],
  transactionId: ['거래번호'],
  amount: ['금액'],
  cardNumber: ['카드번호', 'secret'],
  expiryMonth: ['유효기간(월)', 'secret'],
  expiryYear: ['유효기간(년)', 'secret'],
  installmentMonths: ['할부개월'],
  isInterestFree: ['무이자 여부'],
  acquirerMerchantNumber: ['카드사 가맹점번호'],
  approvalNumber: ['승인번호'],
  approvedAt: ['승인일시'],
  issuerCode: ['발급사코드'],
  acquirerCode: ['매입사코드'],
  cardKind: ['카드 구분'],
  cancelSequence: ['취소 차수'],
  cancelAmount: ['취소 금액'],
  cancelTransactionId: ['취소 거래번호'],
  cancelledAt: ['취소일시'],
  verificationId: ['카드 확인 요청번호'],
  ownerBirthDate: ['소유자 생년월일', 'secret'],
  businessNumber: ['사업자등록번호', 'secret'],
  passwordFirstTwo: ['카드 비밀번호 앞 2자리', 'secret'],
  appPaymentId: ['앱 결제번호', 'secret'],
  pageUrl: ['앱 주소', 'secret'],
  shopName: ['쇼핑몰'],
  goodsName: ['상품명'],
})

const identityFields = ownTable({
  result: ['결과'],
  name: ['이름', 'personal'],
  birthDate: ['생년월일', 'secret'],
  gender: ['성별', 'secret'],
  carrier: ['통신사'],
  phone: ['휴대폰 번호', 'personal'],
  ci: ['연계정보(CI)', 'secret'],
  verificationId: ['인증 요청번호', 'secret'],
  code: ['인증번호', 'secret'],
  testCode: ['테스트 인증번호', 'secret'],
  kind: ['메시지 종류'],
})

const nothing: LoggedTable = {}

export const loggedTables: Readonly<Record<CallKind, LoggedTables>> = {
  window: { request: paymentRequest, answer: nothing },
  step: { request: nothing, answer: nothing },
  return: { request: authenticationReturn, answer: nothing },
  abort: { request: abortResult, answer: nothing },
  approval: { request: approvalRequest, answer: approvalResult },
  // For a cancelled payment the inquiry answers with the fields of a notification.
  inquiry: { request: approvalRequest, answer: notification },
  cancellation: { request: sealedEnvelope, encrypted: cancelRequest, answer: cancelResult },
  'member-deletion': { request: sealedEnvelope, encrypted: memberDeletionRequest, answer: memberDeletionResult },
  'bill-key-window': { request: billKeyRequest, answer: nothing },
  'bill-key-result': { request: billKeyResult, answer: nothing },
  'bill-key-registration': { request: sealedEnvelope, encrypted: billKeyRegistrationRequest, answer: billKeyResult },
  'bill-key-payment': { request: sealedEnvelope, encrypted: billKeyChargeRequest, answer: approvalResult },
  'bill-key-deletion': { request: sealedEnvelope, encrypted: billKeyDeletionRequest, answer: billKeyDeletionResult },
  'card-network': { request: cardNetworkFields, answer: cardNetworkFields },
  identity: { request: identityFields, answer: identityFields },
  notification: { request: { ...legacyNotification, ...notification }, answer: nothing },
  unknown: { request: nothing, answer: approvalResult },
  'not-offered': { request: { ...paymentRequest, ...sealedEnvelope }, answer: approvalResult },
}

/** Undefined for a field that is not in the table. */
export const findField = (table: LoggedTable, wireName: string): LoggedField | undefined =>
  Object.hasOwn(table, wireName) ? table[wireName] : undefined

/** The value of a field by our name for it. */
export function fieldText(table: LoggedTable, fields: WireText, name: string): string | undefined {
  const wireName = Object.keys(table).find((one) => table[one]?.name === name && Object.hasOwn(fields, one))
  return wireName === undefined ? undefined : fields[wireName]
}
