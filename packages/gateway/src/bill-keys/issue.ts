import type { Context } from '../context.ts'
import { lockMember } from '../members/store.ts'
import type { BillKeyPolicy } from '../merchants/bill-key-policy.ts'
import type { Transaction } from '../storage/storage.ts'
import type { BillKey } from '../vault/bill-keys/model.ts'
import { activeBillKeysOf, endBillKey, insertBillKey, type NewBillKey } from '../vault/bill-keys/store.ts'

export type IssueRejection = 'bill_key_card_registered' | 'bill_key_card_not_added' | 'bill_key_ended'

export type IssueResult =
  | { readonly ok: true; readonly key: BillKey }
  | { readonly ok: false; readonly reason: IssueRejection }

/** Issues a key as the merchant's policy says, or returns the one that the card has. */
export async function issueBillKey(
  transaction: Transaction,
  context: Pick<Context, 'runtime' | 'keyRing'>,
  { policy, ...wanted }: NewBillKey & { readonly policy: BillKeyPolicy },
): Promise<IssueResult> {
  // Concurrent registrations of one member wait for each other.
  if (!(await lockMember(transaction, wanted.memberId))) return { ok: false, reason: 'bill_key_ended' }
  const active = await activeBillKeysOf({ storage: transaction }, wanted)
  const same = active.filter(({ cardId }) => cardId === wanted.cardId)
  const others = active.filter(({ cardId }) => cardId !== wanted.cardId)
  const [known] = same
  if (known !== undefined && policy.sameCard === 'reject') return { ok: false, reason: 'bill_key_card_registered' }
  if (known !== undefined && policy.sameCard === 'return') return { ok: true, key: known }
  if (known === undefined && others.length > 0 && policy.otherCard === 'reject')
    return { ok: false, reason: 'bill_key_card_not_added' }

  for (const { billKeyId } of endedBy(policy, { same, others }))
    await endBillKey(transaction, billKeyId, { state: 'replaced', at: wanted.issuedAt })
  return { ok: true, key: await insertBillKey(transaction, context, wanted) }
}

function endedBy(
  { sameCard, otherCard, perMember }: BillKeyPolicy,
  { same, others }: { readonly same: readonly BillKey[]; readonly others: readonly BillKey[] },
): readonly BillKey[] {
  if (perMember === 'one') return [...same, ...others]
  // The same card again says nothing about the member's other cards.
  if (same.length > 0) return sameCard === 'replace' ? same : []
  return otherCard === 'replace' ? others : []
}
