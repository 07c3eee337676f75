import { findCardCompany } from '@sspay/protocol'
import { passesLuhn } from '@sspay/protocol/internal'

/** A member's card without secrets. */
export interface Card {
  readonly cardId: string
  readonly memberId: string
  readonly issuerCode: string
  /** Of {@link issuerNameOf}. */
  readonly issuerName: string
  /** `411111******1111`: digits 7 to 12 masked, at most sixteen characters. */
  readonly maskedCardNumber: string
  readonly lastFour: string
  readonly isDefault: boolean
  readonly cardKind: CardKind
  readonly expired: boolean
  /** What the member calls it; undefined until they do. */
  readonly name?: string | undefined
}

/** As answers to the shop show a card. */
export type ShownCard = Pick<Card, 'maskedCardNumber' | 'issuerCode' | 'cardKind'>

/** In Korean, as the guide's code page writes it; the code itself when the page lacks it. */
export const issuerNameOf = (issuerCode: string): string => findCardCompany(issuerCode)?.name ?? issuerCode

/** The most cards of one member. */
export const mostCards = 10

/** In characters. */
export const longestCardName = 20
/** A name is displayed: seven or more digits could be a card or phone number. */
const mostDigitsOfName = 6

export type ReadCardName =
  | { readonly ok: true; readonly name: string | undefined }
  | { readonly ok: false; readonly reason: 'too_long' | 'holds_number' | 'unreadable' }

/** Normalizes blanks. At most twenty characters, all of them visible; empty removes the name. */
export function readCardName(text: string): ReadCardName {
  const name = text.normalize('NFC').replace(/\s+/gu, ' ').trim()
  if (name === '') return { ok: true, name: undefined }
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(name)) return { ok: false, reason: 'unreadable' }
  if ([...name].length > longestCardName) return { ok: false, reason: 'too_long' }
  if ((name.normalize('NFKC').match(/\p{Nd}/gu)?.length ?? 0) > mostDigitsOfName)
    return { ok: false, reason: 'holds_number' }
  return { ok: true, name }
}

export type CardKind = 'credit' | 'check'

export interface CardExpiry {
  /** 1 to 12. */
  readonly expiryMonth: number
  /** Four digits. */
  readonly expiryYear: number
}

/** A plaintext card number: exists only while `FoundCard.use` runs. */
export interface ClearCard extends CardExpiry {
  readonly cardNumber: string
}

/** Thirteen to nineteen digits with a correct check digit. */
export const isCardNumber = (digits: string): boolean => /^[0-9]{13,19}$/.test(digits) && passesLuhn(digits)

/** Masks digits 7 to 12. At most sixteen characters (guide): of a longer number the last four digits are shown. */
export const maskCardNumber = (digits: string): string =>
  `${digits.slice(0, 6)}******${digits.length > 16 ? digits.slice(-4) : digits.slice(12)}`

/** A card is valid until the end of its month, Korean time. */
export function isExpired({ expiryMonth, expiryYear }: CardExpiry, now: Date): boolean {
  const monthAfter = Date.UTC(expiryYear, expiryMonth, 1) - 9 * 60 * 60 * 1000
  return now.getTime() >= monthAfter
}

/** Two-digit years belong to this century; undefined for an invalid month or year. */
export function readExpiry(expiryMonth: number, expiryYear: number): CardExpiry | undefined {
  const year = expiryYear < 100 ? 2000 + expiryYear : expiryYear
  const isMonth = Number.isInteger(expiryMonth) && expiryMonth >= 1 && expiryMonth <= 12
  const isYear = Number.isInteger(year) && year >= 2000 && year <= 2099
  return isMonth && isYear ? { expiryMonth, expiryYear: year } : undefined
}
