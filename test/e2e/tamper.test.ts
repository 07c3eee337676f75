import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { desktop, phone } from './browser.ts'
import { layerOf, payWithPassword, type Visit } from './buyer.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'

const { sandbox, openMemberPage } = await openFixture()

/** Changes a field of the form before the click, as with the browser's developer tools. */
const change = (page: Page, name: string, value: string): Promise<void> =>
  page.locator(`#tranMgr input[name="${name}"]`).evaluate((input: HTMLInputElement, text) => {
    input.value = text
  }, value)

const readValue = (page: Page, name: string): Promise<string> =>
  page.locator(`#tranMgr input[name="${name}"]`).inputValue()

test('in a browser on a PC a changed amount is rejected, and a changed order is not approved', async () => {
  const { page, context } = await openMemberPage(desktop)
  const visit: Visit = { page, surface: layerOf(page), sandbox, name: 'tamper-pc' }

  await orderFirstGoods(page, sandbox.urls.shop)
  const unpaid = await readValue(page, 'Moid')
  const noteOfUnpaid = await readValue(page, 'MallReserved')
  await change(page, 'Amt', '100')
  await pay(page)
  await page.frameLocator('iframe').getByText('S002').first().waitFor()

  await orderFirstGoods(page, sandbox.urls.shop)
  await change(page, 'Moid', unpaid)
  await pay(page)
  await payWithPassword(visit)
  // The payment of another order: this one stays open.
  await expectUnpaid(page, '아직 결제하지 않은 주문이에요')

  await orderFirstGoods(page, sandbox.urls.shop)
  await change(page, 'MallReserved', noteOfUnpaid)
  await pay(page)
  await payWithPassword(visit)
  await expectUnpaid(page, '아직 결제하지 않은 주문이에요')

  await orderFirstGoods(page, sandbox.urls.shop)
  await change(page, 'GoodsName', '금괴 1kg')
  await pay(page)
  await payWithPassword(visit)
  await page.waitForURL('**/orders/*')
  const receipt = await page.locator('main').innerText()
  assert.match(receipt, /승인번호/)
  assert.doesNotMatch(receipt, /금괴/)
  await context.close()
})

async function expectUnpaid(page: Page, text: string): Promise<void> {
  await page.getByText(text).first().waitFor()
  assert.doesNotMatch(await page.locator('main').innerText(), /승인번호/)
}

test('in a browser on a phone an order without its signature is not paid', async () => {
  const { page, context } = await openMemberPage(phone)
  await orderFirstGoods(page, sandbox.urls.shop)
  await change(page, 'MallReserved', '')
  await pay(page)
  const visit: Visit = { page, surface: page, sandbox, name: 'tamper-phone' }
  await payWithPassword(visit)
  await expectUnpaid(page, '서명한 주문과 다릅니다')
  await context.close()
})
