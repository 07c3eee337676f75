import type { Context } from '../context.ts'
import { expirePayment } from './abort.ts'
import { overdueAhead } from './dated-ahead.ts'
import { paymentsIn } from './store.ts'

const perRound = 200

/** Closes the payments that nobody came back to: windows left open and tickets never used. */
export async function expireForgotten(context: Context): Promise<void> {
  const { runtime, settings } = context
  const lives = { requested: settings.windowLifeMs, authenticated: settings.ticketLifeMs } as const
  for (const state of ['requested', 'authenticated'] as const) {
    const changedBefore = new Date(runtime.now().getTime() - lives[state])
    const forgotten = await paymentsIn(context, { state, changedBefore, limit: perRound })
    const ahead = await overdueAhead(context, { state, waitMs: lives[state], limit: perRound })
    await Promise.all([...forgotten, ...ahead].map(({ transactionId }) => expirePayment(context, transactionId, state)))
  }
}
