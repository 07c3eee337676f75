import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { desktop } from './browser.ts'
import { layerOf, payWithPassword, stopPayment, takePicture, type Visit } from './buyer.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'

const { sandbox, openMemberPage } = await openFixture()
const { page, context } = await openMemberPage(desktop)
const visit: Visit = { page, surface: layerOf(page), sandbox, name: 'severed' }

// The three seconds pass when a test lets them.
await context.clock.install()

const backToShop = 'form[data-return="severed"] button'

await page.addInitScript(() => {
  // Listens before the drop-in script does, and so can keep every word from it.
  addEventListener('message', (event) => {
    if (document.documentElement.hasAttribute('data-deaf')) event.stopImmediatePropagation()
  })
})

let stops = 0
const stopTime = (): Promise<void> => context.clock.pauseAt(Date.now() + ++stops * 60_000)

/** The page around the window no longer receives its messages. */
const goDeaf = (): Promise<void> => page.evaluate(() => document.documentElement.setAttribute('data-deaf', ''))

async function openLayer(): Promise<void> {
  await orderFirstGoods(page, sandbox.urls.shop)
  await pay(page)
}

async function expectReceipt(shown: Page): Promise<void> {
  await shown.waitForURL('**/orders/*')
  assert.match(await shown.locator('main').innerText(), /승인번호/)
}

test('a window whose page around it does not answer shows the way back after three seconds', async () => {
  await openLayer()
  await visit.surface.locator('form[data-step="password"]').waitFor()
  await goDeaf()
  await stopTime()
  await payWithPassword(visit)
  await visit.surface.locator('main.done').waitFor()
  await context.clock.runFor(2_900)
  assert.equal(await visit.surface.locator(backToShop).isVisible(), false, 'the page around it has three seconds')
  await context.clock.runFor(100)
  await visit.surface.locator(backToShop).waitFor()
  await context.clock.resume()
  await takePicture(page, 'severed-layer')
  await visit.surface.locator(backToShop).click()
  await expectReceipt(page)
})

test('a buyer who stops in such a window gets back too', async () => {
  await openLayer()
  await visit.surface.locator('form[data-step="password"]').waitFor()
  await goDeaf()
  await stopPayment(visit)
  await visit.surface.locator(backToShop).click()
  await page.getByText('중단').first().waitFor()
  assert.equal(new URL(page.url()).origin, sandbox.urls.shop)
})

test('a window of a layer that stands alone in a tab shows the way back at once, and no button that does nothing', async () => {
  await openLayer()
  const address = await visit.surface.locator('form[data-step="password"]').evaluate((form) => form.baseURI)
  const tab = await context.newPage()
  await stopTime()
  await tab.goto(address)
  await payWithPassword({ ...visit, page: tab, surface: tab })
  await tab.locator(backToShop).click()
  await context.clock.resume()
  await expectReceipt(tab)

  await tab.goto(address)
  await tab.getByText('이미 처리된 결제예요').waitFor()
  assert.equal(await tab.locator('a[data-close]').getAttribute('href'), `${sandbox.urls.shop}/`)
  await tab.close()
})

test('with a page that answers the way back is never seen', async () => {
  await openLayer()
  const seen = page.waitForRequest((request) => request.method() === 'POST' && request.url().includes('/pay/return'))
  await payWithPassword(visit)
  assert.equal((await seen).frame(), page.mainFrame())
  await expectReceipt(page)
})
