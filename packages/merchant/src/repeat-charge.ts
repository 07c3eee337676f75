import { requestCharge } from './bill-key-charge.ts'
import { sentAs, transactionOf } from './charge-bill-key.ts'
import type { InquiryOutcome } from './inquire.ts'
import type { PaymentJournal, PendingPayment } from './journal.ts'
import type { Merchant } from './merchant.ts'
import { isChargedOtherwise } from './order-mismatch.ts'
import { continueAs, decryptCharge } from './stored-charge.ts'

/** A pending entry, and what the payment service says about it. */
export interface FoundEntry {
  /** A charge continues under its transaction id once the answer has named it. */
  readonly entry: PendingPayment
  readonly found: InquiryOutcome
}

/** No other call tells whether a charge happened; repeated, it gets the answer of the first. */
export async function repeatCharge(
  merchant: Merchant,
  journal: PaymentJournal,
  entry: PendingPayment,
): Promise<FoundEntry> {
  const found = await requestCharge(merchant, decryptCharge(merchant, entry), sentAs(entry, true))
  const isCharged = found.outcome === 'unknown' ? isChargedOtherwise(found) : found.outcome !== 'declined'
  if (!isCharged) return { entry, found }
  const transactionId = transactionOf(found) ?? entry.transactionId
  await continueAs(journal, entry, transactionId)
  return { entry: { ...entry, transactionId }, found }
}
