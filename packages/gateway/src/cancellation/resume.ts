import { approvalMarginMs } from '../approval/model.ts'
import { findPayment } from '../approval/store.ts'
import { askNetwork } from './ask-network.ts'
import type { CancelContext, Cancellation } from './model.ts'
import { takeIndeterminateCancellations } from './store.ts'

const perRound = 20

/** Asks the card network again about every cancellation that it has not answered, after silence and after a crash. */
export async function resumeCancellations(gateway: CancelContext): Promise<void> {
  const at = gateway.runtime.now()
  const askingMs = gateway.settings.cardNetworkTimeoutMs + approvalMarginMs
  const askedBefore = new Date(at.getTime() - askingMs)
  const markedBefore = new Date(at.getTime() + askingMs)
  const indeterminate = await takeIndeterminateCancellations(gateway, {
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
