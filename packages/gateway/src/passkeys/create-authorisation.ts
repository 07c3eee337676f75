import type { AuthenticatorTransport, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server'
import type { Context } from '../context.ts'
import { askChallenge } from './challenge.ts'
import type { PasskeyOptions } from './create-registration.ts'
import { challengeLifeMs, type PasskeyUse, relyingPartyOf } from './model.ts'
import { passkeysOf } from './store.ts'

interface Authorisation {
  readonly use: PasskeyUse
  /** Of the request, with its port. */
  readonly host: string
  readonly knownId?: string | undefined
}

/** Undefined when the member has no passkey for this host. */
export async function createAuthorisation(
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
