import type { Context } from '../context.ts'
import { deletePasskeysOf } from '../passkeys/store.ts'
import type { Transaction } from '../storage/storage.ts'
import { deleteCardsOf } from '../vault/store.ts'
import { type MemberKey, unverifiedScope } from './model.ts'
import { type DeletionOutcome, findSpentDeletion, recordSpentDeletion } from './spent-deletions/store.ts'
import { deleteMemberRow, findMember, pendingMembersOf } from './store.ts'

interface Deletion extends MemberKey {
  readonly merchantId: string
  readonly bodyFingerprints: readonly string[]
}

export type DeleteMemberResult = DeletionOutcome | 'member_unknown' | 'deletion_replayed'

/**
 * Deletes the member with all cards and passkeys (guide, SS-Pay 회원 삭제), and the customer's pending members. Idempotent:
 * the same body again replays the first answer; once the customer is bound again, it is rejected as a replay.
 */
export function deleteMember(
  { storage, runtime }: Pick<Context, 'storage' | 'runtime'>,
  { bodyFingerprints, customerId, ...merchant }: Deletion,
): Promise<DeleteMemberResult> {
  const [bodyFingerprint = ''] = bodyFingerprints
  const scopes = [merchant.easyPayMerchantId, unverifiedScope(merchant)] as const
  return storage.transact(async (transaction) => {
    const findIn = (scope: string) => findMember({ storage: transaction }, { easyPayMerchantId: scope, customerId })
    const found = [await findIn(scopes[0]), await findIn(scopes[1])]
    const bound = found.flatMap((member) => (member === undefined ? [] : [member.memberId]))
    const spent = await findSpentDeletion(transaction, bodyFingerprints)
    if (spent !== undefined) return bound.length === 0 ? spent : 'deletion_replayed'

    const memberIds = [...bound, ...(await pendingMembersOf(transaction, scopes, customerId))]
    const [memberId] = memberIds
    if (memberId === undefined) return 'member_unknown'
    let deletedCards = 0
    for (const one of memberIds) deletedCards += await removeMember(transaction, one)
    const outcome = deletedCards > 0 ? 'member_deleted' : 'member_without_card_deleted'
    await recordSpentDeletion(transaction, { bodyFingerprint, memberId, outcome, at: runtime.now() })
    return outcome
  })
}

/** Deletes cards and passkeys. Returns the number of cards. */
export async function removeMeansOfPayment(transaction: Transaction, memberId: string): Promise<number> {
  const deletedCards = await deleteCardsOf(transaction, memberId)
  await deletePasskeysOf(transaction, memberId)
  return deletedCards
}

/** Deletes the member with cards and passkeys. Returns the number of cards. */
export async function removeMember(transaction: Transaction, memberId: string): Promise<number> {
  const deletedCards = await removeMeansOfPayment(transaction, memberId)
  await deleteMemberRow(transaction, memberId)
  return deletedCards
}
