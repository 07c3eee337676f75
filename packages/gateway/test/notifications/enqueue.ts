import type { KeyRing } from '../../src/keyring.ts'
import type { Notice } from '../../src/notifications/model.ts'
import { newNoticeRow } from '../../src/notifications/row.ts'
import { enqueueNotices, noticeColumns } from '../../src/notifications/store.ts'
import type { Transaction } from '../../src/storage/storage.ts'

/** Notices of payments that have not moved. */
export async function enqueueWithoutMove(
  transaction: Transaction,
  keyRing: KeyRing,
  notices: readonly Notice[],
): Promise<void> {
  const rows = notices.map((notice) => newNoticeRow(keyRing, notice))
  await transaction.write(`with changed as ${transaction.rows(noticeColumns, '?1')} ${enqueueNotices}`, [rows])
}
