import { approvalMarginMs } from '../approval/model.ts'
import { findPayment } from '../approval/store.ts'
import { askNetwork } from './cancel.ts'
import type { CancelContext, Cancellation } from './model.ts'
import { claimIndeterminateCancellations } from './store.ts'

const perRound = 20

/** Background job: calls the card network again for every refund without an outcome, after silence or a crash. */
export async function resumeCancellations(gateway: CancelContext): Promise<void> {
  const at = gateway.runtime.now()
  const askingMs = gateway.settings.cardNetworkTimeoutMs + approvalMarginMs
  const askedBefore = new Date(at.getTime() - askingMs)
  const markedBefore = new Date(at.getTime() + askingMs)
  const indeterminate = await claimIndeterminateCancellations(gateway, {
    at,
    askedBefore,
    markedBefore,
    limit: perRound,
  })
  await Promise.all(indeterminate.map((cancellation) => resume(gateway, cancellation)))
}

async function resume(gateway: CancelContext, cancellation: Cancellation): Promise<void> {
  const { transactionId, cancelSequence } = cancellation
  try {
    const payment = await findPayment(gateway, transactionId)
    if (payment === undefined) throw new Error(`there is no payment ${transactionId}`)
    await askNetwork(gateway, payment, cancellation)
  } catch (cause) {
    gateway.log.error('cancellation_not_resumed', { transactionId, cancelSequence, cause })
  }
}
