import assert from 'node:assert/strict'
import { test } from 'node:test'
import { phone } from './browser.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'
import { slowDown } from './slow-network.ts'

const { sandbox, openPage } = await openFixture()

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
