import assert from 'node:assert/strict'
import { test } from 'node:test'
import { desktop, phone } from './browser.ts'
import { layerOf } from './buyer.ts'
import { startExample } from './example-shop.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'
import { slowDown } from './slow-network.ts'

const { sandbox, folder, openPage } = await openFixture()
const shop = await startExample({ sandbox, folder }, 'express')

test('on slow 3G one request brings the first page of the window, and its button works', async () => {
  const { page, context } = await openPage(phone)
  await orderFirstGoods(page, sandbox.urls.shop)
  await page.waitForLoadState('networkidle')
  const network = await slowDown(page)
  const answered: string[] = []
  network.on('Network.responseReceived', ({ response }) => {
    if (response.url.startsWith('http')) answered.push(new URL(response.url).pathname)
  })
  await pay(page)
  const button = page.locator('form[data-step="terms"] button')
  await button.waitFor()
  assert.equal(await button.isEnabled(), true)
  await page.waitForLoadState('networkidle')
  assert.equal(answered.length, 1, answered.join(' '))
  await context.close()
})

const opening = '결제창을 여는 중이에요'

/** Logs it in the page, because a page that is about to be left answers no question. */
const reportOpening = (text: string): void => {
  new MutationObserver(() => {
    const saying = [...document.querySelectorAll('[role=alert], button > span')]
    if (saying.some((one) => one.textContent?.includes(text) && one.getClientRects().length > 0)) console.info(text)
  }).observe(document, { subtree: true, childList: true, attributes: true })
}

for (const { name, options } of [
  { name: 'on a PC the layer', options: desktop },
  { name: 'on a phone the button', options: phone },
])
  test(`${name} says that the window is being opened, before its first byte`, async () => {
    const { page, context } = await openPage(options)
    await page.addInitScript(reportOpening, opening)
    const shown = page.waitForEvent('console', (message) => message.text() === opening)
    await page.route(`${sandbox.urls.gateway}/ssp/reqPay.do`, async (route) => {
      await shown
      await route.continue()
    })
    await page.goto(shop.origin)
    await page.locator('form[action="/orders"] button').click()
    const surface = options === desktop ? layerOf(page) : page
    await surface.locator('form[data-step="terms"]').waitFor()
    await page.getByText(opening).waitFor({ state: 'hidden' })
    await context.close()
  })
