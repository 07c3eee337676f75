import { saveMerchant } from '../../src/merchants/store.ts'
import { findIssuer } from '../../src/vault/issuers.ts'
import { Buyer, type WindowFixture } from './buyer.ts'
import { generalForm, testMerchant } from './request-form.ts'

/** A merchant that takes general card payments. */
export const offering = { merchantId: 'ssptest05m', takesGeneralPayments: true } as const

/** The window of a general card payment, at its terms. */
export async function openGeneral(at: Pick<WindowFixture, 'app' | 'context'>, change = {}): Promise<Buyer> {
  await saveMerchant(at.context, { ...testMerchant, ...offering })
  const window = new Buyer(at)
  await window.open(generalForm({ ...offering, ...change }))
  return window
}

export async function atIssuers(at: Pick<WindowFixture, 'app' | 'context'>): Promise<Buyer> {
  const window = await openGeneral(at, { requestedAt: at.context.runtime.now() })
  await window.submit('terms', { agreeAll: 'Y' })
  return window
}

/** Where the app of an issuer is open. */
export async function atApp(at: Pick<WindowFixture, 'app' | 'context'>): Promise<Buyer> {
  const window = await atIssuers(at)
  await window.submit('issuer', { issuerCode: '06' })
  await window.submit('start-app')
  return window
}

/** For the table of every step. */
export const appRow = (at: Pick<WindowFixture, 'app' | 'context'>) => ({
  arrive: () => atApp(at),
  heading: '신한카드 앱에서',
  step: 'enter-card',
  answer: () => ({}),
  next: '카드를 입력해',
})

/** Chooses the issuer of a card. */
export const chooseIssuer = (window: Buyer, cardNumber: string, change = {}) =>
  window.submit('issuer', { issuerCode: findIssuer(cardNumber)?.issuerCode ?? '', ...change })
