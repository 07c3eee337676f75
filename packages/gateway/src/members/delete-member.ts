import type { Context } from '../context.ts'
import { deletePasskeysOf } from '../passkeys/store.ts'
import { deleteCardsOf } from '../vault/store.ts'
import type { MemberKey } from './model.ts'
import { type DeletionOutcome, deleteMemberRow, findMember, findSpentDeletion, recordSpentDeletion } from './store.ts'

export type DeleteMemberResult = DeletionOutcome | 'member_unknown' | 'deletion_replayed'

/**
 * Deletes the member with all cards and passkeys (guide, SS-Pay 회원 삭제). A shop that lost the answer may send the same body again and gets the
 * first answer; once the customer has joined anew, the old body deletes nothing.
 */
export function deleteMember(
  { storage, runtime }: Pick<Context, 'storage' | 'runtime'>,
  { bodyFingerprints, ...key }: MemberKey & { readonly bodyFingerprints: readonly string[] },
): Promise<DeleteMemberResult> {
  const [bodyFingerprint = ''] = bodyFingerprints
  return storage.transact(async (transaction) => {
    const member = await findMember({ storage: transaction }, key)
    const spent = await findSpentDeletion(transaction, bodyFingerprints)
    if (spent !== undefined) return member === undefined ? spent : 'deletion_replayed'
    if (member === undefined) return 'member_unknown'

    const { memberId } = member
    const deletedCards = await deleteCardsOf(transaction, memberId)
    const outcome = deletedCards > 0 ? 'member_deleted' : 'member_without_card_deleted'
    await deletePasskeysOf(transaction, memberId)
    await deleteMemberRow(transaction, memberId)
    await recordSpentDeletion(transaction, { bodyFingerprint, memberId, outcome, at: runtime.now() })
    return outcome
  })
}
