import type { BillKeyCharge } from './bill-key-charge.ts'
import { decryptBound, encryptBound } from './bound-encryption.ts'
import type { JournalEntry, PaymentJournal } from './journal.ts'
import type { Merchant } from './merchant.ts'

/**
 * A charge in the journal. Its transaction id comes with the answer, and nothing but the repeated charge tells whether
 * it happened, so the entry begins under the order number, with the whole charge encrypted in place of an approval
 * ticket. An order number is therefore charged by one bill key at a time. Once the answer names the transaction, the
 * entry continues under it, like that of any approval.
 */
const prefix = 'charge:'

/** The journal's id of a charge whose transaction is not known yet. */
export const journalIdOfCharge = (orderId: string): string => `bill-key:${orderId}`

/** Whether an entry is a charge of a bill key. */
export const isCharge = ({ approvalTicket }: Pick<JournalEntry, 'approvalTicket'>): boolean =>
  approvalTicket.startsWith(prefix)

const bindingOf = (orderId: string) => ({ purpose: 'sspay charge 1', boundTo: orderId }) as const

/** The charge with its bill key and the buyer's data, encrypted. */
export const encryptCharge = (merchant: Merchant, charge: BillKeyCharge): string =>
  prefix + encryptBound(merchant, bindingOf(charge.orderId), JSON.stringify(charge))

/** @throws Error if the entry was made with another merchantKey. */
export function decryptCharge(merchant: Merchant, { approvalTicket, expected }: JournalEntry): BillKeyCharge {
  const text = decryptBound(merchant, bindingOf(expected.orderId), approvalTicket.slice(prefix.length))
  if (text === undefined)
    throw new Error(
      `the charge of order ${expected.orderId} was stored with another merchantKey; recover with that one`,
    )
  return JSON.parse(text) as BillKeyCharge
}

/**
 * Continues an entry under its transaction id. Idempotent, and a crash in between loses nothing: until the first entry
 * is closed, its repeated charge gets the same answer.
 */
export async function continueAs(
  journal: PaymentJournal,
  entry: JournalEntry & { readonly isAbandoned?: boolean },
  transactionId: string,
): Promise<void> {
  if (entry.transactionId === transactionId) return
  const { approvalTicket, expected, begunAt } = entry
  await journal.begin({ transactionId, approvalTicket, expected, begunAt })
  if (entry.isAbandoned === true) await journal.abandon(transactionId)
  await journal.recordOutcome(entry.transactionId, 'cancelled')
}
