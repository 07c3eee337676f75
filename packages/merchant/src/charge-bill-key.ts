import { type AlreadyCancelled, declinedIfCancelled, unknownOutcome } from './approval-answer.ts'
import type { ApprovalOutcome } from './approval-outcome.ts'
import { recorded } from './approve.ts'
import { type BillKeyCharge, requestCharge, writeCharge } from './bill-key-charge.ts'
import { type JournalEntry, type PaymentJournal, recordedOutcomeOf } from './journal.ts'
import type { Merchant } from './merchant.ts'
import { namesAnotherOrder } from './order-mismatch.ts'
import { continueAs, decryptCharge, encryptCharge, isCharge, journalIdOfCharge } from './stored-charge.ts'

/** Options of {@link chargeBillKey}. */
export interface ChargeBillKeyOptions {
  /** Stores the charge before it is requested, and its outcome afterwards. */
  readonly journal: PaymentJournal
}

/**
 * Charges a bill key without the buyer (빌링키 결제; public manual, 빌링연동: ssbbill.do), for example the monthly payment of
 * a subscription.
 *
 * - `approved`: continue with `journal.markPaid`, whose update records the cycle as paid.
 * - `declined`: certainly not charged. The same order number stays declined: another attempt needs another number, see
 *   {@link billingOrderId}. `bill_key_deleted` and `bill_key_ended` need a new key.
 * - `unknown`: the card may be charged. Never charge the order under another number; `recover` finds out, or the same
 *   call later. Errors of every kind are this outcome, not an exception.
 *
 * Idempotent: one payment per order number. A charge that the journal knows is repeated as it was stored, and the
 * payment service answers its first outcome, so that a cron job which runs twice, or again after a crash, charges once.
 *
 * The journal holds the charge, encrypted with a key derived from the merchantKey, while it is pending. `recover`
 * repeats it; if the shop does not want it any more (`isWanted`), it is refunded.
 *
 * @param charge - Bill key, order and amount. `orderId` from {@link billingOrderId}.
 * @param options - Journal.
 * @returns The outcome. If the journal could not record it, `journalError` holds the error: the payment stays pending
 *   and `recover` records it.
 * @throws {@link FieldError} if the charge breaks the field table, or the error of the journal if it cannot be read, or
 *   cannot store the charge. Nothing was requested, no money moved.
 * @example
 * ```ts
 * import { billingOrderId, chargeBillKey, type Merchant, type PaymentJournal } from '@sspay/merchant'
 *
 * export async function chargeMonth(merchant: Merchant, journal: PaymentJournal, billKey: string, month: string) {
 *   const outcome = await chargeBillKey(
 *     merchant,
 *     {
 *       billKey,
 *       orderId: billingOrderId('subscription-0001', month),
 *       amount: 9900,
 *       customerId: 'user0001',
 *       goodsName: '월간 구독',
 *       buyerName: '김구매',
 *     },
 *     { journal },
 *   )
 *   if (outcome.outcome === 'approved') await journal.markPaid(outcome.payment, () => console.log(`${month} paid`))
 *   return outcome.outcome
 * }
 * ```
 */
export async function chargeBillKey(
  merchant: Merchant,
  charge: BillKeyCharge,
  options: ChargeBillKeyOptions,
): Promise<ApprovalOutcome> {
  const { journal } = options
  const { orderId, amount } = charge
  const transactionId = journalIdOfCharge(orderId)
  // Rejects what cannot be sent before anything is stored.
  writeCharge(merchant, charge)

  const known = await journal.find(transactionId)
  if (known !== undefined && known.state !== 'declined') return chargeAgain(merchant, charge, journal)
  if (known?.expected !== undefined && known.expected.amount !== amount)
    return unknownOutcome(transactionId, 'order_used')

  const entry: JournalEntry = {
    transactionId,
    approvalTicket: encryptCharge(merchant, charge),
    expected: { orderId, amount },
    begunAt: merchant.now(),
  }
  const begun = await journal.begin(entry)
  // A concurrent call has stored the charge.
  if (begun !== 'new' && known === undefined) return chargeBillKey(merchant, charge, options)
  return sendAndRecord(merchant, charge, journal, { ...entry, mayBeRepeated: begun !== 'new' })
}

/** Repeats a charge that is pending, exactly as it was stored: another one could charge the order twice. */
async function chargeAgain(
  merchant: Merchant,
  charge: BillKeyCharge,
  journal: PaymentJournal,
): Promise<ApprovalOutcome> {
  const { orderId, amount, billKey } = charge
  const journalId = journalIdOfCharge(orderId)
  const entry = (await journal.pendingFor(orderId)).find(isCharge)
  if (entry === undefined) return unknownOutcome(journalId, 'order_used')
  if (entry.isAbandoned) return unknownOutcome(entry.transactionId, 'abandoned')
  const stored = decryptCharge(merchant, entry)
  if (stored.billKey !== billKey || stored.amount !== amount) return unknownOutcome(entry.transactionId, 'order_used')
  return sendAndRecord(merchant, stored, journal, { ...entry, mayBeRepeated: true })
}

async function sendAndRecord(
  merchant: Merchant,
  charge: BillKeyCharge,
  journal: PaymentJournal,
  { mayBeRepeated, ...entry }: JournalEntry & { readonly mayBeRepeated: boolean },
): Promise<ApprovalOutcome> {
  const outcome = declinedIfCancelled(await requestCharge(merchant, charge, sentAs(entry, mayBeRepeated)))
  return recorded(outcome, () => recordCharge(journal, entry, outcome))
}

/** An entry under the order number does not know its transaction yet. */
export const sentAs = ({ transactionId: journalId, expected }: JournalEntry, mayBeRepeated: boolean) => ({
  journalId,
  transactionId: journalId === journalIdOfCharge(expected.orderId) ? undefined : journalId,
  mayBeRepeated,
})

async function recordCharge(journal: PaymentJournal, entry: JournalEntry, outcome: ApprovalOutcome): Promise<void> {
  const recordedOutcome = recordedOutcomeOf(outcome)
  if (recordedOutcome === undefined) return
  if (recordedOutcome !== 'approved') return journal.recordOutcome(entry.transactionId, recordedOutcome)
  const transactionId = transactionOf(outcome) ?? entry.transactionId
  await continueAs(journal, entry, transactionId)
  await journal.recordOutcome(transactionId, recordedOutcome)
  if (outcome.outcome === 'unknown' && namesAnotherOrder(outcome)) await journal.abandon(transactionId)
}

/** The transaction that an answer about a charge names. */
export function transactionOf(outcome: ApprovalOutcome | AlreadyCancelled): string | undefined {
  if (outcome.outcome === 'approved') return outcome.payment.transactionId
  return outcome.outcome === 'declined' ? undefined : outcome.transactionId
}
