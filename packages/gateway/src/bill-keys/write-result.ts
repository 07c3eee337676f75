import {
  type BillKeyResult,
  billKeyResult,
  billKeySuccesses,
  type ResultReason,
  resultCodes,
  type WireText,
} from '@sspay/protocol'
import { writeWritable } from '@sspay/protocol/internal'
import { encryptText } from '@sspay/protocol/sealed-body'
import { billKeyResultChecksum } from '@sspay/protocol/signature'
import { codeAndMessage } from '../http/answer.ts'
import type { Merchant } from '../merchants/model.ts'
import { type ClearCard, issuerNameOf } from '../vault/model.ts'

/** What the result repeats of its request. */
export type RequestOfKey = Pick<
  BillKeyResult,
  'paymentMethod' | 'buyerName' | 'orderId' | 'customerId' | 'merchantNote' | 'answerCharset' | 'encodesReturnedValues'
>

export interface IssuedKey {
  readonly billKey: string
  readonly transactionId: string
  readonly clearCard: ClearCard
  readonly issuerCode: string
}

/** `key`: the merchant key that the shop uses. */
export interface KeyOfShop {
  readonly merchantId: string
  readonly key: string
}

/** The result of a registration that issued a key, with the bill key encrypted for the shop. */
export function writeIssued({ merchantId, key }: KeyOfShop, request: RequestOfKey, issued: IssuedKey): WireText {
  const { billKey, transactionId, clearCard, issuerCode } = issued
  const { code, ko } = billKeySuccesses.issued
  const maskedCardNumber = displayedNumber(clearCard.cardNumber)
  return writeWritable(billKeyResult, {
    ...request,
    merchantId,
    transactionId,
    resultCode: code,
    resultMessage: ko,
    encryptedBillKey: encryptText(billKey, key),
    checksum: billKeyResultChecksum({ merchantId, billKey, maskedCardNumber, resultCode: code }),
    issuerCode,
    issuerName: issuerNameOf(issuerCode),
    maskedCardNumber,
    cardExpiry: expiryText(clearCard),
  }).written
}

/** The result without a key. */
export const writeNotIssued = (
  merchantId: string | undefined,
  request: RequestOfKey,
  reason: ResultReason,
  detail?: string,
): WireText => writeWritable(billKeyResult, { ...request, merchantId, ...codeAndMessage(reason, detail) }).written

/** The result of a window that the buyer has left. */
export const writeAborted = (
  { merchantId, abortCode }: Pick<Merchant, 'merchantId' | 'abortCode'>,
  request: RequestOfKey,
): WireText => {
  const { ko } = resultCodes.buyer_aborted
  return writeWritable(billKeyResult, { ...request, merchantId, resultCode: abortCode, resultMessage: ko }).written
}

/** `5239-****-****-9001`. */
const displayedNumber = (cardNumber: string): string => `${cardNumber.slice(0, 4)}-****-****-${cardNumber.slice(-4)}`

/** YYMM. */
const expiryText = ({ expiryMonth, expiryYear }: ClearCard): string =>
  `${String(expiryYear).slice(-2)}${String(expiryMonth).padStart(2, '0')}`
