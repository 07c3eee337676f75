import type { Context } from '../context.ts'
import { randomHex } from '../runtime.ts'
import type { Member, MemberIdentity, MemberKey } from './model.ts'
import { insertMember } from './store.ts'

/** Makes the customer a member; the customer who is one already stays as is (two windows, a repeated submit). */
export const join = (
  context: Pick<Context, 'storage' | 'keyRing' | 'runtime'>,
  given: MemberKey & { readonly identity: MemberIdentity },
): Promise<Member> => insertMember(context, { ...given, memberId: randomHex(context.runtime, 16) })
