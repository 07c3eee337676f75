import {
  type BillKeyResult,
  billKeyResult,
  billKeySuccesses,
  findCardCompany,
  type ResultReason,
} from '@sspay/protocol'
import { writeWritable } from '@sspay/protocol/internal'
import { encryptText } from '@sspay/protocol/sealed-body'
import { billKeyResultChecksum } from '@sspay/protocol/signature'
import type { Context } from '../context.ts'
import { codeAndMessage } from '../http/answer.ts'
import type { BillKey } from '../vault/bill-keys/model.ts'
import { revealBillKey } from '../vault/bill-keys/store.ts'
import { findCard } from '../vault/store.ts'

/** What a result repeats of its request. */
export type KnownOfRequest = Partial<
  Pick<
    BillKeyResult,
    | 'paymentMethod'
    | 'merchantId'
    | 'orderId'
    | 'transactionId'
    | 'customerId'
    | 'buyerName'
    | 'merchantNote'
    | 'answerCharset'
    | 'encodesReturnedValues'
  >
>

/** The key, encrypted with the shop's own merchant key, and the card that it charges. */
export async function describeIssued(
  context: Pick<Context, 'storage' | 'keyRing'>,
  key: BillKey,
  { known, merchantKey }: { readonly known: KnownOfRequest; readonly merchantKey: string },
): Promise<BillKeyResult> {
  const billKey = await revealBillKey(context, key)
  const card = await findCard(context, key)
  const { issuerCode } = card.shown
  const { code: resultCode, ko: resultMessage } = billKeySuccesses.issued
  const maskedCardNumber = displayCardNumber(card.shown.maskedCardNumber)
  const cardExpiry = await card.use(async ({ expiryYear, expiryMonth }) =>
    [expiryYear % 100, expiryMonth].map((part) => String(part).padStart(2, '0')).join(''),
  )
  return {
    ...known,
    encryptedBillKey: encryptText(billKey, merchantKey),
    resultCode,
    resultMessage,
    checksum: billKeyResultChecksum({ merchantId: key.merchantId, billKey, maskedCardNumber, resultCode }),
    issuerCode,
    issuerName: findCardCompany(issuerCode)?.name ?? issuerCode,
    maskedCardNumber,
    cardExpiry,
  }
}

/** 5239-****-****-9001: only the first and the last four digits. */
function displayCardNumber(masked: string): string {
  const shown = [...masked].map((character, at) => (at < 4 || at >= masked.length - 4 ? character : '*')).join('')
  const groups = shown.length === 15 ? /^(.{4})(.{6})(.{5})$/ : /^(.{4})(.{4})(.{4})(.+)$/
  return shown.replace(groups, (_whole, ...parts) => parts.slice(0, shown.length === 15 ? 3 : 4).join('-'))
}

export const writeRejectedResult = (known: KnownOfRequest, reason: ResultReason, detail?: string): string =>
  writeResult({ ...known, ...codeAndMessage(reason, detail) })

export const writeResult = (result: BillKeyResult): string =>
  JSON.stringify(writeWritable(billKeyResult, result).written)
