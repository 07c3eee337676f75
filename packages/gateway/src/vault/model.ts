/** A member's card as anyone may see it. */
export interface Card {
  readonly cardId: string
  readonly memberId: string
  readonly issuerCode: string
  /** In Korean, as the guide's code page writes it. */
  readonly issuerName: string
  /** `411111******1111`: digits 7 to 12 masked, at most sixteen characters. */
  readonly maskedCardNumber: string
  readonly lastFour: string
  readonly isDefault: boolean
  readonly cardKind: CardKind
  readonly expired: boolean
}

export type CardKind = 'credit' | 'check'

export interface CardExpiry {
  /** 1 to 12. */
  readonly expiryMonth: number
  /** Four digits. */
  readonly expiryYear: number
}

/** The card number in clear: exists only while `useCard` runs. */
export interface ClearCard extends CardExpiry {
  readonly cardNumber: string
}

/** Thirteen to nineteen digits with a correct check digit (ISO/IEC 7812). */
export function isCardNumber(digits: string): boolean {
  if (!/^[0-9]{13,19}$/.test(digits)) return false
  let sum = 0
  for (const [index, digit] of [...digits].reverse().entries()) {
    const value = index % 2 === 0 ? Number(digit) : Number(digit) * 2
    sum += value > 9 ? value - 9 : value
  }
  return sum % 10 === 0
}

/**
 * First six digits, six stars for digits 7 to 12, and what follows. The wire has room for sixteen characters (guide), so of a longer
 * number only the last four digits follow.
 */
export const maskCardNumber = (digits: string): string =>
  `${digits.slice(0, 6)}******${digits.length > 16 ? digits.slice(-4) : digits.slice(12)}`

/** A card is good until the end of its month, Korean time. */
export function isExpired({ expiryMonth, expiryYear }: CardExpiry, now: Date): boolean {
  const monthAfter = Date.UTC(expiryYear, expiryMonth, 1) - 9 * 60 * 60 * 1000
  return now.getTime() >= monthAfter
}

/** Two-digit years belong to this century; undefined for what is no month, or a year no card carries. */
export function readExpiry(expiryMonth: number, expiryYear: number): CardExpiry | undefined {
  const year = expiryYear < 100 ? 2000 + expiryYear : expiryYear
  const isMonth = Number.isInteger(expiryMonth) && expiryMonth >= 1 && expiryMonth <= 12
  const isYear = Number.isInteger(year) && year >= 2000 && year <= 2099
  return isMonth && isYear ? { expiryMonth, expiryYear: year } : undefined
}
