import type { Transaction } from '../storage/storage.ts'
import { removeMember } from './remove-member.ts'
import { bindPendingMember } from './store.ts'

/**
 * The member's first payment was approved: the customer is this member from now on. `taken`: another member was bound first. The payment stands
 * then, as it was this person's own card, and the pending member is removed.
 */
export async function bindMember(
  transaction: Transaction,
  memberId: string,
): Promise<'bound' | 'taken' | 'not_pending'> {
  const outcome = await bindPendingMember(transaction, memberId)
  if (outcome === 'taken') await removeMember(transaction, memberId)
  return outcome
}
