import { signatureMatches } from '@sspay/protocol/signature'
import { recover } from '../recover.ts'
import type { RecoveryOptions } from '../recover-entry.ts'
import type { Context } from './context.ts'

/** The callbacks of the checkout for `recover`. */
export const recoveryOf = (context: Context): RecoveryOptions => ({
  journal: context.journal,
  ...(context.cancelPassword === undefined ? {} : { cancelPassword: context.cancelPassword }),
  isWanted: async ({ expected }) => (await context.findOrder(expected.orderId))?.state === 'open',
  async onOutcome(outcome, { expected: { orderId } }) {
    switch (outcome.outcome) {
      case 'approved':
        await context.markPaid(outcome.payment)
        return
      case 'declined':
        await context.onDeclined?.({ orderId, code: outcome.code, message: outcome.message })
        return
      case 'cancelled':
        return
    }
  },
})

/** Runs one recovery for a request with the key; 404 for any other. */
export async function answerRecovery(context: Context, request: Request): Promise<Response> {
  const given = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? ''
  const { recoveryKey } = context
  if (recoveryKey === undefined || !signatureMatches(given, recoveryKey))
    return new Response('not found', { status: 404 })
  const report = await recover(context.merchant, recoveryOf(context))
  context.onReport?.(report)
  const { approved, declined, cancelled, pending } = report
  const counts = {
    approved: approved.length,
    declined: declined.length,
    cancelled: cancelled.length,
    pending: pending.map(({ transactionId, reason }) => ({ transactionId, reason })),
  }
  return Response.json(counts, { headers: { 'cache-control': 'no-store' } })
}
