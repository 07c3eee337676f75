import type { Context } from '../context.ts'
import { removeMember } from '../members/delete-member.ts'
import { bindMember } from '../members/join.ts'
import { pendingMemberLifeMs } from '../members/model.ts'
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
 * Background job: removes members that no approved payment has bound, with their cards. A member of an open payment is
 * kept for later.
 */
export async function removePendingMembers(
  context: EventContext & Pick<Context, 'storage' | 'runtime'>,
): Promise<void> {
  const { storage, runtime } = context
  const at = runtime.now()
  const since = new Date(at.getTime() - pendingMemberLifeMs)
  if (!(await hasOldPendingMembers({ storage }, since))) return
  const removed = await storage.transact(async (transaction) => {
    const unbound: string[] = []
    const pending = await oldPendingMembers(transaction, { since, limit: perRound })
    const payments = await readVersions(
      transaction,
      pending.map(({ transactionId }) => transactionId),
    )
    for (const { memberId, transactionId } of pending) {
      const state = payments.get(transactionId)?.state
      if (state !== undefined && openStates.includes(state))
        await movePendingMember(transaction, memberId, { transactionId, at })
      else if (state !== undefined && approvedStates.includes(state)) await bindMember(transaction, memberId)
      else {
        await removeMember(transaction, memberId)
        unbound.push(memberId)
      }
    }
    return unbound
  })
  for (const object of removed) recordSecurityEvent(context, { name: 'member_removed', reason: 'never_bound', object })
}
