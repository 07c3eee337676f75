import type { Context } from '@sspay/gateway'
import { bindMember, join } from '../../packages/gateway/src/members/join.ts'
import type { Member, MemberIdentity, MemberKey } from '../../packages/gateway/src/members/model.ts'
import { findMember } from '../../packages/gateway/src/members/store.ts'

/** A member as the first approved payment leaves it, without walking the window; who is one already stays. */
export async function joinBound(
  context: Pick<Context, 'storage' | 'keyRing' | 'runtime'>,
  { identity, ...key }: MemberKey & { readonly identity: MemberIdentity },
): Promise<Member> {
  const known = await findMember(context, key)
  if (known !== undefined) return known
  const payment = { merchantId: 'ssptest01m', transactionId: `joined-${key.customerId}` }
  const { member } = await join(context, { ...key, ...payment, identityVerification: 'required' }, identity)
  await context.storage.transact((transaction) => bindMember(transaction, member.memberId))
  const bound = await findMember(context, key)
  if (bound === undefined) throw new Error('the member was not bound')
  return bound
}
