import type { Transaction } from '../../storage/storage.ts'

export type DeletionOutcome = 'member_deleted' | 'member_without_card_deleted'

/** By its fingerprint under any root key. */
export async function findSpentDeletion(
  transaction: Transaction,
  bodyFingerprints: readonly string[],
): Promise<DeletionOutcome | undefined> {
  const sql = 'select outcome from spent_deletions where body_fingerprint = ?1'
  for (const bodyFingerprint of bodyFingerprints) {
    const [row] = await transaction.read<{ outcome: DeletionOutcome }>(sql, [bodyFingerprint])
    if (row !== undefined) return row.outcome
  }
  return undefined
}

interface SpentDeletion {
  readonly bodyFingerprint: string
  readonly memberId: string
  readonly outcome: DeletionOutcome
  readonly at: Date
}

export function recordSpentDeletion(transaction: Transaction, spent: SpentDeletion): Promise<number> {
  const sql = 'insert into spent_deletions (body_fingerprint, member_id, outcome, at) values (?1, ?2, ?3, ?4)'
  return transaction.write(sql, [spent.bodyFingerprint, spent.memberId, spent.outcome, spent.at.getTime()])
}
