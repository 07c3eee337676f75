import type {
  AuthenticationResponseJSON,
  AuthenticatorTransport,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import type { Context } from '../context.ts'
import { askChallenge, type Challenge, isWellPlaced, readCredential, takeChallenge } from './challenge.ts'
import { challengeLifeMs, type KnownPasskey, type PasskeyAnswer, type PasskeyUse, relyingPartyOf } from './model.ts'
import type { PasskeyOptions } from './registration.ts'
import { passkeysOf, recordUse } from './store.ts'

interface Authorisation {
  readonly use: PasskeyUse
  /** Of the request, with its port. */
  readonly host: string
  readonly knownId?: string | undefined
}

/** Undefined when the member has no passkey for this host. */
export async function createAuthentication(
  context: Pick<Context, 'runtime' | 'storage' | 'keyRing'>,
  { use, host, knownId }: Authorisation,
): Promise<PasskeyOptions<PublicKeyCredentialRequestOptionsJSON> | undefined> {
  const relyingParty = relyingPartyOf(host)
  const known = relyingParty === undefined ? [] : await passkeysOf(context, use.memberId, relyingParty)
  if (known.length === 0) return undefined
  const asked = await askChallenge(context, { purpose: 'authorise', use, host, knownId })
  if (asked === undefined) return undefined
  const { challengeId, challenge } = asked
  const options: PublicKeyCredentialRequestOptionsJSON = {
    challenge,
    rpId: asked.relyingParty,
    timeout: challengeLifeMs,
    userVerification: 'required',
    allowCredentials: known.map(({ credential }) => ({
      type: 'public-key',
      id: credential.credentialId,
      transports: credential.transports as AuthenticatorTransport[],
    })),
  }
  return { challengeId, options }
}

export type FinishedAuthentication =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly reason: 'challenge_unusable' | 'passkey_unknown' | 'credential_rejected' | 'counter_regressed'
    }

/** Whether the member's own device has just signed this payment, with its owner verified. */
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

/** The count that the device signed; undefined when anything is not as it was asked. */
async function verify(
  { challenge, relyingParty, origins }: Challenge,
  { credential }: KnownPasskey,
  response: AuthenticationResponseJSON,
  framedBy: string | undefined,
): Promise<number | undefined> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  try {
    const verified = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origins,
      expectedRPID: relyingParty,
      requireUserVerification: true,
      ...(framedBy === undefined ? {} : { expectedTopOrigin: framedBy }),
      credential: {
        id: credential.credentialId,
        publicKey: new Uint8Array(Buffer.from(credential.publicKey, 'base64url')),
        // The store compares and moves the count in one statement, also for two that come at once.
        counter: 0,
      },
    })
    const isAccepted = verified.verified && isWellPlaced(response.response.clientDataJSON, framedBy)
    return isAccepted ? verified.authenticationInfo.newCounter : undefined
  } catch {
    return undefined
  }
}
