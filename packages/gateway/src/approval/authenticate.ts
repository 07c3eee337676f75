import type { Context } from '../context.ts'
import { type Authentication, hasPassed } from './model.ts'
import { movePayment } from './move-payment.ts'
import { findPayment } from './store.ts'
import { hashTicket, newApprovalTicket } from './ticket.ts'
import type { PaymentState } from './transitions.ts'

export type AuthenticationRecord =
  | { readonly ok: true; readonly approvalTicket: string }
  | { readonly ok: false; readonly state: PaymentState | 'unknown' }

/** The buyer has proved who they are: the payment gets its ticket, of which only the hash is kept. A caller may bring the ticket. */
export async function recordAuthentication(
  context: Context,
  transactionId: string,
  authentication: Authentication,
  approvalTicket = newApprovalTicket(context, transactionId),
): Promise<AuthenticationRecord> {
  const { runtime, settings } = context
  const payment = await findPayment(context, transactionId)
  const at = runtime.now()
  if (payment?.state === 'requested' && hasPassed(payment.windowExpiresAt, at)) return { ok: false, state: 'expired' }

  const head = await movePayment(context, {
    transactionId,
    from: 'requested',
    event: 'buyerAuthenticated',
    at,
    facts: {
      ...authentication,
      ticketHash: hashTicket(approvalTicket),
      ticketExpiresAt: new Date(at.getTime() + settings.ticketLifeMs),
    },
  })
  if (head !== undefined) return { ok: true, approvalTicket }
  return { ok: false, state: (await findPayment(context, transactionId))?.state ?? 'unknown' }
}
