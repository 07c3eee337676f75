import { askWithTicket } from './approval-answer.ts'
import type { Merchant } from './merchant.ts'
import { namesOrder } from './order-mismatch.ts'
import type { PaymentTicket } from './payment-ticket.ts'

/**
 * Whether the order note that the service shows for this ticket is the one of this order: then the buyer who brings the ticket was given the
 * form of the order, also where the browser brings no session. For a return that the shop cannot authorise otherwise; a stranger's ticket,
 * and every ticket of a merchant that seals no orders, is none of it. Asks approvalInquiry.do and changes nothing.
 */
export async function isPaymentOf(
  merchant: Merchant,
  ticket: PaymentTicket,
  { orderId }: { readonly orderId: string },
): Promise<boolean> {
  if (!merchant.signsOrders) return false
  const asked = await askWithTicket(merchant, ticket, merchant.endpoints.inquiry)
  return asked.ok && namesOrder(merchant, asked.answer, orderId)
}
