import type { AcceptedRequest } from '@sspay/protocol/internal'
import type { Context } from '../context.ts'
import type { Merchant } from '../merchants/model.ts'
import { perStorage } from '../storage/batching.ts'
import type { Payment } from './model.ts'
import { insertPayment } from './store.ts'
import { createTransactionNumbers, transactionNumbersPerSecond, writeTransactionId } from './transaction-id.ts'

const numbersOf = perStorage(({ runtime }: Pick<Context, 'storage' | 'runtime'>) => createTransactionNumbers(runtime))

/**
 * Stores a new payment, or what `writeId` names, under a transaction id that is free. `insert`: undefined when the id
 * is taken.
 *
 * @throws Error when the merchant has used every id of this second
 */
export async function withTransactionId<Stored>(
  context: Pick<Context, 'storage' | 'runtime'>,
  merchantId: string,
  insert: (transactionId: string, requestedAt: Date) => Promise<Stored | undefined>,
  writeId = writeTransactionId,
): Promise<Stored> {
  const numbers = numbersOf(context)
  let elsewhere: number | undefined
  for (let attempt = 0; attempt <= transactionNumbersPerSecond; attempt++) {
    const requestedAt = context.runtime.now()
    if (attempt === 1) elsewhere = numbers.elsewhere()
    const number = elsewhere === undefined ? numbers.next(requestedAt) : elsewhere + attempt - 1
    const stored = await insert(writeId(merchantId, requestedAt, number), requestedAt)
    if (stored !== undefined) return stored
  }
  throw new Error(`merchant ${merchantId} opened more payments in one second than there are transaction ids`)
}

/** Stores a payment request that has passed the checks of the window. */
export const requestPayment = (
  context: Context,
  { request, merchant }: { readonly request: AcceptedRequest; readonly merchant: Merchant },
): Promise<Payment> =>
  withTransactionId(context, merchant.merchantId, async (transactionId, requestedAt) => {
    const payment = {
      transactionId,
      merchantId: merchant.merchantId,
      orderId: request.orderId,
      amount: request.amount,
      request,
      installmentMonths: request.installmentMonths ?? 0,
      isInterestFree: false,
      bindsMember: false,
      requestedAt,
      windowExpiresAt: new Date(requestedAt.getTime() + context.settings.windowLifeMs),
    }
    const head = await insertPayment(context, payment)
    return head && { ...payment, state: 'requested', stateChangedAt: requestedAt, cancelledAmount: 0, head }
  })
