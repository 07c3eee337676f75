import type { Context } from '../context.ts'
import type { PhoneMessage } from '../identity/port.ts'
import { removeMeansOfPayment } from './delete-member.ts'
import { isSamePerson, type MemberIdentity } from './model.ts'
import { clearPassword, lockMember, replaceIdentity } from './store.ts'

export type ReverifyResult =
  | {
      readonly ok: true
      /** From now on. */
      readonly identityVersion: string
      /** What the phone that the member had before must be told. */
      readonly message?: PhoneMessage
    }
  | { readonly ok: false; readonly reason: 'identity_differs' }

type Needed = Pick<Context, 'storage' | 'keyRing'>

/** The same person verified again, and keeps the password: for what asks for more than the password. */
export const confirmIdentity = (context: Needed, memberId: string, identity: MemberIdentity): Promise<ReverifyResult> =>
  verifyAgain(context, memberId, identity, { clearsPassword: false })

/** The only way out of a lock: the same person verifies again; lock and password are cleared, and a new one can be set. */
export const reverify = (context: Needed, memberId: string, identity: MemberIdentity): Promise<ReverifyResult> =>
  verifyAgain(context, memberId, identity, { clearsPassword: true })

/**
 * A verification proves who holds a phone at this moment: a stolen SIM passes it. So a password that it clears, and a phone that it changes,
 * take the cards and passkeys with them, in one transaction: nothing that was registered before can pay afterwards.
 */
function verifyAgain(
  { storage, keyRing }: Needed,
  memberId: string,
  identity: MemberIdentity,
  { clearsPassword }: { readonly clearsPassword: boolean },
): Promise<ReverifyResult> {
  return storage.transact(async (transaction) => {
    const known = await lockMember({ transaction, keyRing }, memberId)
    if (known === undefined || !isSamePerson(known.identity, identity)) return { ok: false, reason: 'identity_differs' }

    const formerPhone = known.identity?.phone ?? identity.phone
    const changesPhone = formerPhone !== identity.phone
    const identityVersion = await replaceIdentity({ transaction, keyRing }, memberId, identity)
    if (!clearsPassword && !changesPhone) return { ok: true, identityVersion }
    await removeMeansOfPayment(transaction, memberId)
    if (clearsPassword) await clearPassword(transaction, memberId)
    const kind = clearsPassword ? 'password_reset' : 'phone_changed'
    return { ok: true, identityVersion, message: { phone: formerPhone, kind } }
  })
}
