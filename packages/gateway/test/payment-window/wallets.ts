import { findPayment } from '../../src/approval/store.ts'
import { type Buyer, cardFields, returnedFields } from './buyer.ts'
import { fixture, member, password, returning } from './members.ts'

export const shinhan = '9406000000000001'
export const shinhanCheck = '9406500000000000'
export const samsung = '9404000000000003'

export const addCard = (window: Buyer, cardNumber: string, change = {}) =>
  window.submit('card', { cardNumber, ...cardFields, ...change })

/** A returning member on the card list, after the password. */
export async function atCards(customer: { customerId: string }, change = {}): Promise<Buyer> {
  const window = await returning(customer, change)
  await window.submit('manage-cards')
  await window.tapPassword(password)
  return window
}

export async function owner(...cardNumbers: readonly string[]): Promise<{ customerId: string }> {
  const customer = await member()
  const window = await atCards(customer)
  for (const cardNumber of cardNumbers) {
    await window.submit('add-card')
    await addCard(window, cardNumber)
  }
  return customer
}

export const textOf = ({ page }: Buyer): string => page.text.replace(/<(style|script)[\s\S]*?<\/\1>/g, '')
/** For texts that must not be there: a random token may hold any four digits. */
export const withoutTokens = (window: Buyer): string => textOf(window).replace(/\b[0-9a-f]{24,}\b/g, '#')
export const listed = (window: Buyer): readonly string[] =>
  [...textOf(window).matchAll(/\((\d{4})\)<\/span>/g)].map(([, lastFour]) => `${lastFour}`)

/** `[^]` so that the card is found however its row is laid out. */
export function cardIdOf(window: Buyer, lastFour: string): string {
  const row = textOf(window)
    .split(/<li|<label/)
    .find((item) => item.includes(`(${lastFour})`))
  return /name="cardId" value="([0-9a-f]+)"/.exec(row ?? '')?.[1] ?? ''
}

export async function paymentOf(window: Buyer) {
  const { Tid = '' } = returnedFields(window.page.text)
  return findPayment(fixture.context, Tid)
}
