import type { Context } from '../context.ts'
import { isTrustedHost } from '../http/public-host.ts'
import { createAuthentication } from '../passkeys/authentication.ts'
import type { PasskeyOffer, PasskeyOptions } from '../passkeys/challenge.ts'
import { type AuthenticationPurpose, type Passkey, type PasskeyUse, relyingPartyOf } from '../passkeys/model.ts'
import { createRegistration } from '../passkeys/registration.ts'
import { passkeysOf } from '../passkeys/store.ts'
import type { WindowSession } from './model.ts'
import { updateState } from './session.ts'

/** Undefined before there is a member. */
export function passkeyUseOf({ member, sessionHash, payment }: WindowSession): PasskeyUse | undefined {
  if (member === undefined) return undefined
  const { transactionId, amount } = payment
  return { memberId: member.memberId, sessionHash, transactionId, orderId: payment.request.orderId, amount }
}

/** Host with its port; undefined for a host name that only the client claims, and for a bare address. */
function hostOf({ settings }: Pick<Context, 'settings'>, request: Request): string | undefined {
  const { host, hostname } = new URL(request.url)
  return isTrustedHost(settings, hostname) && relyingPartyOf(host) !== undefined ? host : undefined
}

export const canHavePasskeys = (context: Pick<Context, 'settings'>, request: Request): boolean =>
  hostOf(context, request) !== undefined

type Offered = Promise<PasskeyOptions<object> | undefined>

/** Of this window's signatures: one that was made to register a card can pay nothing. */
export const purposeOf = ({ state }: Pick<WindowSession, 'state'>): AuthenticationPurpose =>
  state.registration === undefined ? 'authorise' : 'bill_key'

/** In place of the password. Undefined when the member has no passkey for this gateway. */
export const offerAuthentication = (context: Context, request: Request, session: WindowSession): Offered =>
  offer(context, request, session, (asked) => createAuthentication(context, asked, purposeOf(session)))

export function offerRegistration(context: Context, request: Request, session: WindowSession): Offered {
  const { customerId = '' } = session.payment.request
  const names = { userName: customerId, displayName: `${session.merchant.name} · ${customerId}` }
  return offer(context, request, session, (asked) => createRegistration(context, { ...asked, ...names }))
}

export async function knownPasskeys(
  context: Context,
  request: Request,
  { member }: WindowSession,
): Promise<readonly Passkey[]> {
  const relyingParty = relyingPartyOf(hostOf(context, request) ?? '')
  return member && relyingParty ? passkeysOf(context, member.memberId, relyingParty) : []
}

/** A reload shows the same challenge as long as it can be answered. */
async function offer(
  context: Context,
  request: Request,
  session: WindowSession,
  create: (asked: PasskeyOffer) => Offered,
): Offered {
  const use = passkeyUseOf(session)
  const host = hostOf(context, request)
  if (use === undefined || host === undefined) return undefined
  const knownId = session.state.passkeyChallengeId
  const made = await create({ use, host, knownId })
  if (made !== undefined && made.challengeId !== knownId)
    await updateState(context, session.sessionHash, { passkeyChallengeId: made.challengeId })
  return made
}
