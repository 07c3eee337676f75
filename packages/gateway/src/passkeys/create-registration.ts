import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server'
import type { Context } from '../context.ts'
import { askChallenge } from './challenge.ts'
import { challengeLifeMs, type PasskeyUse } from './model.ts'
import { passkeysOf } from './store.ts'

/** ES256, EdDSA, RS256: what phones, security keys and Windows make. */
export const signatureAlgorithms = [-7, -8, -257]

export interface PasskeyOptions<Options> {
  readonly challengeId: string
  /** For `navigator.credentials`, with base64url where it wants bytes. */
  readonly options: Options
}

interface Registration {
  readonly use: PasskeyUse
  /** Of the request, with its port. */
  readonly host: string
  /** What the device writes under the passkey. */
  readonly userName: string
  readonly displayName: string
  readonly knownId?: string | undefined
}

/** Undefined where the host has no name that a passkey could belong to. */
export async function createRegistration(
  context: Pick<Context, 'runtime' | 'storage' | 'keyRing'>,
  { use, host, userName, displayName, knownId }: Registration,
): Promise<PasskeyOptions<PublicKeyCredentialCreationOptionsJSON> | undefined> {
  const asked = await askChallenge(context, { purpose: 'register', use, host, knownId })
  if (asked === undefined) return undefined
  const { challengeId, challenge, relyingParty } = asked
  const known = await passkeysOf(context, use.memberId, relyingParty)
  // One per member, whatever root key there is now, so that a device replaces instead of collecting; our own id of the member stays here.
  const userId = context.keyRing.fingerprints(use.memberId, 'passkey-user').at(-1) ?? ''
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
