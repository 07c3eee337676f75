import type { AcceptedRequest } from '@sspay/protocol/internal'
import type { Context } from '../context.ts'
import type { Merchant } from '../merchants/model.ts'
import { perStorage } from '../storage/batching.ts'
import type { ChainHead, NewPayment, Payment } from './model.ts'
import { insertPayment } from './store.ts'
import { createTransactionNumbers, transactionNumbersPerSecond, writeTransactionId } from './transaction-id.ts'

const numbersOf = perStorage(({ runtime }: Pick<Context, 'storage' | 'runtime'>) => createTransactionNumbers(runtime))

interface Wanted extends Pick<NewPayment, 'charged'> {
  readonly request: AcceptedRequest
  readonly merchant: Merchant
}

/** Stores a payment request that has passed the checks of the window. */
export const requestPayment = (context: Context, wanted: Wanted): Promise<Payment> =>
  insertWithNewId(context, wanted, (payment) => insertPayment(context, payment))

/** Tries transaction ids until `insert` finds one that is free. */
export async function insertWithNewId(
  context: Context,
  { request, merchant, charged }: Wanted,
  insert: (payment: NewPayment) => Promise<ChainHead | undefined>,
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
    const head = await insert(charged === undefined ? payment : { ...payment, charged })
    const state = charged === undefined ? 'requested' : 'approving'
    if (head !== undefined)
      return { ...payment, ...charged, state, stateChangedAt: requestedAt, cancelledAmount: 0, head }
  }
  throw new Error(`merchant ${merchant.merchantId} opened more payments in one second than there are transaction ids`)
}
