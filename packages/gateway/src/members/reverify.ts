import type { Context } from '../context.ts'
import type { PhoneMessage } from '../identity/port.ts'
import { endBillKeysOf } from '../vault/bill-keys/store.ts'
import { removeMeansOfPayment } from './delete-member.ts'
import type { MemberIdentity } from './model.ts'
import { clearPassword, lockIdentity, replaceIdentity } from './store.ts'

export type ReverifyResult =
  /** `message`: for the member's former phone. */
  | { readonly ok: true; readonly identityVersion: string; readonly message?: PhoneMessage }
  | { readonly ok: false; readonly reason: 'identity_differs' }

type Needed = Pick<Context, 'storage' | 'keyRing' | 'runtime'>

/** Step-up: the same person verifies again and keeps the password. */
export const confirmIdentity = (context: Needed, memberId: string, identity: MemberIdentity): Promise<ReverifyResult> =>
  verifyAgain(context, memberId, identity, { clearsPassword: false })

/** Clears lockout and password, so that the same person can set a new one. The only way out of a lockout. */
export const reverify = (context: Needed, memberId: string, identity: MemberIdentity): Promise<ReverifyResult> =>
  verifyAgain(context, memberId, identity, { clearsPassword: true })

/**
 * A verification only proves who holds the phone, which a stolen SIM passes. So clearing the password, and changing the
 * phone, delete cards and passkeys, and end bill keys, in the same transaction.
 */
function verifyAgain(
  { storage, keyRing, runtime }: Needed,
  memberId: string,
  identity: MemberIdentity,
  { clearsPassword }: { readonly clearsPassword: boolean },
): Promise<ReverifyResult> {
  return storage.transact(async (transaction) => {
    const known = await lockIdentity({ transaction, keyRing }, memberId)
    // The CI identifies a person; name, birth date and phone are shared or change.
    if (known?.ci !== identity.ci) return { ok: false, reason: 'identity_differs' }
    const changesPhone = known.phone !== identity.phone
    const identityVersion = await replaceIdentity({ transaction, keyRing }, memberId, identity)
    if (!clearsPassword && !changesPhone) return { ok: true, identityVersion }
    await removeMeansOfPayment(transaction, memberId)
    await endBillKeysOf(transaction, memberId, { state: 'card_removed', at: runtime.now() })
    if (clearsPassword) await clearPassword(transaction, memberId)
    const kind = clearsPassword ? 'password_reset' : 'phone_changed'
    return { ok: true, identityVersion, message: { phone: known.phone, kind } }
  })
}
