import { type RecoveryOptions, recover, startRecovery } from '@sspay/merchant'
import { askCancellation } from './cancel-order.ts'
import type { ShopContext } from './context.ts'
import { recordOutcome } from './take-payment.ts'

/** What the shop says to each payment whose outcome it did not know. */
const recoveryOf = (shop: ShopContext): RecoveryOptions => ({
  journal: shop.journal,
  cancelPassword: shop.cancelPassword,
  isWanted: ({ transactionId, expected }) => shop.store.isWanted({ transactionId, orderId: expected.orderId }),
  onOutcome: (outcome, { transactionId, expected }) =>
    recordOutcome(shop, { transactionId, orderId: expected.orderId }, outcome),
})

/** Finishes what can be finished now: payments first, then cancellations. */
export async function recoverNow(shop: ShopContext): Promise<void> {
  await recover(shop.merchant, recoveryOf(shop))
  await askOpenCancellations(shop)
}

/** Once at the start, then again and again. The returned function stops it and waits for what runs. */
export async function keepRecovering(shop: ShopContext, everyMs: number): Promise<() => Promise<void>> {
  shop.store.releaseUnasked((await shop.journal.pending()).map(({ transactionId }) => transactionId))
  const onError = (cause: unknown): void => shop.log.error('shop_recovery_failed', { cause })
  let cancelling = Promise.resolve()
  const loop = startRecovery(shop.merchant, {
    ...recoveryOf(shop),
    everyMs,
    onError,
    onReport: () => {
      cancelling = askOpenCancellations(shop).catch(onError)
    },
  })
  return async () => {
    await loop.stop()
    await cancelling
  }
}

async function askOpenCancellations(shop: ShopContext): Promise<void> {
  for (const cancellation of shop.store.openCancellations()) await askCancellation(shop, cancellation)
}
