import {
  type ApprovalOutcome,
  type ApprovedPayment,
  approve,
  memoryJournal,
  readAuthenticationFields,
} from '@sspay/merchant'
import { authenticationResult, writeMessage } from '@sspay/protocol'
import type { ShopContext } from './context.ts'
import type { OrderOutcome, Receipt } from './model.ts'

/**
 * Asks for the approval of an order whose outcome is not known and records what comes of it. Harmless when repeated: the gateway gives
 * its first answer again and the order is credited once.
 */
export async function takePayment({ merchant, store }: ShopContext, orderId: string): Promise<void> {
  const order = store.find(orderId)
  const ticket = store.openTicket(orderId)
  if (order === undefined || ticket === undefined) return

  const reading = readAuthenticationFields(merchant, writeMessage(authenticationResult, ticket))
  if (!reading.ok) throw new Error(`the stored ticket of order ${orderId} is damaged`)
  const outcome = settled(
    await approve(merchant, reading.authentication, {
      expected: { orderId, amount: order.amount },
      journal: memoryJournal(),
    }),
  )
  if (outcome !== undefined) store.settle(orderId, outcome)
}

function settled(outcome: ApprovalOutcome): OrderOutcome | undefined {
  switch (outcome.outcome) {
    case 'approved':
      return { outcome: 'approved', receipt: receiptOf(outcome.payment) }
    case 'declined':
      return { outcome: 'declined', resultCode: outcome.code }
    case 'unknown':
      return undefined
  }
}

const receiptOf = (payment: ApprovedPayment): Receipt => ({
  approvalNumber: payment.approvalNumber ?? '',
  approvedAt: payment.approvedAt,
  issuerName: payment.issuerName ?? '',
  maskedCardNumber: payment.maskedCardNumber ?? '',
  installmentMonths: payment.installmentMonths ?? 0,
})
