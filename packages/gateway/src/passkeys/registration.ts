import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Context } from '../context.ts'
import { randomHex } from '../runtime.ts'
import {
  askChallenge,
  expectedOf,
  isWellPlaced,
  type PasskeyOffer,
  type PasskeyOptions,
  readAnswer,
} from './challenge.ts'
import { challengeLifeMs, type Finished, type PasskeyAnswer } from './model.ts'
import { insertPasskey, passkeysOf } from './store.ts'

/** ES256, EdDSA, RS256: what phones, security keys and Windows create. */
const signatureAlgorithms = [-7, -8, -257]

interface RegistrationOffer extends PasskeyOffer {
  /** Shown by the device beside the passkey. */
  readonly userName: string
  readonly displayName: string
}

/** WebAuthn registration ceremony. Undefined where the host has no name that a passkey could belong to. */
export async function createRegistration(
  context: Context,
  { userName, displayName, ...offer }: RegistrationOffer,
): Promise<PasskeyOptions<PublicKeyCredentialCreationOptionsJSON> | undefined> {
  const asked = await askChallenge(context, 'register', offer)
  if (asked === undefined) return undefined
  const { challengeId, challenge, relyingParty } = asked
  const { memberId } = offer.use
  const known = await passkeysOf(context, memberId, relyingParty)
  // One per member under any root key, so that a device replaces its passkey; a fingerprint, so that our id stays here.
  const userId = context.keyRing.fingerprints(memberId, 'passkey-user').at(-1) ?? ''
  const options: PublicKeyCredentialCreationOptionsJSON = {
    challenge,
    rp: { id: relyingParty, name: 'SS-Pay' },
    user: { id: Buffer.from(userId, 'hex').toString('base64url'), name: userName, displayName },
    pubKeyCredParams: signatureAlgorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout: challengeLifeMs,
    attestation: 'none',
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    excludeCredentials: known.map(({ credential }) => ({ type: 'public-key', id: credential.credentialId })),
  }
  return { challengeId, options }
}

export type RegistrationRejection = 'challenge_unusable' | 'credential_rejected' | 'already_registered' | 'too_many'

/** Verifies and stores the passkey that the device created for this challenge. */
export async function finishRegistration(
  context: Context,
  answer: PasskeyAnswer,
): Promise<Finished<RegistrationRejection>> {
  const read = await readAnswer<RegistrationResponseJSON>(context, 'register', answer)
  if (!read.ok) return read
  const { challenge, response } = read
  // Loaded on first use: it brings a certificate library along. It throws for every malformed answer of a browser.
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  const verified = await verifyRegistrationResponse({
    response,
    ...expectedOf(challenge),
    supportedAlgorithmIDs: signatureAlgorithms,
  }).catch(() => undefined)
  if (!verified?.verified || !isWellPlaced(response.response.clientDataJSON, answer.framedBy))
    return { ok: false, reason: 'credential_rejected' }
  const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential
  const inserted = await insertPasskey(context, {
    passkeyId: randomHex(context.runtime, 16),
    memberId: answer.use.memberId,
    relyingParty: challenge.relyingParty,
    credential: { credentialId: id, publicKey: Buffer.from(publicKey).toString('base64url'), transports },
    signCount: counter,
  })
  return inserted === 'inserted' ? { ok: true } : { ok: false, reason: inserted }
}
