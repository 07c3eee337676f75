import type { Context } from '../context.ts'
import type { NotificationReference } from './model.ts'
import { findNotificationTarget, notificationsOf, requeueNotification } from './store.ts'
import { wakeDelivery } from './wake.ts'

/** `in_flight`: a delivery attempt is running. */
export type ResendResult = 'pending' | 'unknown' | 'no_endpoint' | 'in_flight'

/** Makes a notification pending again, due at once, with all its attempts. The order within its payment stays. */
export async function resendNotification(
  context: Pick<Context, 'runtime' | 'storage' | 'keyRing' | 'log'>,
  reference: NotificationReference,
): Promise<ResendResult> {
  const { transactionId, sequence } = reference
  const notification = (await notificationsOf(context, transactionId)).find((one) => one.sequence === sequence)
  if (notification === undefined) return 'unknown'
  const { merchantId } = notification
  if ((await findNotificationTarget(context, merchantId)) === undefined) return 'no_endpoint'
  if (!(await requeueNotification(context, reference, context.runtime.now()))) return 'in_flight'
  context.log.info('notification_resent', { transactionId, sequence, merchantId })
  wakeDelivery(context.storage)
  return 'pending'
}
