import type { Runtime } from '@sspay/gateway'
import { randomBelow, randomHex } from '@sspay/gateway/tools'
import { findTestCard, testCards } from '../card-network/scenarios.ts'

/** Shares no digits with the generated birth date and phone number, which the window would reject. */
export const buyerPassword = '274951'

const fourDigits = (runtime: Runtime, first: string): string =>
  `${first}${String(randomBelow(runtime, 1000)).padStart(3, '0')}`

interface GivenBuyer {
  readonly customerId?: string | undefined
  readonly cardNumber?: string | undefined
  /** 0 is a lump sum. */
  readonly installmentMonths: number
}

/** The input of a generated buyer. */
export type Buyer = ReturnType<typeof newBuyer>

/** A new person with a random phone number. */
export function newBuyer(runtime: Runtime, { customerId, cardNumber: givenCard, installmentMonths }: GivenBuyer) {
  const cardNumber = givenCard ?? testCards[0].cardNumber
  const { registration } = findTestCard(cardNumber) ?? {}
  const owner = typeof registration === 'object' && 'owner' in registration ? registration.owner : ''
  return {
    customerId: customerId ?? `pay${randomHex(runtime, 6)}`,
    name: '홍길동',
    phone: `010${fourDigits(runtime, '9')}${fourDigits(runtime, '1')}`,
    email: 'buyer@shop.example',
    birthDate: '900815',
    genderDigit: '1',
    carrier: 'SKT',
    password: buyerPassword,
    cardNumber,
    /** Empty unless the card is a corporate card. */
    businessNumber: owner.length === 10 ? owner : '',
    /** The first two digits of the card password. */
    cardPassword: '12',
    /** Pay with exactly this card, adding it if it is not registered. */
    insistsOnCard: givenCard !== undefined,
    expiryMonth: '12',
    expiryYear: String(runtime.now().getFullYear() + 3),
    installmentMonths,
  }
}
