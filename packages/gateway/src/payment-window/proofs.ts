import type { Member } from '../members/model.ts'
import type { ProofMethod, WindowChange, WindowSession, WindowState } from './model.ts'

/*
 * How long a proof of the member counts in a window.
 *
 * Problem: a window lives for half an hour. An attacker who knows the password, or holds the phone, for a moment can
 * enter it in a window and wait: the member resets the password and registers the cards again, and the open window pays
 * with them.
 *
 * Technique: version each identity verification of the member. A proof is valid as long as its version is the current
 * one, and no password changes without a new verification.
 *
 * Trade-off: a member who verifies in one window proves it again in the others; so does every member whose identity is
 * re-encrypted while the root key is replaced.
 */

const provesPassword: Readonly<Record<ProofMethod, boolean>> = {
  identity: false,
  identity_again: false,
  password: true,
  password_and_identity: true,
  new_password: true,
}

/** The buyer has entered or chosen the password in this window: may pay, and see and change cards. */
export const knowsPassword = ({ state }: Pick<WindowSession, 'state'>): boolean =>
  state.proof !== undefined && provesPassword[state.proof.by]

/** The buyer has verified the identity or chosen the password in this window: may change passkeys with the password. */
export const isConfirmed = ({ state }: Pick<WindowSession, 'state'>): boolean =>
  state.proof !== undefined && state.proof.by !== 'password'

/** The state without a proof of another member, or of a former identity version. */
export const withoutStaleProof = (state: WindowState, member: Member | undefined): WindowState =>
  state.proof?.memberId === member?.memberId && state.proof?.identityVersion === member?.identityVersion
    ? state
    : { ...state, proof: undefined }

/** Records a proof. The password and a repeated verification of the identity add up, in either order. */
export function proveMember(
  session: Pick<WindowSession, 'state'>,
  { memberId, identityVersion }: Pick<Member, 'memberId' | 'identityVersion'>,
  by: ProofMethod,
): WindowChange {
  const addsUp = (by === 'password' && isConfirmed(session)) || (by === 'identity_again' && knowsPassword(session))
  return { proof: { memberId, identityVersion, by: addsUp ? 'password_and_identity' : by } }
}
