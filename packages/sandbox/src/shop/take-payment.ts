import {
  type ApprovalTicket,
  type ApprovedPayment,
  approve,
  type PaymentNotification,
  type RecoveredOutcome,
  type Unknown,
} from '@sspay/merchant'
import type { ShopContext } from './context.ts'
import type { Order, Receipt } from './model.ts'

/** Has the payment of an order approved. Harmless when repeated; whatever stays unknown is finished by the recovery. */
export async function takePayment(shop: ShopContext, order: Order, ticket: ApprovalTicket): Promise<void> {
  const { orderId, amount } = order
  const { transactionId } = ticket
  if (!shop.store.claim({ orderId, transactionId })) return

  const outcome = await approve(shop.merchant, ticket, {
    expected: { orderId, amount },
    journal: shop.journal,
  })
  await recordOutcome(shop, { orderId, transactionId }, outcome)
}

/** What a payment's outcome means for its order, whether the approval or the recovery tells it. */
export async function recordOutcome(
  shop: ShopContext,
  payment: { readonly orderId: string; readonly transactionId: string },
  outcome: RecoveredOutcome | Unknown,
): Promise<void> {
  switch (outcome.outcome) {
    case 'approved':
      await markPaymentPaid(shop, outcome.payment)
      return
    case 'declined':
      shop.store.decline(payment, outcome.code)
      return
    case 'cancelled':
      shop.store.recordTakenBack(payment)
      return
    case 'unknown':
      return
  }
}

/** Order and journal change in one transaction, and once, whoever comes first: this page, its reload, the recovery or a notice. */
export const markPaymentPaid = (
  { journal, store }: ShopContext,
  payment: ApprovedPayment | PaymentNotification,
): Promise<boolean> => journal.markPaid(payment, () => store.pay(payment, receiptOf(payment)))

const receiptOf = (payment: ApprovedPayment | PaymentNotification): Receipt => ({
  approvalNumber: payment.approvalNumber ?? '',
  approvedAt: payment.approvedAt,
  issuerName: payment.issuerName ?? '',
  maskedCardNumber: payment.maskedCardNumber ?? '',
  installmentMonths: payment.installmentMonths ?? 0,
})
