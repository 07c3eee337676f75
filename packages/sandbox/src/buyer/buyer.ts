import type { Runtime } from '@sspay/gateway'
import { randomBelow, randomHex } from '@sspay/gateway/internal'
import { findTestCard, testCards } from '../card-network/scenarios.ts'

/** The input of a generated buyer. */
export interface Buyer {
  readonly customerId: string
  readonly name: string
  /** Digits only. */
  readonly phone: string
  readonly email: string
  /** yyMMdd. */
  readonly birthDate: string
  readonly genderDigit: string
  readonly carrier: string
  readonly password: string
  readonly cardNumber: string
  /** The first two digits of the card password. */
  readonly cardPassword: string
  /** Empty unless the card is a corporate card. */
  readonly businessNumber: string
  /** Pay with exactly this card, adding it if it is not registered. */
  readonly insistsOnCard: boolean
  /** Two digits. */
  readonly expiryMonth: string
  /** Four digits. */
  readonly expiryYear: string
  /** 0 is a lump sum. */
  readonly installmentMonths: number
}

/** Shares no digits with the generated birth date and phone number, which the window would reject. */
export const buyerPassword = '274951'

const fourDigits = (runtime: Runtime, first: string): string =>
  `${first}${String(randomBelow(runtime, 1000)).padStart(3, '0')}`

/** A new person with a random phone number. */
export function newBuyer(
  runtime: Runtime,
  given: {
    readonly customerId?: string | undefined
    readonly cardNumber?: string | undefined
    readonly installmentMonths: number
  },
): Buyer {
  const cardNumber = given.cardNumber ?? testCards[0].cardNumber
  const { registration } = findTestCard(cardNumber) ?? {}
  const owner = typeof registration === 'object' && 'owner' in registration ? registration.owner : ''
  const businessNumber = owner.length === 10 ? owner : ''
  return {
    customerId: given.customerId ?? `pay${randomHex(runtime, 6)}`,
    name: '홍길동',
    phone: `010${fourDigits(runtime, '9')}${fourDigits(runtime, '1')}`,
    email: 'buyer@shop.example',
    birthDate: '900815',
    genderDigit: '1',
    carrier: 'SKT',
    password: buyerPassword,
    cardNumber,
    businessNumber,
    cardPassword: '12',
    insistsOnCard: given.cardNumber !== undefined,
    expiryMonth: '12',
    expiryYear: String(runtime.now().getFullYear() + 3),
    installmentMonths: given.installmentMonths,
  }
}
