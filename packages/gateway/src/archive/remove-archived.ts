import { type ArchiveContext, hold } from './context.ts'
import { digestOf } from './file.ts'
import { transactionIdOf, writeRecord } from './record.ts'
import { deletePayments, lockRecords } from './store.ts'

/** So few that a serving gateway, which on SQLite waits for the end of the transaction, does not notice. */
const perTransaction = 100

export interface Removed {
  readonly removed: number
  /** Are no longer what the archive has: they stay, and a later archive takes them. */
  readonly stayed: number
}

/**
 * Deletes what is, byte for byte, what the durable file has. `digests`: of every line of it, by transaction id. Between its transactions it rests as
 * long as they took, so that requests go first.
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
