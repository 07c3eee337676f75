import type { Context } from '../context.ts'
import { removeMember } from '../members/delete-member.ts'
import { bindMember } from '../members/join.ts'
import { guestLifeMs, pendingMemberLifeMs } from '../members/model.ts'
import { hasOldPendingMembers, movePendingMember, oldPendingMembers } from '../members/store.ts'
import { type EventContext, recordSecurityEvent } from '../security-events/record.ts'
import { readVersions } from './store.ts'
import type { PaymentState } from './transitions.ts'

const perRound = 50

/** The payment may still be approved, and bind its member. */
const openStates: readonly PaymentState[] = ['requested', 'authenticated', 'approving', 'unresolved', 'reversing']

/** Approved by a gateway of an older version, which does not bind members. */
const approvedStates: readonly PaymentState[] = ['approved', 'partiallyCancelled', 'cancelled']

/**
 * Background job: removes members that no approved payment has bound, and guests of payments that have ended, with
 * their cards. A member or guest of an open payment is kept for later.
 */
export async function removePendingMembers(
  context: EventContext & Pick<Context, 'storage' | 'runtime'>,
): Promise<void> {
  const { storage, runtime } = context
  const at = runtime.now()
  const old = {
    membersSince: new Date(at.getTime() - pendingMemberLifeMs),
    guestsSince: new Date(at.getTime() - guestLifeMs),
  }
  if (!(await hasOldPendingMembers({ storage }, old))) return
  const removed = await storage.transact(async (transaction) => {
    const unbound: string[] = []
    const pending = await oldPendingMembers(transaction, { ...old, limit: perRound })
    const payments = await readVersions(
      transaction,
      pending.map(({ transactionId }) => transactionId),
    )
    for (const { memberId, transactionId, isGuest } of pending) {
      const state = payments.get(transactionId)?.state
      if (state !== undefined && openStates.includes(state))
        await movePendingMember(transaction, memberId, { transactionId, at })
      else if (!isGuest && state !== undefined && approvedStates.includes(state))
        await bindMember(transaction, memberId)
      else {
        await removeMember(transaction, memberId)
        if (!isGuest) unbound.push(memberId)
      }
    }
    return unbound
  })
  for (const object of removed) recordSecurityEvent(context, { name: 'member_removed', reason: 'never_bound', object })
}
