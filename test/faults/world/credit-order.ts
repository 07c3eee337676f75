import { markPaidOnce, type PaymentJournal } from '@sspay/merchant'
import type { Books } from './books.ts'

/** How a shop of this world credits an order. */
export async function markOrderPaid(
  { books }: { readonly books: Books },
  journal: PaymentJournal<unknown>,
  payment: Parameters<typeof markPaidOnce>[1],
): Promise<void> {
  await markPaidOnce(journal, payment, () => books.markPaid(payment.transactionId))
}
