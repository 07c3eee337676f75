import type { Context } from '../context.ts'
import { randomHex } from '../runtime.ts'
import type { Transaction } from '../storage/storage.ts'
import { removeMember } from './delete-member.ts'
import type { Member, MemberIdentity, PaymentCustomer } from './model.ts'
import {
  bindPendingMember,
  findPayingMember,
  findPendingPerson,
  insertPendingMember,
  movePendingMember,
} from './store.ts'

export interface Joined {
  readonly member: Member
  /** False: the customer, or the same person in another window, has joined before. */
  readonly isNew: boolean
}

/**
 * Makes the person in this payment's window a pending member. Idempotent for a customer who is a member already (two
 * windows, a repeated submit). The same person, by CI, continues with the pending member of another window.
 */
export function join(
  { storage, keyRing, runtime }: Pick<Context, 'storage' | 'keyRing' | 'runtime'>,
  customer: PaymentCustomer,
  identity: MemberIdentity | undefined,
): Promise<Joined> {
  const memberId = randomHex(runtime, 16)
  const at = runtime.now()
  return storage.transact(async (transaction) => {
    const known = await findPayingMember({ storage: transaction }, customer)
    if (known !== undefined) return { member: known, isNew: false }

    const left = identity && (await findPendingPerson({ transaction, keyRing }, customer, identity.ci))
    if (left !== undefined) {
      await movePendingMember(transaction, left.memberId, { transactionId: customer.transactionId, at })
      return { member: left, isNew: false }
    }
    await insertPendingMember({ transaction, keyRing }, { memberId, customer, identity, joinedAt: at })
    const member = await findPayingMember({ storage: transaction }, customer)
    if (member === undefined) throw new Error('a member that was just inserted is missing')
    return { member, isNew: member.memberId === memberId }
  })
}

/**
 * The member's first approved payment binds it to the customer. `taken`: another member was bound first; the payment
 * stays valid, as it was this person's own card, and the pending member is removed.
 */
export async function bindMember(
  transaction: Transaction,
  memberId: string,
): Promise<'bound' | 'taken' | 'not_pending'> {
  const outcome = await bindPendingMember(transaction, memberId)
  if (outcome === 'taken') await removeMember(transaction, memberId)
  return outcome
}
