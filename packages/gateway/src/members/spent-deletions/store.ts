import type { Transaction } from '../../storage/storage.ts'

export type DeletionOutcome = 'member_deleted' | 'member_without_card_deleted'

interface SpentDeletion {
  readonly bodyFingerprint: string
  readonly memberId: string
  readonly outcome: DeletionOutcome
  readonly at: Date
}

/** By its fingerprint under any root key; locked, so that a repeat waits for the one that deletes. */
export async function findSpentDeletion(
  transaction: Transaction,
  bodyFingerprints: readonly string[],
): Promise<Pick<SpentDeletion, 'bodyFingerprint' | 'outcome'> | undefined> {
  const sql = `select outcome from spent_deletions where body_fingerprint = ?1 ${transaction.lock.wait}`
  for (const bodyFingerprint of bodyFingerprints) {
    const [row] = await transaction.read<{ outcome: DeletionOutcome }>(sql, [bodyFingerprint])
    if (row !== undefined) return { bodyFingerprint, outcome: row.outcome }
  }
  return undefined
}

export function recordSpentDeletion(transaction: Transaction, spent: SpentDeletion): Promise<number> {
  const sql = 'insert into spent_deletions (body_fingerprint, member_id, outcome, at) values (?1, ?2, ?3, ?4)'
  return transaction.write(sql, [spent.bodyFingerprint, spent.memberId, spent.outcome, spent.at.getTime()])
}

/** The body has deleted again: from now on this outcome is replayed. */
export function updateSpentDeletion(transaction: Transaction, spent: SpentDeletion): Promise<number> {
  const sql = 'update spent_deletions set member_id = ?2, outcome = ?3, at = ?4 where body_fingerprint = ?1'
  return transaction.write(sql, [spent.bodyFingerprint, spent.memberId, spent.outcome, spent.at.getTime()])
}
