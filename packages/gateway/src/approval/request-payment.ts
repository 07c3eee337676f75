import type { PaymentRequest } from '@sspay/protocol'
import type { Context } from '../context.ts'
import type { Merchant } from '../merchants/model.ts'
import { randomBelow } from '../runtime.ts'
import type { Payment } from './model.ts'
import { insertPayment } from './store.ts'
import { transactionNumbersPerSecond, writeTransactionId } from './transaction-id.ts'

/** Stores a payment that the checks of the window have let in. */
export async function requestPayment(
  context: Context,
  { request, merchant }: { readonly request: PaymentRequest; readonly merchant: Merchant },
): Promise<Payment> {
  const { runtime, settings } = context
  const firstNumber = randomBelow(runtime, transactionNumbersPerSecond)
  for (let attempt = 0; attempt < transactionNumbersPerSecond; attempt++) {
    const requestedAt = runtime.now()
    const payment = {
      transactionId: writeTransactionId(merchant.merchantId, requestedAt, firstNumber + attempt),
      merchantId: merchant.merchantId,
      orderId: request.orderId,
      amount: request.amount,
      request,
      installmentMonths: request.installmentMonths ?? 0,
      isInterestFree: false,
      requestedAt,
      windowExpiresAt: new Date(requestedAt.getTime() + settings.windowLifeMs),
    }
    const head = await insertPayment(context, payment)
    if (head !== undefined)
      return { ...payment, state: 'requested', stateChangedAt: requestedAt, cancelledAmount: 0, head }
  }
  throw new Error(`merchant ${merchant.merchantId} opened more payments in one second than there are transaction ids`)
}
