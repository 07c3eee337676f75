import {
  type BillKeyResult,
  billKeyResult,
  billKeySuccesses,
  type FieldProblem,
  findResultReason,
  type LocalizedText,
  type ResultReason,
  readMessage,
  type WireText,
} from '@sspay/protocol'
import { decodeForm, guessFormCharset } from '@sspay/protocol/charset'
import { decryptText } from '@sspay/protocol/sealed-body'
import { billKeyResultChecksum, signatureMatches } from '@sspay/protocol/signature'
import { messageOf, readAnswer } from './answer.ts'
import { problemsOfRepeated } from './authentication.ts'
import type { Merchant } from './merchant.ts'
import { readNoteOfShop } from './order-signature.ts'
import { readFields } from './read-fields.ts'

/** A bill key and its card. Printing it, or writing it as JSON, does not show the key. */
export interface IssuedBillKey
  extends Pick<BillKeyResult, 'transactionId' | 'issuerCode' | 'issuerName' | 'cardExpiry' | 'merchantNote'> {
  readonly outcome: 'issued'
  /** For example `5239-****-****-9001`. */
  readonly maskedCardNumber: string
  /**
   * Returns the bill key, to store it: its holder can charge the card. Encrypt it in the database, and keep it out of
   * logs.
   *
   * @returns 빌링키, up to 100 characters.
   */
  exposeBillKey(): string
}

/** No key was issued: the card was rejected, or the customer aborted (`buyer_aborted`). */
export interface BillKeyNotIssued {
  readonly outcome: 'not_issued'
  readonly reason: ResultReason | 'unrecognized'
  /** 결과코드. */
  readonly code: string
  /** Text for customers: ours for a known code, else the payment service's. */
  readonly message: LocalizedText
  readonly raw: WireText
}

/**
 * Why a result is not believed.
 *
 * | reason | found |
 * |---|---|
 * | `fields_wrong` | a field is missing, invalid, or sent twice: see `problems` |
 * | `merchant_differs`, `order_differs`, `customer_differs` | a result of another merchant, registration or customer |
 * | `bill_key_unreadable` | the merchantKey does not decrypt the key |
 * | `checksum_wrong` | VerifyValue does not match: key, card or result code was changed |
 */
export type BillKeyRejection =
  | 'fields_wrong'
  | 'merchant_differs'
  | 'order_differs'
  | 'customer_differs'
  | 'bill_key_unreadable'
  | 'checksum_wrong'

/** The fields are not the result of this registration. */
export interface BillKeyResultRejected {
  readonly outcome: 'rejected'
  readonly reason: BillKeyRejection
  readonly problems: readonly FieldProblem[]
}

/** Result of {@link readBillKeyResult} and {@link readBillKeyResultFields}. */
export type ReadBillKeyResult = IssuedBillKey | BillKeyNotIssued | BillKeyResultRejected

/** The shop's own records of a registration: from its database or session, never from the posted fields. */
export interface ExpectedBillKey {
  readonly orderId: string
  readonly customerId: string
}

/**
 * Reads and verifies the result that the window of a bill key posts to the shop's ReturnUrl: a form in UTF-8 or EUC-KR.
 *
 * The browser brings it, and VerifyValue covers neither order nor customer: compare it with the shop's records.
 *
 * @param request - The request as it arrived, its body not yet read.
 * @param expected - The registration that the shop began.
 * @returns The bill key, why none was issued, or why the result is rejected.
 * @throws `TypeError` if the body of the request was read before.
 * @example
 * ```ts
 * import { type Merchant, readBillKeyResult } from '@sspay/merchant'
 *
 * export async function cardRegistered(merchant: Merchant, request: Request, keys: Map<string, string>) {
 *   const result = await readBillKeyResult(merchant, request, { orderId: 'CARD0001', customerId: 'user0001' })
 *   if (result.outcome === 'not_issued') return result.message.ko
 *   if (result.outcome === 'rejected') return '다시 시도해 주세요.'
 *   keys.set('user0001', result.exposeBillKey())
 *   return `${result.maskedCardNumber} 카드를 등록했습니다.`
 * }
 * ```
 */
