import { signatureMatches } from '@sspay/protocol/signature'
import { recover } from '../recover.ts'
import type { RecoveryOptions } from '../recover-entry.ts'
import type { Context } from './context.ts'

/** What the shop says to each payment whose outcome it did not know. */
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

/** One recovery for who has the key; for everybody else there is no such address. */
export async function answerRecovery(context: Context, request: Request): Promise<Response> {
  const given = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? ''
  const { recoveryKey } = context
  if (recoveryKey === undefined || !signatureMatches(given, recoveryKey))
    return new Response('not found', { status: 404 })
  const report = await recover(context.merchant, recoveryOf(context))
  context.onReport?.(report)
  const { approved, declined, cancelled, open } = report
  const counts = {
    approved: approved.length,
    declined: declined.length,
    cancelled: cancelled.length,
    open: open.map(({ transactionId, reason }) => ({ transactionId, reason })),
  }
  return Response.json(counts, { headers: { 'cache-control': 'no-store' } })
}
