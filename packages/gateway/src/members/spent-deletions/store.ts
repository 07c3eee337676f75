import type { Transaction } from '../../storage/storage.ts'

export type DeletionOutcome = 'member_deleted' | 'member_without_card_deleted'

/** By its fingerprint under any root key. */
export async function findSpentDeletion(
  transaction: Transaction,
  bodyFingerprints: readonly string[],
): Promise<DeletionOutcome | undefined> {
  for (const bodyFingerprint of bodyFingerprints) {
    const [row] = await transaction.read<{ outcome: string }>(
      'select outcome from spent_deletions where body_fingerprint = ?1',
      [bodyFingerprint],
    )
    if (row !== undefined) return row.outcome as DeletionOutcome
  }
  return undefined
}

export async function recordSpentDeletion(
  transaction: Transaction,
  spent: {
    readonly bodyFingerprint: string
    readonly memberId: string
    readonly outcome: DeletionOutcome
    readonly at: Date
  },
): Promise<void> {
  await transaction.write(
    'insert into spent_deletions (body_fingerprint, member_id, outcome, at) values (?1, ?2, ?3, ?4)',
    [spent.bodyFingerprint, spent.memberId, spent.outcome, spent.at.getTime()],
  )
}
