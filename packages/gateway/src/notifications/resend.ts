import type { Context } from '../context.ts'
import type { NotificationReference } from './model.ts'
import { findNotificationTarget, makeDue, notificationsOf } from './store.ts'
import { wakeDelivery } from './wake.ts'

/** `unaddressed`: the merchant has no target. `under_way`: it is being sent at this moment. */
export type ResendResult = 'due' | 'unknown' | 'unaddressed' | 'under_way'

/** A person wants the shop to hear it again: now, in the order of its payment, and with all attempts anew. */
export async function resendNotification(
  context: Pick<Context, 'runtime' | 'storage' | 'keyRing' | 'log'>,
  reference: NotificationReference,
): Promise<ResendResult> {
  const { transactionId, sequence } = reference
  const notification = (await notificationsOf(context, transactionId)).find((one) => one.sequence === sequence)
  if (notification === undefined) return 'unknown'
  const { merchantId } = notification
  if ((await findNotificationTarget(context, merchantId)) === undefined) return 'unaddressed'
  if (!(await makeDue(context, reference, context.runtime.now()))) return 'under_way'
  context.log.info('notification_resent', { transactionId, sequence, merchantId })
  wakeDelivery(context.storage)
  return 'due'
}
