import type { AcceptedRequest } from '@sspay/protocol/internal'
import type { Context } from '../context.ts'
import type { Merchant } from '../merchants/model.ts'
import { perStorage } from '../storage/batching.ts'
import type { Payment } from './model.ts'
import { insertPayment } from './store.ts'
import { createTransactionNumbers, transactionNumbersPerSecond, writeTransactionId } from './transaction-id.ts'

const numbersOf = perStorage(({ runtime }: Pick<Context, 'storage' | 'runtime'>) => createTransactionNumbers(runtime))

/** Stores a payment request that has passed the checks of the window. */
export async function requestPayment(
  context: Context,
  { request, merchant }: { readonly request: AcceptedRequest; readonly merchant: Merchant },
): Promise<Payment> {
  const { runtime, settings } = context
  const numbers = numbersOf(context)
  let elsewhere: number | undefined
  for (let attempt = 0; attempt <= transactionNumbersPerSecond; attempt++) {
    const requestedAt = runtime.now()
    if (attempt === 1) elsewhere = numbers.elsewhere()
    const number = elsewhere === undefined ? numbers.next(requestedAt) : elsewhere + attempt - 1
    const payment = {
      transactionId: writeTransactionId(merchant.merchantId, requestedAt, number),
      merchantId: merchant.merchantId,
      orderId: request.orderId,
      amount: request.amount,
      request,
      installmentMonths: request.installmentMonths ?? 0,
      isInterestFree: false,
      bindsMember: false,
      requestedAt,
      windowExpiresAt: new Date(requestedAt.getTime() + settings.windowLifeMs),
    }
    const head = await insertPayment(context, payment)
    if (head !== undefined)
      return { ...payment, state: 'requested', stateChangedAt: requestedAt, cancelledAmount: 0, head }
  }
  throw new Error(`merchant ${merchant.merchantId} opened more payments in one second than there are transaction ids`)
}
