import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBillKeyForm, defineMerchant, readBillKeyResultFields } from '@sspay/merchant'
import type { Page, Request } from 'playwright-core'
import { testMerchantConfig } from '../../packages/sandbox/src/test-merchant.ts'
import { everyRule, violationsIn } from './axe.ts'
import { phone } from './browser.ts'
import { confirm, joinAsMember, payWithPassword, stopPayment, takePicture } from './buyer.ts'
import { openFixture } from './fixture.ts'

const { sandbox, openPage } = await openFixture()
const merchant = defineMerchant(testMerchantConfig(sandbox.urls.gateway))
const shop = `${sandbox.urls.shop}/subscription`

interface Registration {
  readonly orderId: string
  readonly customerId: string
}

/** From a page of the shop into the window, as its form does. Ends at the window. */
async function openWindow(page: Page, { orderId, customerId }: Registration): Promise<void> {
  const returnUrl = `${shop}/registered`
  const form = createBillKeyForm(merchant, { orderId, customerId, buyerName: '홍길동', returnUrl })
  await page.unroute(`${shop}/**`)
  await page.route(`${shop}/**`, (route) =>
    route.fulfill({
      contentType: 'text/html; charset=utf-8',
      body:
        route.request().method() === 'POST'
          ? '<p id="registered">registered</p>'
          : `<form method="post" action="${form.action}">${form.html()}<button>card</button></form>`,
    }),
  )
  await page.goto(`${shop}/card`)
  await page.locator('button').click()
  await page.waitForURL(`${sandbox.urls.gateway}/**`)
}

function resultIn(request: Request, expected: Registration) {
  const fields = Object.fromEntries(new URLSearchParams(request.postData() ?? ''))
  return readBillKeyResultFields(merchant, fields, expected)
}

const ways = [
  { javaScriptEnabled: true, buyersPhone: '01055553001' },
  { javaScriptEnabled: false, buyersPhone: '01055553002' },
]

for (const { javaScriptEnabled, buyersPhone } of ways)
  test(`on a phone ${javaScriptEnabled ? '' : 'with scripts off '}a card is registered, and its key arrives by POST`, async () => {
    const { page, context } = await openPage({ ...phone, javaScriptEnabled })
    const name = `bill-key${javaScriptEnabled ? '' : '-no-script'}`
    // axe is itself a script.
    const onPage = async (step: string): Promise<void> => {
      if (javaScriptEnabled) assert.deepEqual(await violationsIn(page, everyRule), [], step)
    }
    const visit = { page, surface: page, sandbox, name, phone: buyersPhone, onPage }
    const posted = () => page.waitForRequest((one) => one.method() === 'POST' && one.url() === `${shop}/registered`)
    const toShop = async (): Promise<void> => {
      if (!javaScriptEnabled) await page.locator('form[data-return="post"] button').click()
      await page.locator('#registered').waitFor()
    }
    const customerId = `subscriber${javaScriptEnabled ? 1 : 2}`

    const first = { orderId: `${name}-1`, customerId }
    await openWindow(page, first)
    await joinAsMember(visit, 'register')
    const arrival = posted()
    await confirm(visit, 'register')
    if (!javaScriptEnabled) await takePicture(page, `${name}-registered`)
    await toShop()
    assert.equal((await resultIn(await arrival, first)).outcome, 'issued')

    const second = { orderId: `${name}-2`, customerId }
    await openWindow(page, second)
    await payWithPassword(visit)
    const again = posted()
    await confirm(visit, 'register')
    await toShop()
    assert.equal((await resultIn(await again, second)).outcome, 'issued')

    const third = { orderId: `${name}-3`, customerId }
    await openWindow(page, third)
    const left = posted()
    await stopPayment(visit)
    if (!javaScriptEnabled) await takePicture(page, `${name}-stopped`)
    await toShop()
    const result = await resultIn(await left, third)
    assert.deepEqual([result.outcome, 'reason' in result && result.reason], ['not_issued', 'buyer_aborted'])
    await context.close()
  })
