import type { Context } from '../context.ts'
import { randomHex } from '../runtime.ts'
import { findIssuer } from './issuers.ts'
import { type Card, isCardNumber, isExpired, readExpiry } from './model.ts'
import { putCard } from './store.ts'

export type RegisterCardResult =
  | {
      readonly ok: true
      readonly card: Card
      /** `renewed`: the member had it, with another expiry. `known`: the member had it just so, and nothing changed. */
      readonly outcome: 'added' | 'renewed' | 'known'
    }
  | {
      readonly ok: false
      readonly reason: 'card_number_invalid' | 'card_expired' | 'issuer_unknown' | 'wallet_full'
    }

/**
 * Seals a card for a member. The number may hold blanks and hyphens; the year may have two digits. A month or year that does
 * not exist counts as expired. A card that came again with a new expiry keeps its place, its name and its id.
 */
export async function registerCard(
  context: Pick<Context, 'storage' | 'keyRing' | 'runtime'>,
  given: { memberId: string; cardNumber: string; expiryMonth: number; expiryYear: number },
): Promise<RegisterCardResult> {
  const cardNumber = given.cardNumber.replace(/[\s-]/g, '')
  if (!isCardNumber(cardNumber)) return { ok: false, reason: 'card_number_invalid' }

  const expiry = readExpiry(given.expiryMonth, given.expiryYear)
  if (expiry === undefined || isExpired(expiry, context.runtime.now())) return { ok: false, reason: 'card_expired' }

  const issuer = findIssuer(cardNumber)
  if (issuer === undefined) return { ok: false, reason: 'issuer_unknown' }

  const cardId = randomHex(context.runtime, 16)
  const put = await putCard(context, {
    cardId,
    memberId: given.memberId,
    clearCard: { cardNumber, ...expiry },
    ...issuer,
  })
  return put === undefined ? { ok: false, reason: 'wallet_full' } : { ok: true, ...put }
}
