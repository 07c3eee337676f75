import type {
  AuthenticationResponseJSON,
  AuthenticatorTransport,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import type { Context } from '../context.ts'
import {
  askChallenge,
  expectedOf,
  isWellPlaced,
  type PasskeyOffer,
  type PasskeyOptions,
  readAnswer,
} from './challenge.ts'
import {
  type AuthenticationPurpose,
  challengeLifeMs,
  type Finished,
  type PasskeyAnswer,
  relyingPartyOf,
} from './model.ts'
import { passkeysOf, recordUse } from './store.ts'

/** WebAuthn authentication ceremony. Undefined when the member has no passkey for this host. */
export async function createAuthentication(
  context: Context,
  offer: PasskeyOffer,
  purpose: AuthenticationPurpose,
): Promise<PasskeyOptions<PublicKeyCredentialRequestOptionsJSON> | undefined> {
  const relyingParty = relyingPartyOf(offer.host)
  const known = relyingParty === undefined ? [] : await passkeysOf(context, offer.use.memberId, relyingParty)
  const asked = known.length === 0 ? undefined : await askChallenge(context, purpose, offer)
  if (asked === undefined) return undefined
  const options: PublicKeyCredentialRequestOptionsJSON = {
    challenge: asked.challenge,
    rpId: asked.relyingParty,
    timeout: challengeLifeMs,
    userVerification: 'required',
    allowCredentials: known.map(({ credential }) => ({
      type: 'public-key',
      id: credential.credentialId,
      transports: credential.transports as AuthenticatorTransport[],
    })),
  }
  return { challengeId: asked.challengeId, options }
}

export type AuthenticationRejection =
  | 'challenge_unusable'
  | 'passkey_unknown'
  | 'credential_rejected'
  | 'counter_regressed'

/** Whether the member's own device has just signed this payment or registration, with user verification. */
export async function finishAuthentication(
  context: Context,
  answer: PasskeyAnswer,
  purpose: AuthenticationPurpose,
): Promise<Finished<AuthenticationRejection>> {
  const read = await readAnswer<AuthenticationResponseJSON>(context, purpose, answer)
  if (!read.ok) return read
  const { challenge, response } = read
  const { use, framedBy } = answer
  const known = await passkeysOf(context, use.memberId, challenge.relyingParty)
  const passkey = known.find(({ credential }) => credential.credentialId === response.id)
  if (passkey === undefined) return { ok: false, reason: 'passkey_unknown' }

  const publicKey = new Uint8Array(Buffer.from(passkey.credential.publicKey, 'base64url'))
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  const verified = await verifyAuthenticationResponse({
    response,
    ...expectedOf(challenge),
    ...(framedBy === undefined ? {} : { expectedTopOrigin: framedBy }),
    // Counter 0: the store compares and sets it in one statement, for concurrent uses too.
    credential: { id: response.id, publicKey, counter: 0 },
  }).catch(() => undefined)
  if (!verified?.verified || !isWellPlaced(response.response.clientDataJSON, framedBy))
    return { ok: false, reason: 'credential_rejected' }
  const signCount = verified.authenticationInfo.newCounter
  const isGrown = await recordUse(context, { ...passkey, signCount })
  return isGrown ? { ok: true } : { ok: false, reason: 'counter_regressed' }
}
