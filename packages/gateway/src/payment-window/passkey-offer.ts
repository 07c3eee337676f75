import { createAuthorisation } from '../passkeys/create-authorisation.ts'
import { createRegistration } from '../passkeys/create-registration.ts'
import { type Passkey, type PasskeyUse, relyingPartyOf } from '../passkeys/model.ts'
import { passkeysOf } from '../passkeys/store.ts'
import type { WindowContext, WindowSession } from './model.ts'
import { recordFacts } from './session.ts'

/** What the script of a page gives to the browser; made for this window and this payment. */
export interface PasskeyOffer {
  readonly challengeId: string
  readonly options: object
}

/** Undefined before there is a member. */
export function passkeyUseOf({ member, sessionHash, payment }: WindowSession): PasskeyUse | undefined {
  if (member === undefined) return undefined
  const { transactionId, amount } = payment
  return { memberId: member.memberId, sessionHash, transactionId, orderId: payment.request.orderId, amount }
}

const hostOf = (request: Request): string => new URL(request.url).host

export const canHavePasskeys = (request: Request): boolean => relyingPartyOf(hostOf(request)) !== undefined

/** Undefined when the member has no passkey for this gateway. */
export async function offerPayment(
  window: WindowContext,
  request: Request,
  session: WindowSession,
): Promise<PasskeyOffer | undefined> {
  const use = passkeyUseOf(session)
  if (use === undefined) return undefined
  const knownId = session.facts.passkeyChallengeId
  return keep(window, session, await createAuthorisation(window, { use, host: hostOf(request), knownId }))
}

export async function offerRegistration(
  window: WindowContext,
  request: Request,
  session: WindowSession,
): Promise<PasskeyOffer | undefined> {
  const use = passkeyUseOf(session)
  if (use === undefined) return undefined
  const { customerId } = session.payment.request
  const knownId = session.facts.passkeyChallengeId
  const names = { userName: customerId, displayName: `${session.merchant.name} · ${customerId}` }
  return keep(window, session, await createRegistration(window, { use, host: hostOf(request), knownId, ...names }))
}

export async function knownPasskeys(
  window: WindowContext,
  request: Request,
  { member }: WindowSession,
): Promise<readonly Passkey[]> {
  const relyingParty = relyingPartyOf(hostOf(request))
  return member === undefined || relyingParty === undefined ? [] : passkeysOf(window, member.memberId, relyingParty)
}

/** A reload shows the same challenge as long as it can be answered. */
async function keep(
  window: WindowContext,
  { sessionHash, facts }: WindowSession,
  offer: PasskeyOffer | undefined,
): Promise<PasskeyOffer | undefined> {
  const isNew = offer !== undefined && offer.challengeId !== facts.passkeyChallengeId
  if (isNew) await recordFacts(window, sessionHash, { passkeyChallengeId: offer.challengeId })
  return offer
}
