import type { RegistrationResponseJSON, VerifiedRegistrationResponse } from '@simplewebauthn/server'
import type { Context } from '../context.ts'
import { randomHex } from '../runtime.ts'
import { isWellPlaced, readCredential } from './browser-answer.ts'
import { type Challenge, takeChallenge } from './challenge.ts'
import { signatureAlgorithms } from './create-registration.ts'
import type { PasskeyAnswer } from './model.ts'
import { insertPasskey } from './store.ts'

export type FinishedRegistration =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly reason: 'challenge_unusable' | 'credential_rejected' | 'already_registered' | 'too_many'
    }

/** Stores the passkey that the device made for this challenge. */
export async function finishRegistration(
  context: Pick<Context, 'runtime' | 'storage' | 'keyRing'>,
  { challengeId, use, credentialText, framedBy }: PasskeyAnswer,
): Promise<FinishedRegistration> {
  const challenge = await takeChallenge(context, { challengeId, purpose: 'register', use })
  if (challenge === undefined) return { ok: false, reason: 'challenge_unusable' }

  const registered = await verify(challenge, credentialText, framedBy)
  if (registered === undefined) return { ok: false, reason: 'credential_rejected' }
  const { id, publicKey, counter, transports = [] } = registered.credential

  const inserted = await insertPasskey(context, {
    passkeyId: randomHex(context.runtime, 16),
    memberId: use.memberId,
    relyingParty: challenge.relyingParty,
    credential: { credentialId: id, publicKey: Buffer.from(publicKey).toString('base64url'), transports },
    signCount: counter,
  })
  return inserted === 'inserted' ? { ok: true } : { ok: false, reason: inserted }
}

type Registered = NonNullable<VerifiedRegistrationResponse['registrationInfo']>

async function verify(
  { challenge, relyingParty, origins }: Challenge,
  credentialText: string,
  framedBy: string | undefined,
): Promise<Registered | undefined> {
  const response = readCredential<RegistrationResponseJSON>(credentialText)
  if (response === undefined) return undefined
  // Loaded when the first passkey comes: it brings a certificate library along.
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  try {
    const verified = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origins,
      expectedRPID: relyingParty,
      requireUserVerification: true,
      supportedAlgorithmIDs: signatureAlgorithms,
    })
    const isAccepted = verified.verified && isWellPlaced(response.response.clientDataJSON, framedBy)
    return isAccepted ? verified.registrationInfo : undefined
  } catch {
    // Whatever is wrong with what a browser sent is thrown, and means no more than no.
    return undefined
  }
}
