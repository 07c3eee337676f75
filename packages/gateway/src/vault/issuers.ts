import { cardCompanies } from '@sspay/protocol'
import type { CardKind } from './model.ts'

/** The issuer of a card, by its first digits. */
export interface Issuer {
  readonly issuerCode: string
  readonly cardKind: CardKind
}

/** Inclusive range of the leading digits, both ends of the same length. */
export interface IssuerRange extends Issuer {
  readonly from: string
  readonly to: string
}

const creditCard = (from: string, to: string, issuerCode: string): IssuerRange => ({
  from,
  to,
  issuerCode,
  cardKind: 'credit',
})
const check = (from: string, to: string, issuerCode: string): IssuerRange => ({
  from,
  to,
  issuerCode,
  cardKind: 'check',
})

/** Foreign brands, by the codes for "issued abroad". */
const brandRanges: readonly IssuerRange[] = [
  creditCard('4', '4', '25'),
  creditCard('51', '55', '26'),
  creditCard('2221', '2720', '26'),
  creditCard('300', '305', '27'),
  creditCard('36', '36', '27'),
  creditCard('38', '39', '27'),
  creditCard('34', '34', '28'),
  creditCard('37', '37', '28'),
  creditCard('3528', '3589', '29'),
  creditCard('62', '62', '35'),
  creditCard('6011', '6011', '36'),
  creditCard('644', '659', '36'),
]

const isBrand = new Set(brandRanges.map(({ issuerCode }) => issuerCode))

/** Issued abroad: no bill key for such a card. */
export const isForeignIssuer = (issuerCode: string): boolean => isBrand.has(issuerCode)

/**
 * Domestic cards start with 94. Their ranges are not public: here the next two digits are the issuer code of the card
 * companies table, and then 0 to 4 is a credit card, 5 to 9 a check card. Companies that issue check cards only (…체크)
 * have the whole range.
 */
const koreanRanges: readonly IssuerRange[] = cardCompanies
  .filter(({ code }) => !isBrand.has(code))
  .flatMap(({ code, name }) =>
    name.endsWith('체크')
      ? [check(`94${code}0`, `94${code}9`, code)]
      : [creditCard(`94${code}0`, `94${code}4`, code), check(`94${code}5`, `94${code}9`, code)],
  )

export const issuerRanges: readonly IssuerRange[] = [...koreanRanges, ...brandRanges]

/** Undefined when no card company of the table owns the leading digits. */
export function findIssuer(cardNumber: string): Issuer | undefined {
  const range = issuerRanges.find(({ from, to }) => {
    const leading = cardNumber.slice(0, from.length)
    return leading.length === from.length && leading >= from && leading <= to
  })
  return range === undefined ? undefined : { issuerCode: range.issuerCode, cardKind: range.cardKind }
}
