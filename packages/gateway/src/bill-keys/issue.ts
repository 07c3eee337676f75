import type { ResultReason } from '@sspay/protocol'
import type { Context } from '../context.ts'
import { lockMember } from '../members/store.ts'
import type { BillKeyPolicy } from '../merchants/bill-key-policy.ts'
import type { Transaction } from '../storage/storage.ts'
import type { BillKey } from '../vault/bill-keys/model.ts'
import { activeBillKeysOf, endBillKey, insertBillKey, revealBillKey } from '../vault/bill-keys/store.ts'

export interface BillKeyOrder extends Pick<BillKey, 'merchantId' | 'orderId' | 'memberId' | 'cardId'> {
  readonly policy: BillKeyPolicy
}

export type IssueBillKeyResult =
  | {
      readonly ok: true
      /** The key itself, for the shop. */
      readonly billKey: string
      readonly issued: BillKey
    }
  | {
      readonly ok: false
      readonly reason: Extract<ResultReason, 'bill_key_card_registered' | 'bill_key_card_not_added' | 'member_unknown'>
    }

const rejected = (reason: Extract<IssueBillKeyResult, { ok: false }>['reason']) => ({ ok: false, reason }) as const

/** Issues a key for a card of the member, as the merchant's policy says. The keys that it replaces end with it. */
export function issueBillKey(context: Context, order: BillKeyOrder): Promise<IssueBillKeyResult> {
  return context.storage.transact((transaction) => issueBillKeyIn(transaction, context, order))
}

/** {@link issueBillKey} as a part of a transaction. */
export async function issueBillKeyIn(
  transaction: Transaction,
  context: Context,
  order: BillKeyOrder,
): Promise<IssueBillKeyResult> {
  const { policy, cardId, memberId } = order
  if (!(await lockMember(transaction, memberId))) return rejected('member_unknown')
  const active = await activeBillKeysOf({ storage: transaction }, order)
  const same = active.findLast((key) => key.cardId === cardId)
  if (same !== undefined && policy.sameCard === 'reject') return rejected('bill_key_card_registered')
  if (same !== undefined && policy.sameCard === 'return') return withKey(context, transaction, same)
  if (same === undefined && active.length > 0 && policy.otherCard === 'reject')
    return rejected('bill_key_card_not_added')

  const issuedAt = context.runtime.now()
  const replaced = active.filter((key) => isReplaced(policy, key.cardId === cardId, same !== undefined))
  for (const { billKeyId } of replaced) await endBillKey(transaction, billKeyId, { state: 'replaced', at: issuedAt })
  return withKey(context, transaction, await insertBillKey(transaction, context, { ...order, issuedAt }))
}

/** Whether a key of the member ends when a new one is issued; `isKnown`: the card of the new key had one before. */
const isReplaced = ({ sameCard, otherCard, perMember }: BillKeyPolicy, isSame: boolean, isKnown: boolean): boolean =>
  perMember === 'one' || (isSame ? sameCard === 'replace' : !isKnown && otherCard === 'replace')

const withKey = async ({ keyRing }: Context, storage: Transaction, issued: BillKey) => ({
  ok: true as const,
  issued,
  billKey: await revealBillKey({ storage, keyRing }, issued),
})
