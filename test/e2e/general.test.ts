import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { desktop, phone } from './browser.ts'
import { layerOf, type Surface, takePicture, usualExpiry } from './buyer.ts'
import { openFixture } from './fixture.ts'

const { sandbox, openPage } = await openFixture()

/** What public shops do for a general card payment: no `actionUri`, and no fields of SS-Pay. */
async function openGeneral(page: Page): Promise<void> {
  await page.goto(`${sandbox.urls.shop}/guide-sample?customer=general`)
  await page.evaluate(() => {
    for (const name of ['SspMallId', 'PopCheck', 'MallUserId'])
      for (const input of document.querySelectorAll(`input[name="${name}"]`)) input.remove()
    ;(window as unknown as { smartropay: { init(options: object): void } }).smartropay.init({ mode: 'STG' })
  })
  await page.getByText('결제하기').click()
}

async function payAsGuest(page: Page, surface: Surface, name: string): Promise<void> {
  const at = async (step: string) => {
    await surface.locator(`form[data-step="${step}"]`).waitFor()
    await takePicture(page, `${name}-${step}`)
  }
  await at('terms')
  await surface.locator('[name="agreeAll"]').check()
  await surface.locator('form[data-step="terms"] button.block').click()
  await at('card')
  const card = surface.locator('form[data-step="card"]')
  await card.locator('[name="cardNumber"]').fill('9406000000000001')
  await card.locator('[name="expiry"]').fill(usualExpiry)
  await card.locator('[name="cardPassword"]').fill('12')
  await card.locator('[name="ownerBirthDate"]').fill('900101')
  await surface.locator('form[data-step="card"] button.block').click()
  await at('confirm')
  const width = await surface.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth)
  assert.equal(width, 0, 'nothing is wider than the screen')
  await surface.locator('form[data-step="confirm"] button.block').click()
}

for (const [name, device] of [
  ['general-phone', phone],
  ['general-pc', desktop],
] as const)
  test(`${name}: a page without actionUri and SspMallId is paid by card, without membership`, async () => {
    const { page, context } = await openPage(device)
    await openGeneral(page)
    await payAsGuest(page, device === phone ? page : layerOf(page), name)
    await page.waitForURL('**/guide-sample/return')
    assert.equal(await page.locator('[data-field="ResultCode"]').innerText(), '3001')
    await context.close()
  })