export async function readBillKeyResult(
  merchant: Merchant,
  request: Request,
  expected: ExpectedBillKey,
): Promise<ReadBillKeyResult> {
  const { fields, repeated } = await readFields(request)
  const problems = problemsOfRepeated(billKeyResult, repeated)
  return problems.length > 0 ? rejected('fields_wrong', problems) : readBillKeyResultFields(merchant, fields, expected)
}

/**
 * Reads a result from fields that a framework has parsed, or from the answer of a registration without a window.
 *
 * @param expected - The registration that the shop began.
 * @returns The bill key, why none was issued, or why the result is rejected.
 */
export function readBillKeyResultFields(
  merchant: Merchant,
  fields: WireText,
  expected: ExpectedBillKey,
): ReadBillKeyResult {
  const read = readMessage(billKeyResult, isEncodedOnceMore(fields) ? decodedOnceMore(fields) : fields)
  if (!read.ok) return rejected('fields_wrong', read.problems)
  const result = read.value
  const { resultCode: code, resultMessage } = result
  if (code === billKeySuccesses.issued.code) return verifyIssued(merchant, result, expected)
  const reason = findResultReason(code)
  return {
    outcome: 'not_issued',
    reason: reason ?? 'unrecognized',
    code,
    message: messageOf(reason, resultMessage),
    raw: fields,
  }
}

function verifyIssued(
  merchant: Merchant,
  result: BillKeyResult,
  expected: ExpectedBillKey,
): IssuedBillKey | BillKeyResultRejected {
  const { merchantId = '', orderId = '', customerId = '', resultCode } = result
  const { encryptedBillKey = '', maskedCardNumber = '', checksum = '' } = result
  if (merchantId !== merchant.merchantId) return rejected('merchant_differs')
  if (orderId !== expected.orderId) return rejected('order_differs')
  if (customerId !== expected.customerId) return rejected('customer_differs')
  const billKey = decryptText(encryptedBillKey, merchant.exposeMerchantKey())
  if (billKey === undefined || billKey === '') return rejected('bill_key_unreadable')
  const expectedChecksum = billKeyResultChecksum({ merchantId, billKey, maskedCardNumber, resultCode })
  if (!signatureMatches(checksum, expectedChecksum)) return rejected('checksum_wrong')

  const { transactionId, issuerCode, issuerName, cardExpiry, merchantNote } = result
  return {
    outcome: 'issued',
    maskedCardNumber,
    ...(transactionId === undefined ? {} : { transactionId }),
    ...(issuerCode === undefined ? {} : { issuerCode }),
    ...(issuerName === undefined ? {} : { issuerName }),
    ...(cardExpiry === undefined ? {} : { cardExpiry }),
    ...(merchantNote === undefined ? {} : { merchantNote: readNoteOfShop(merchantNote) }),
    exposeBillKey: () => billKey,
  }
}

const rejected = (reason: BillKeyRejection, problems: readonly FieldProblem[] = []): BillKeyResultRejected => ({
  outcome: 'rejected',
  reason,
  problems,
})

const isEncodedOnceMore = (fields: WireText): boolean =>
  readAnswer(billKeyResult, fields).message.encodesReturnedValues === true

/** RtnUrlEncUse (Q69): each value is percent-encoded once more; one that is not stays as it is. */
function decodedOnceMore(fields: WireText): WireText {
  const encoded = Object.keys(billKeyResult).filter((name) => fields[name]?.includes('%'))
  const body = new TextEncoder().encode(encoded.map((name) => `${name}=${fields[name]}`).join('&'))
  return { ...fields, ...decodeForm(body, guessFormCharset(body, undefined)).fields }
}
