import type { PaidPayment, PaymentJournal } from '@sspay/merchant'
import type { Books } from './books.ts'

/** How a shop of this world credits an order. */
export async function markOrderPaid(
  { books }: { readonly books: Books },
  journal: PaymentJournal<unknown>,
  payment: PaidPayment,
): Promise<void> {
  await journal.markPaid(payment, () => books.markPaid(payment.transactionId))
}
