import { creditOnce, type PaymentJournal } from '@sspay/merchant'
import type { Books } from './books.ts'

/** How a shop of this world credits an order. */
export async function creditOrder(
  { books }: { readonly books: Books },
  journal: PaymentJournal<unknown>,
  payment: Parameters<typeof creditOnce>[1],
): Promise<void> {
  await creditOnce(journal, payment, () => books.credit(payment.transactionId))
}
