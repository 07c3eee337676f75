import { type ArchiveContext, hold } from './context.ts'
import { digestOf } from './file.ts'
import { transactionIdOf, writeRecord } from './record.ts'
import { deletePayments, lockRecords } from './store.ts'

/** Small enough not to delay a running gateway, which on SQLite waits for the end of the transaction. */
const perTransaction = 100

export interface Removed {
  readonly removed: number
  /** Payments that have changed since: a later archive will have them. */
  readonly stayed: number
}

/**
 * Deletes the payments that are, byte for byte, those of the durable file. `digests`: of its lines, by transaction id.
 * Pauses after each transaction for as long as it took, so that requests go first.
 */
export async function removeArchived(
  context: ArchiveContext,
  fileName: string,
  digests: ReadonlyMap<string, string>,
): Promise<Removed> {
  let removed = 0
  let stayed = 0
  const transactionIds = [...digests.keys()]
  for (let from = 0; from < transactionIds.length; from += perTransaction) {
    const startedAt = context.runtime.now().getTime()
    const batch = transactionIds.slice(from, from + perTransaction)
    const counts = await removeBatch(context, fileName, batch, digests)
    removed += counts.removed
    stayed += counts.stayed
    context.onStep({ step: 'deleting', fileName, payments: from + batch.length, of: transactionIds.length })
    await context.rest(context.runtime.now().getTime() - startedAt)
  }
  return { removed, stayed }
}

const removeBatch = (
  context: ArchiveContext,
  fileName: string,
  transactionIds: readonly string[],
  digests: ReadonlyMap<string, string>,
): Promise<Removed> =>
  context.storage.transact(async (transaction) => {
    await hold(context, transaction, fileName)
    const records = await lockRecords(transaction, transactionIds)
    const same = records.filter((record) => digestOf(writeRecord(record)) === digests.get(transactionIdOf(record)))
    await deletePayments(transaction, same.map(transactionIdOf))
    return { removed: same.length, stayed: records.length - same.length }
  })
