import assert from 'node:assert/strict'
import { createPaymentForm, defineMerchant } from '@sspay/merchant'
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

/** Opens the window for an order that needs every page. */
function openWindow(walk: ScreenWalk): Promise<void> {
  const { sandbox, phone, customerId } = walk
  const shop = shopOf(sandbox)
  const form = createPaymentForm(defineMerchant(testMerchantConfig(sandbox.urls.gateway)), {
    orderId: newOrderId(),
    amount: 59_000,
    customerId,
    goodsName: '별자리 누빔 담요',
    goodsCount: 2,
    buyerName: '홍길동',
    buyerPhone: phone,
    buyerEmail: 'buyer@example.com',
    returnUrl: `${shop}/return`,
    abortUrl: `${shop}/stop`,
    asksPopCard: true,
  })
  return postFromShop(walk, form)
}

async function lookAtTermsAndIdentity(walk: ScreenWalk): Promise<void> {
  const { page, sandbox, phone } = walk
  await look(walk, 'terms')
  await page.locator('.term summary').first().click()
  await look(walk, 'terms', 'terms-read')
  await reject(walk, 'terms', {})
  for (const box of await page.locator('input[name="agree"]').all()) await box.check()
  await send(page, 'terms')

  await look(walk, 'identity')
  await reject(walk, 'identity', { name: '', birthDate: '991399', genderDigit: '9', phone: '1' })
  const known = { name: '홍길동', birthDate: '900101', genderDigit: '1', phone }
  await page.locator('[name="carrier"]').nth(1).check()
  await send(page, 'identity', known)

  await look(walk, 'identity-code')
  await reject(walk, 'identity-code', { code: '00000' })
  await send(page, 'identity-code', { code: await readNewestCode(sandbox.urls.console, phone) })
}

async function lookAtCardAndPassword(walk: ScreenWalk): Promise<void> {
  const { page } = walk
  const card = { cardNumber: '9406000000000001', expiry: '12/33', cardPassword: '12' }
  await look(walk, 'card')
  await page.locator('.corporate summary').click()
  await look(walk, 'card', 'card-corporate')
  await reject(walk, 'card', { ...card, cardNumber: '9406000000000002' })
  await send(page, 'card', { ...card, cardPassword: '00' })
  await look(walk, 'card', 'card-rejected')
  await page.locator('.corporate summary').click()
  await send(page, 'card', { ...card, businessNumber: '123' })
  await look(walk, 'card', 'card-corporate-rejected')
  // What was typed is kept.
  await send(page, 'card', { ...card, businessNumber: '' })

  await look(walk, 'pop-card')
  await reject(walk, 'pop-card', { popCardNumber: '12' })
  await aside(walk, 'skip-pop-card')

  await look(walk, 'password-set')
  await tap(walk, '111111')
  await look(walk, 'password-set', 'password-set-rejected')
  await tap(walk, walkPassword)
  await look(walk, 'password-repeat')
  await tap(walk, walkPassword)
}

async function lookAtConfirmation(walk: ScreenWalk): Promise<void> {
  const { page, onScreen } = walk
  await look(walk, 'confirm')
  await aside(walk, 'add-card')
  await look(walk, 'card', 'card-another')
  await send(page, 'card', {
    cardNumber: '9404000000000003',
    expiry: '01/34',
    cardPassword: '12',
  })
  await formOf(page, 'confirm').waitFor()

  await aside(walk, 'manage-cards')
  await formOf(page, 'name-card').first().waitFor()
  await onScreen('cards')
  await aside(walk, 'delete-card')
  await look(walk, 'confirm-delete-card', 'cards-delete')
  await aside(walk, 'keep-card')
  await aside(walk, 'keep-cards')

  await aside(walk, 'add-passkey')
  await look(walk, 'keep-passkeys', 'passkey')
  await aside(walk, 'keep-passkeys')
  await formOf(page, 'confirm').locator('button').last().click()
  await page.locator('form[data-return]').waitFor()
  await onScreen('authenticated')
  await approve(walk)
}

/** As the shop's server does: the first approved payment makes the member. */
async function approve({ page, sandbox }: ScreenWalk): Promise<void> {
  const readField = (name: string) => page.locator(`form[data-return] [name="${name}"]`).inputValue()
  const answer = await fetch(`${sandbox.urls.gateway}/payment/approval/urlCallApproval.do`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ Tid: await readField('Tid'), TrAuthKey: await readField('TrAuthKey') }),
  })
  assert.equal(((await answer.json()) as { readonly ResultCode?: string }).ResultCode, '3001')
}

async function lookAtReturningMember(walk: ScreenWalk): Promise<void> {
  const { page, onScreen } = walk
  await openWindow(walk)
  await aside(walk, 'skip-pop-card')
  await Promise.all([page.waitForEvent('load'), page.locator('button[name="choose"]').click()])
  await look(walk, 'password', 'password-choosing')
  await tap(walk, walkPassword)
  await look(walk, 'confirm', 'confirm-cards')
  await openWindow(walk)
  await aside(walk, 'skip-pop-card')
  await look(walk, 'password')
  await tap(walk, '918273')
  await look(walk, 'password', 'password-rejected')
  const keys = page.locator('button[name="keys"]')
  await page.locator('.key-mode summary').click()
  await look(walk, 'password', 'password-keys-asked')
  await Promise.all([page.waitForEvent('load'), keys.click()])
  await look(walk, 'password', 'password-keys')
  await Promise.all([page.waitForEvent('load'), keys.click()])
  await page.locator('.more summary').click()
  await onScreen('password-more')
  await aside(walk, 'reset-password')
  await look(walk, 'identity', 'identity-again')
  await aside(walk, 'keep-password')
  for (let tries = 1; tries < 5; tries++) await tap(walk, '918273')
  await look(walk, 'identity', 'identity-locked')
  await leave(walk, 'abort')
}

/** Every page of the window, each with what it says when something is wrong. */
export async function walkWindowScreens(walk: ScreenWalk): Promise<void> {
  const { page, sandbox, onScreen } = walk
  await openWindow(walk)
  await lookAtTermsAndIdentity(walk)
  await lookAtCardAndPassword(walk)
  await lookAtConfirmation(walk)
  await lookAtReturningMember(walk)
  await page.goto(`${sandbox.urls.gateway}/ssp/window/gone`)
  await onScreen('gone')
  await page.goto(`${sandbox.urls.gateway}/ssp/reqPay.do`)
  await onScreen('rejection')
  await page.locator('.developer summary').click()
  await onScreen('rejection-for-developers')
}
