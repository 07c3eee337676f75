import type { Context } from '../context.ts'
import type { Merchant } from '../merchants/model.ts'
import { deletePasskeysOf } from '../passkeys/store.ts'
import type { Transaction } from '../storage/storage.ts'
import { endBillKeysOf } from '../vault/bill-keys/store.ts'
import { deleteCardsOf } from '../vault/store.ts'
import { type GuestPayment, guestOf, type MemberKey, unverifiedScope } from './model.ts'
import {
  type DeletionOutcome,
  findSpentDeletion,
  recordSpentDeletion,
  updateSpentDeletion,
} from './spent-deletions/store.ts'
import { deleteMemberRow, findMember, findPayingMember, pendingMembersOf } from './store.ts'

interface Deletion extends MemberKey, Pick<Merchant, 'repeatedDeletion'> {
  readonly merchantId: string
  readonly bodyFingerprints: readonly string[]
}

export type DeleteMemberResult = DeletionOutcome | 'member_unknown' | 'deletion_replayed'

/**
 * Deletes the member with all cards and passkeys (guide, SS-Pay 회원 삭제), and the customer's pending members. Simple pay
 * and billing share one member, so every bill key ends with it. Idempotent:
 * the same body again replays the first answer. A member found then has joined after it was used, and is deleted or
 * kept as the merchant's setting says.
 */
export function deleteMember(
  { storage, runtime }: Pick<Context, 'storage' | 'runtime'>,
  { bodyFingerprints, customerId, repeatedDeletion, ...merchant }: Deletion,
): Promise<DeleteMemberResult> {
  const [bodyFingerprint = ''] = bodyFingerprints
  const scopes = [merchant.easyPayMerchantId, unverifiedScope(merchant)] as const
  return storage.transact(async (transaction) => {
    const findIn = (scope: string) => findMember({ storage: transaction }, { easyPayMerchantId: scope, customerId })
    const spent = await findSpentDeletion(transaction, bodyFingerprints)
    const found = [await findIn(scopes[0]), await findIn(scopes[1])]
    const bound = found.flatMap((member) => (member === undefined ? [] : [member.memberId]))
    if (spent !== undefined && repeatedDeletion === 'reject')
      return bound.length === 0 ? spent.outcome : 'deletion_replayed'

    const memberIds = [...bound, ...(await pendingMembersOf(transaction, scopes, customerId))]
    const [memberId] = memberIds
    if (memberId === undefined) return spent?.outcome ?? 'member_unknown'
    let deletedCards = 0
    const at = runtime.now()
    for (const one of memberIds) {
      deletedCards += await removeMember(transaction, one)
      await endBillKeysOf(transaction, one, { state: 'member_deleted', at })
    }
    const outcome = deletedCards > 0 ? 'member_deleted' : 'member_without_card_deleted'
    const record = spent === undefined ? recordSpentDeletion : updateSpentDeletion
    await record(transaction, { bodyFingerprint, ...spent, memberId, outcome, at })
    return outcome
  })
}

/** Removes the guest of a general card payment that has ended, with the card. */
export async function removeGuest({ storage }: Pick<Context, 'storage'>, payment: GuestPayment): Promise<void> {
  await storage.transact(async (transaction) => {
    const guest = await findPayingMember({ storage: transaction }, guestOf(payment))
    if (guest !== undefined) await removeMember(transaction, guest.memberId)
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
