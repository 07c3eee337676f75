import type { Context } from '../context.ts'
import { removeGuest } from '../members/delete-member.ts'
import { isGeneral, type Payment } from './model.ts'

/**
 * Deletes the card of a general card payment that has ended. A failure changes nothing of the payment: the background
 * job tries again.
 */
export async function forgetGuest(
  context: Pick<Context, 'storage' | 'log'>,
  payment: Pick<Payment, 'request' | 'merchantId' | 'transactionId'>,
): Promise<void> {
  if (!isGeneral(payment)) return
  const { transactionId } = payment
  await removeGuest(context, payment).catch((cause) => context.log.warn('guest_not_removed', { transactionId, cause }))
}
