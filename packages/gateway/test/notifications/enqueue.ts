import type { KeyRing } from '../../src/keyring.ts'
import type { Notification } from '../../src/notifications/model.ts'
import { newNotificationRow } from '../../src/notifications/row.ts'
import { enqueueNotifications, notificationColumns } from '../../src/notifications/store.ts'
import type { Transaction } from '../../src/storage/storage.ts'

/** Notifications of payments that have not moved. */
export async function enqueueWithoutMove(
  transaction: Transaction,
  keyRing: KeyRing,
  notifications: readonly Notification[],
): Promise<void> {
  const rows = notifications.map((notification) => newNotificationRow(keyRing, notification))
  await transaction.write(`with changed as ${transaction.rows(notificationColumns, '?1')} ${enqueueNotifications}`, [
    rows,
  ])
}
