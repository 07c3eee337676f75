import assert from 'node:assert/strict'
import { test } from 'node:test'
import { desktop } from './browser.ts'
import { confirm, joinAsMember, layerOf, payWithPassword, stopPayment, takePicture } from './buyer.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'

const { sandbox, openPage } = await openFixture()

test('on a PC the layer takes a first payment, a second by password only, and the membership can be deleted', async () => {
  const { page, context } = await openPage(desktop)
  const visit = { page, surface: layerOf(page), sandbox, name: 'pc' }
  const thirdParties: string[] = []
  page.on('request', (request) => {
    const { hostname } = new URL(request.url())
    if (hostname !== 'localhost' && hostname !== '127.0.0.1') thirdParties.push(request.url())
  })

  await takePicture(page, 'pc-blank')
  await page.goto(sandbox.urls.shop)
  await page.locator('a[href^="/goods/"]').first().click()
  await page.locator('form[action="/order"] button').click()
  await page.locator('form[action="/orders"] button[type="submit"]').click()
  await page.locator('#tranMgr').waitFor()
  await takePicture(page, 'pc-shop-order')
  await pay(page)
  await joinAsMember(visit)
  await confirm(visit)
  await page.waitForURL('**/orders/*')
  await takePicture(page, 'pc-receipt')
  assert.match(await page.locator('body').innerText(), /1,004원|결제/)
  const firstOrder = page.url()

  await page.reload()
  assert.equal(page.url(), firstOrder, 'a reload asks nothing again')

  await orderFirstGoods(page, sandbox.urls.shop)
  await pay(page)
  await payWithPassword(visit)
  await page.waitForURL('**/orders/*')
  assert.notEqual(page.url(), firstOrder)

  await page.goto(`${sandbox.urls.shop}/membership`)
  await takePicture(page, 'pc-membership')
  await page.locator('form[action="/membership/delete"] button').click()
  await page.getByText('PD00').waitFor()

  await orderFirstGoods(page, sandbox.urls.shop)
  await pay(page)
  await visit.surface.locator('form[data-step="terms"]').waitFor()
  assert.deepEqual(thirdParties, [], 'no request leaves the machine')
  await context.close()
})

test('stopping on a PC posts the twelve fields to StopUrl and shows the stopped order', async () => {
  const { page, context } = await openPage(desktop)
  await orderFirstGoods(page, sandbox.urls.shop)
  await pay(page)
  const posted = page.waitForRequest((request) => request.method() === 'POST' && request.url().includes('/pay/stop'))
  await stopPayment({ page, surface: layerOf(page), sandbox, name: 'pc-stop' })
  const form = new URLSearchParams((await posted).postData() ?? '')
  assert.deepEqual([...form.keys()].sort(), [
    'Amt',
    'BuyerEmail',
    'BuyerName',
    'BuyerTel',
    'GoodsName',
    'MallReserved',
    'MallUserId',
    'Mid',
    'Moid',
    'PayMethod',
    'ResultCode',
    'ResultMsg',
  ])
  await page.getByText('중단').first().waitFor()
  await takePicture(page, 'pc-stopped')
  await context.close()
})
