import type {
  AuthenticationResponseJSON,
  AuthenticatorTransport,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import type { Context } from '../context.ts'
import {
  askChallenge,
  type Challenge,
  expectedOf,
  isWellPlaced,
  type PasskeyOffer,
  type PasskeyOptions,
  readCredential,
  takeChallenge,
} from './challenge.ts'
import { challengeLifeMs, type KnownPasskey, type PasskeyAnswer, relyingPartyOf } from './model.ts'
import { passkeysOf, recordUse } from './store.ts'

/** WebAuthn authentication ceremony. Undefined when the member has no passkey for this host. */
export async function createAuthentication(
  context: Pick<Context, 'runtime' | 'storage' | 'keyRing'>,
  offer: PasskeyOffer,
): Promise<PasskeyOptions<PublicKeyCredentialRequestOptionsJSON> | undefined> {
  const relyingParty = relyingPartyOf(offer.host)
  const known = relyingParty === undefined ? [] : await passkeysOf(context, offer.use.memberId, relyingParty)
  const asked = known.length === 0 ? undefined : await askChallenge(context, 'authorise', offer)
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

export type FinishedAuthentication =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly reason: 'challenge_unusable' | 'passkey_unknown' | 'credential_rejected' | 'counter_regressed'
    }

/** Whether the member's own device has just signed this payment, with user verification. */
export async function finishAuthentication(
  context: Pick<Context, 'runtime' | 'storage' | 'keyRing'>,
  { challengeId, use, credentialText, framedBy }: PasskeyAnswer,
): Promise<FinishedAuthentication> {
  const challenge = await takeChallenge(context, { challengeId, purpose: 'authorise', use })
  if (challenge === undefined) return { ok: false, reason: 'challenge_unusable' }

  const response = readCredential<AuthenticationResponseJSON>(credentialText)
  if (response === undefined) return { ok: false, reason: 'credential_rejected' }
  const { memberId } = use
  const known = await passkeysOf(context, memberId, challenge.relyingParty)
  const passkey = known.find(({ credential }) => credential.credentialId === response.id)
  if (passkey === undefined) return { ok: false, reason: 'passkey_unknown' }

  const signCount = await verify(challenge, passkey, response, framedBy)
  if (signCount === undefined) return { ok: false, reason: 'credential_rejected' }
  const { passkeyId } = passkey
  const isGrown = await recordUse(context, { passkeyId, memberId, signCount })
  return isGrown ? { ok: true } : { ok: false, reason: 'counter_regressed' }
}

/** The signature counter of the device; undefined when anything differs from what was asked. */
async function verify(
  challenge: Challenge,
  { credential }: KnownPasskey,
  response: AuthenticationResponseJSON,
  framedBy: string | undefined,
): Promise<number | undefined> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  try {
    const verified = await verifyAuthenticationResponse({
      response,
      ...expectedOf(challenge),
      ...(framedBy === undefined ? {} : { expectedTopOrigin: framedBy }),
      credential: {
        id: credential.credentialId,
        publicKey: new Uint8Array(Buffer.from(credential.publicKey, 'base64url')),
        // The store compares and sets the counter in one statement, for concurrent uses too.
        counter: 0,
      },
    })
    const isAccepted = verified.verified && isWellPlaced(response.response.clientDataJSON, framedBy)
    return isAccepted ? verified.authenticationInfo.newCounter : undefined
  } catch {
    return undefined
  }
}
