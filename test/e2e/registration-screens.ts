import assert from 'node:assert/strict'
import { createBillKeyForm, defineMerchant, type Merchant } from '@sspay/merchant'
import { readNewestCode } from '../../packages/sandbox/src/pay/pay.ts'
import { testMerchantConfig } from '../../packages/sandbox/src/test-merchant.ts'
import {
  aside,
  formOf,
  leave,
  look,
  newOrderId,
  postFromShop,
  reject,
  type ScreenWalk,
  send,
  shopOf,
  tap,
  walkPassword,
} from './screen-walk.ts'

const testShop = ({ sandbox }: Pick<ScreenWalk, 'sandbox'>): Merchant =>
  defineMerchant(testMerchantConfig(sandbox.urls.gateway))

/** A merchant with the members of the test merchant that takes each card once. */
async function addStrictShop({ sandbox }: ScreenWalk): Promise<Merchant> {
  const known = testMerchantConfig(sandbox.urls.gateway)
  const { easyPayMerchantId } = known
  const billKeys = { sameCard: 'reject', otherCard: 'replace', perMember: 'many', identity: 'phone' }
  const answer = await fetch(`${sandbox.urls.console}/sandbox/merchants/records`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ easyPayMerchantId, billKeys }),
  })
  assert.equal(answer.status, 201)
  const { merchant, secrets } = (await answer.json()) as {
    readonly merchant: { readonly merchantId: string }
    readonly secrets: { readonly merchantKey: string }
  }
  return defineMerchant({ ...known, merchantId: merchant.merchantId, merchantKey: secrets.merchantKey })
}

/** Opens the window that issues a bill key, as a page of the shop does. */
export function openRegistration(
  walk: Pick<ScreenWalk, 'sandbox' | 'page' | 'customerId'>,
  merchant: Merchant = testShop(walk),
): Promise<void> {
  const { sandbox, customerId } = walk
  const returnUrl = `${shopOf(sandbox)}/registered`
  const order = { orderId: newOrderId(), customerId, buyerName: '홍길동', returnUrl }
  return postFromShop(walk, createBillKeyForm(merchant, order))
}

async function lookAtFirstCard(walk: ScreenWalk): Promise<void> {
  const { page, sandbox, phone, onScreen } = walk
  await openRegistration(walk)
  await look(walk, 'terms', 'registration-terms')
  await page.locator('.term summary').first().click()
  await look(walk, 'terms', 'registration-terms-read')
  for (const box of await page.locator('input[name="agree"]').all()) await box.check()
  await send(page, 'terms')
  await page.locator('[name="carrier"]').nth(1).check()
  await send(page, 'identity', { name: '홍길동', birthDate: '900101', genderDigit: '1', phone })
  await formOf(page, 'identity-code').waitFor()
  await send(page, 'identity-code', { code: await readNewestCode(sandbox.urls.console, phone) })

  const card = { expiry: '12/33', cardPassword: '12' }
  await look(walk, 'card', 'registration-card')
  await reject(walk, 'card', { ...card, cardNumber: '4111111111111111' }, 'registration-card-foreign')
  await send(page, 'card', { ...card, cardNumber: '9406000000000001' })
  await tap(walk, walkPassword)
  await tap(walk, walkPassword)
  await look(walk, 'register', 'registration-confirm')
  await formOf(page, 'register').locator('button').last().click()
  await page.locator('form[data-return]').waitFor()
  await onScreen('registration-ended')
}

async function lookAtReturningMember(walk: ScreenWalk): Promise<void> {
  const { page } = walk
  await openRegistration(walk)
  await look(walk, 'password', 'registration-password')
  await tap(walk, walkPassword)
  await look(walk, 'register', 'registration-agree')
  await page.locator('.agreement summary').click()
  await look(walk, 'register', 'registration-agree-read')
  await aside(walk, 'add-card')
  await look(walk, 'card', 'registration-card-another')
  await send(page, 'card', { cardNumber: '9404000000000003', expiry: '01/34', cardPassword: '12' })
  await look(walk, 'register', 'registration-cards')
  await leave(walk, 'registration-abort')
}

async function lookAtRejection(walk: ScreenWalk): Promise<void> {
  const { page, onScreen } = walk
  const strictShop = await addStrictShop(walk)
  for (const ending of ['registered', 'rejected']) {
    await openRegistration(walk, strictShop)
    await tap(walk, walkPassword)
    await formOf(page, 'register').locator('button').last().click()
    await page.locator('form[data-return]').waitFor()
    if (ending === 'rejected') await onScreen('registration-rejected')
  }
}

/** Every page of the window that is its own when a card is registered for a bill key. */
export async function walkRegistrationScreens(given: ScreenWalk): Promise<void> {
  const walk = { ...given, customerId: `${given.customerId}r` }
  await lookAtFirstCard(walk)
  await lookAtReturningMember(walk)
  await lookAtRejection(walk)
}
