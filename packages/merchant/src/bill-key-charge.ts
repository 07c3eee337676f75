import { type BillKeyChargeRequest, billKeyChargeRequest, type WireText, writeMessage } from '@sspay/protocol'
import { billKeyChargeChecksum } from '@sspay/protocol/signature'
import {
  type AlreadyCancelled,
  askForPayment,
  cancelledOutcome,
  chargedOutcome,
  declinedOutcome,
  unknownAfter,
} from './approval-answer.ts'
import type { ApprovalOutcome } from './approval-outcome.ts'
import { encryptRequest } from './encrypt-request.ts'
import type { Merchant } from './merchant.ts'
import { findBillingMismatch } from './order-mismatch.ts'
import { chargeMeaningOf } from './result-meaning.ts'

/** A payment with a bill key (public manual, 빌링연동) in our names and types. Amounts are won. */
export interface BillKeyCharge
  extends Omit<
      BillKeyChargeRequest,
      'merchantId' | 'requestedAt' | 'checksum' | 'paymentMethod' | 'usesCardPoints' | 'goodsCount'
    >,
    Partial<Pick<BillKeyChargeRequest, 'goodsCount'>> {}

/** Writes and encrypts a charge. Throws FieldError. */
export function writeCharge(merchant: Merchant, charge: BillKeyCharge): WireText {
  const { merchantId } = merchant
  const { billKey, amount } = charge
  const body = writeMessage(billKeyChargeRequest, {
    ...charge,
    merchantId,
    requestedAt: merchant.now(),
    goodsCount: charge.goodsCount ?? 1,
    installmentMonths: charge.installmentMonths ?? 0,
    checksum: billKeyChargeChecksum({ billKey, merchantId, amount: String(amount) }),
  })
  return encryptRequest(merchant, body)
}

/** What is known of a charge before it is sent. */
interface SentCharge {
  /** The id of its entry in the journal. */
  readonly journalId: string
  /** Undefined until an answer has named it. */
  readonly transactionId: string | undefined
  /**
   * The charge may have been sent before: then the payment service answers the outcome of that one, and a rejected
   * request says nothing about it.
   */
  readonly mayBeRepeated: boolean
}

/** Sends a charge that the journal has stored. A repeated charge gets its first answer, with the current state. */
export async function requestCharge(
  merchant: Merchant,
  charge: BillKeyCharge,
  { journalId, transactionId, mayBeRepeated }: SentCharge,
): Promise<ApprovalOutcome | AlreadyCancelled> {
  const { billKeyCharge } = merchant.endpoints
  const asked = await askForPayment(merchant, billKeyCharge, writeCharge(merchant, charge), transactionId, journalId)
  if (!asked.ok) return asked.unknown
  const { answer } = asked
  const meaning = chargeMeaningOf(answer.code, { mayBeRepeated })
  switch (meaning) {
    case 'charged':
      return chargedOutcome(merchant, answer, charge, findBillingMismatch)
    case 'not_charged':
      return declinedOutcome(answer)
    case 'cancelled':
      return cancelledOutcome(answer)
    case 'not_approved_yet':
      return unknownAfter(answer, 'unrecognized_code')
    default:
      return unknownAfter(answer, meaning)
  }
}
