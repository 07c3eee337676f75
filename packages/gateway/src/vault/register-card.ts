import type { Context } from '../context.ts'
import { randomHex } from '../runtime.ts'
import { findIssuer, type Issuer } from './issuers.ts'
import { type ClearCard, isCardNumber, isExpired, readExpiry } from './model.ts'
import { type PutCard, putCard } from './store.ts'

export type ReadCard =
  | { readonly ok: true; readonly clearCard: ClearCard; readonly issuer: Issuer }
  | { readonly ok: false; readonly reason: 'card_number_invalid' | 'card_expired' | 'issuer_unknown' }

/**
 * Validates a card as typed, without its issuer. The number may contain blanks and hyphens, the year may have two
 * digits. A month or year that does not exist counts as expired.
 */
export function readCard(given: ClearCard, now: Date): ReadCard {
  const cardNumber = given.cardNumber.replace(/[\s-]/g, '')
  if (!isCardNumber(cardNumber)) return { ok: false, reason: 'card_number_invalid' }

  const expiry = readExpiry(given.expiryMonth, given.expiryYear)
  if (expiry === undefined || isExpired(expiry, now)) return { ok: false, reason: 'card_expired' }

  const issuer = findIssuer(cardNumber)
  if (issuer === undefined) return { ok: false, reason: 'issuer_unknown' }
  return { ok: true, clearCard: { cardNumber, ...expiry }, issuer }
}

export type RegisterCardResult =
  | ({ readonly ok: true } & PutCard)
  | { readonly ok: false; readonly reason: Extract<ReadCard, { ok: false }>['reason'] | 'wallet_full' }

/**
 * Encrypts and stores a card of a member; the caller has verified its owner with the issuer. A card that is registered
 * again with a new expiry keeps its id and its name.
 */
export async function registerCard(
  context: Context,
  { memberId, ...given }: ClearCard & { readonly memberId: string },
): Promise<RegisterCardResult> {
  const read = readCard(given, context.runtime.now())
  if (!read.ok) return read
  const cardId = randomHex(context.runtime, 16)
  const put = await putCard(context, { cardId, memberId, clearCard: read.clearCard, ...read.issuer })
  return put === undefined ? { ok: false, reason: 'wallet_full' } : { ok: true, ...put }
}
