import type { Member } from '../members/model.ts'
import type { FactsChange, WindowFacts, WindowSession } from './model.ts'

/*
 * What a window has seen of the member, and until when it counts.
 *
 * Problem: a window lives for half an hour. Who knows the password, or holds the phone, for a moment can enter it in a window
 * and wait: the member resets the password and registers the cards again, and the window that is still open pays with them.
 *
 * Technique: each identity verification of the member is a version, and a proof counts as long as its version lasts. No
 * password is changed without such a verification.
 *
 * Trade-off: a member who verifies in one window proves it again in the others; so does every member whose identity is
 * re-encrypted while the root key is replaced.
 */

type Proofs = Pick<WindowFacts, 'verifiedMemberId' | 'provenMemberId' | 'enteredMemberId' | 'confirmedMemberId'>

const none: Required<{ [Name in keyof Proofs]: undefined }> = {
  verifiedMemberId: undefined,
  provenMemberId: undefined,
  enteredMemberId: undefined,
  confirmedMemberId: undefined,
}

/** The facts of a window as the member of this moment lets them count. */
export const withoutStaleProofs = (facts: WindowFacts, { identityVersion }: Member): WindowFacts =>
  facts.identityVersion === identityVersion ? facts : { ...facts, ...none }

/** Dates a change that proves something by the version that it was found out with; stale proofs do not come back to life with it. */
export function datedProofs({ member, facts }: WindowSession, change: FactsChange): FactsChange {
  const isProof = Object.keys(none).some((name) => change[name as keyof Proofs] !== undefined)
  if (!isProof) return change
  const { verifiedMemberId, provenMemberId, enteredMemberId, confirmedMemberId } = facts
  return {
    verifiedMemberId,
    provenMemberId,
    enteredMemberId,
    confirmedMemberId,
    identityVersion: member?.identityVersion,
    ...change,
  }
}
