import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { randomHex } from '../runtime.ts'
import { challengeLifeMs, originsOf, type PasskeyAnswer, type PasskeyUse, relyingPartyOf } from './model.ts'
import { type AskedChallenge, type ChallengeKey, claimChallenge, findChallenge, insertChallenge } from './store.ts'

export interface Challenge {
  readonly challengeId: string
  /** Base64url. */
  readonly challenge: string
  readonly relyingParty: string
  readonly origins: string[]
}

export interface PasskeyOffer {
  readonly use: PasskeyUse
  /** Host of the request, with its port. */
  readonly host: string
  /** The challenge that the page already shows, so that a reload shows the same. */
  readonly knownId?: string | undefined
}

export interface PasskeyOptions<Options> {
  readonly challengeId: string
  /** For `navigator.credentials`, with base64url in place of bytes. */
  readonly options: Options
}

/** Undefined where the host has no name that a passkey could belong to. */
export async function askChallenge(
  { runtime, storage }: Context,
  purpose: ChallengeKey['purpose'],
  { use, host, knownId }: PasskeyOffer,
): Promise<Challenge | undefined> {
  if (relyingPartyOf(host) === undefined) return undefined
  const now = runtime.now().getTime()
  if (knownId !== undefined) {
    const key = { challengeId: knownId, purpose, use }
    const known = await findChallenge(storage, key, now)
    if (known?.host === host) return challengeOf(key, known)
  }
  const key = { challengeId: randomHex(runtime, 16), purpose, use }
  const asked = { host, random: randomHex(runtime, 32) }
  const row = { ...key, ...asked, expiresAt: now + challengeLifeMs }
  await storage.transact((transaction) => insertChallenge(transaction, row, now))
  return challengeOf(key, asked)
}

type ReadAnswer<Response> =
  | { readonly ok: true; readonly challenge: Challenge; readonly response: Response }
  | { readonly ok: false; readonly reason: 'challenge_unusable' | 'credential_rejected' }

/**
 * The challenge with the browser's answer, not verified yet. Single use, whatever the outcome; a challenge of another
 * window or payment is unusable.
 */
export async function readAnswer<Response extends { readonly id: string }>(
  { runtime, storage }: Context,
  purpose: ChallengeKey['purpose'],
  { challengeId, use, credentialText }: PasskeyAnswer,
): Promise<ReadAnswer<Response>> {
  const key = { challengeId, purpose, use }
  const now = runtime.now().getTime()
  const asked = await storage.transact((transaction) => claimChallenge(transaction, key, now))
  const challenge = asked && challengeOf(key, asked)
  if (challenge === undefined) return { ok: false, reason: 'challenge_unusable' }
  const response = readObject(credentialText)
  if (typeof response?.id !== 'string') return { ok: false, reason: 'credential_rejected' }
  return { ok: true, challenge, response: response as unknown as Response }
}

/** Binds the signature to the payment: another order or amount has another challenge. */
function challengeOf(
  { challengeId, purpose, use }: ChallengeKey,
  { host, random }: AskedChallenge,
): Challenge | undefined {
  const relyingParty = relyingPartyOf(host)
  if (relyingParty === undefined) return undefined
  const { transactionId, orderId, amount } = use
  const signed = JSON.stringify([random, purpose, transactionId, orderId, amount])
  const challenge = createHash('sha256').update(signed).digest('base64url')
  return { challengeId, challenge, relyingParty, origins: originsOf(host) }
}

/** Expectations of both ceremonies. */
export const expectedOf = ({ challenge, relyingParty, origins }: Challenge) => ({
  expectedChallenge: challenge,
  expectedOrigin: origins,
  expectedRPID: relyingParty,
  requireUserVerification: true,
})

/**
 * Whether the asking page was where the window may be: at the top, or in a frame of the shop that opened it. Browsers
 * that send no `topOrigin` say only that there is a frame.
 */
export function isWellPlaced(clientDataText: string, framedBy: string | undefined): boolean {
  const clientData = readObject(Buffer.from(clientDataText, 'base64url').toString('utf8'))
  if (clientData === undefined) return false
  const { crossOrigin, topOrigin } = clientData
  if (crossOrigin !== true) return topOrigin === undefined
  return framedBy !== undefined && (topOrigin === undefined || topOrigin === framedBy)
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
