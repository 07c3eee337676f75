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

/** The same form without scripts: posted in place. */
async function postGeneral(page: Page): Promise<void> {
  await page.goto(`${sandbox.urls.shop}/guide-sample?customer=general`)
  await page.evaluate((action) => {
    for (const name of ['SspMallId', 'PopCheck', 'MallUserId'])
      for (const input of document.querySelectorAll(`input[name="${name}"]`)) input.remove()
    const form = document.querySelector<HTMLFormElement>('#tranMgr')
    if (form === null) return
    form.action = action
    form.submit()
  }, `${sandbox.urls.gateway}/ssp/reqPay.do`)
}

interface Visit {
  readonly page: Page
  readonly surface: Surface
  readonly name: string
}

async function at({ page, surface, name }: Visit, step: string): Promise<void> {
  await surface.locator(`form[data-step="${step}"]`).waitFor()
  const width = await surface.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth)
  assert.equal(width, 0, `nothing is wider than the screen: ${step}`)
  await takePicture(page, `${name}-${step}`)
}

/** From the terms to the card of the issuer, whose button is large enough for a finger. */
async function chooseIssuer(visit: Visit): Promise<void> {
  const { surface } = visit
  await at(visit, 'terms')
  await surface.locator('[name="agreeAll"]').check()
  await surface.locator('form[data-step="terms"] button.block').click()
  await at(visit, 'issuer')
  const issuer = surface.locator('button[name="issuerCode"][value="06"]')
  const box = await issuer.boundingBox()
  assert.ok(box !== null && box.height >= 44 && box.width >= 44)
  await issuer.click()
  await at(visit, 'card')
}

async function enterCard(visit: Visit): Promise<void> {
  const { surface } = visit
  const card = surface.locator('form[data-step="card"]')
  const fill = async (cardNumber: string) => {
    await card.locator('[name="cardNumber"]').fill(cardNumber)
    await card.locator('[name="expiry"]').fill(usualExpiry)
    await card.locator('[name="cardPassword"]').fill('12')
    await card.locator('[name="ownerBirthDate"]').fill('900101')
    await surface.locator('form[data-step="card"] button.block').click()
  }
  await fill('9404000000000003')
  await surface.locator('#cardNumber-error:has-text("삼성")').waitFor()
  await takePicture(visit.page, `${visit.name}-card-of-another`)
  await fill('9406000000000001')
}

async function confirmInApp(visit: Visit): Promise<void> {
  const { page, surface, name } = visit
  const decide = async (decision: 'confirm' | 'decline', ending: string) => {
    await surface.locator('form[data-step="start-app"] button').click()
    await at(visit, 'check-app')
    const [app] = await Promise.all([page.context().waitForEvent('page'), surface.locator('a[target=_blank]').click()])
    await app.locator(`[data-decision=${decision}]`).waitFor()
    await takePicture(app, `${name}-app`)
    await app.locator(`[data-decision=${decision}]`).click()
    await app.getByText(ending).waitFor()
    await app.close()
    await surface.locator('form[data-step="check-app"] button').click()
  }
  await decide('decline', '거절했어요.')
  await surface.locator('[role=alert]:has-text("거절했어요")').waitFor()
  await decide('confirm', '확인했어요.')
}

for (const [name, device, javaScriptEnabled, pay] of [
  ['general-phone', phone, true, enterCard],
  ['general-phone-app', phone, false, confirmInApp],
  ['general-pc', desktop, false, enterCard],
  ['general-pc-app', desktop, true, confirmInApp],
] as const)
  test(`${name}, scripts ${javaScriptEnabled ? 'on' : 'off'}: paid without membership`, async () => {
    const { page, context } = await openPage({ ...device, javaScriptEnabled })
    await (javaScriptEnabled ? openGeneral(page) : postGeneral(page))
    const surface = device === desktop && javaScriptEnabled ? layerOf(page) : page
    const visit = { page, surface, name }
    await chooseIssuer(visit)
    await pay(visit)
    await at(visit, 'confirm')
    await surface.locator('form[data-step="confirm"] button.block').click()
    if (!javaScriptEnabled) await surface.locator('form[data-return] button').click()
    await page.waitForURL('**/guide-sample/return')
    assert.equal(await page.locator('[data-field="ResultCode"]').innerText(), '3001')
    await context.close()
  })
