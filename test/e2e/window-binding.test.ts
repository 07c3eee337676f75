import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPaymentForm, defineMerchant } from '@sspay/merchant'
import type { Frame, Page } from 'playwright-core'
import { testMerchant } from '../../packages/sandbox/src/test-merchant.ts'
import { proofSize } from '../support/proof-size.ts'
import { desktop } from './browser.ts'
import { confirm, joinAsMember, layerOf, payWithPassword, type Visit } from './buyer.ts'
import { openFixture } from './fixture.ts'
import { openForeignSite } from './foreign-site.ts'
import { joinOverHttp } from './join-over-http.ts'

const isThorough = proofSize === 'thorough'

const { sandbox, openPage } = await openFixture()
const { gateway, gatewayTls } = sandbox.urls

let gatewayUrl = gatewayTls
let orders = 0
let customerId = ''
/** At another site than the gateway: its button posts the form into a frame. */
const shop = await openForeignSite(() => {
  const merchant = defineMerchant({
    merchantId: testMerchant.merchantId,
    easyPayMerchantId: testMerchant.easyPayMerchantId,
    merchantKey: testMerchant.merchantKey.expose(),
    environment: { origin: gatewayUrl },
    orderSignature: 'off_and_orders_can_be_tampered_with',
  })
  const orderId = `BIND${++orders}`
  const form = createPaymentForm(merchant, {
    orderId,
    customerId,
    amount: 1004,
    goodsName: 'mug',
    buyerName: '홍길동',
    buyerPhone: '01055557777',
    buyerEmail: 'buyer@shop.example',
    returnUrl: 'http://127.0.0.1/return',
    abortUrl: 'http://127.0.0.1/stop',
  })
  const fields = Object.entries({ ...form.fields, SspReturn: 'message' })
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
    .join('')
  return `<meta charset="utf-8"><form method="post" action="${form.action}" target="layer">${fields}<button>pay</button></form>
<iframe name="layer" width="500" height="800"></iframe>`
})

interface Circumstances {
  readonly gatewayUrl: string
  readonly blocksThirdParties: boolean
  readonly boundBy: 'cookie' | 'page'
}

/** Over plain HTTP no cookie for a frame of another site exists, as nowhere in Safari without partitioned cookies. */
const circumstances: Readonly<Record<string, Circumstances>> = {
  'over HTTPS': { gatewayUrl: gatewayTls, blocksThirdParties: false, boundBy: 'cookie' },
  'over HTTPS, third-party cookies blocked': { gatewayUrl: gatewayTls, blocksThirdParties: true, boundBy: 'cookie' },
  'that keeps no cookie': { gatewayUrl: gateway, blocksThirdParties: true, boundBy: 'page' },
}

async function openShop({ blocksThirdParties, ...given }: Circumstances, javaScriptEnabled: boolean): Promise<Page> {
  gatewayUrl = given.gatewayUrl
  const { page, context } = await openPage({ ...desktop, javaScriptEnabled, ignoreHTTPSErrors: true })
  // Comes along with the window's own only where cookies of third parties are sent.
  await context.addCookies([{ name: 'other', value: '1', url: gatewayTls, sameSite: 'None', secure: true }])
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.setCookieControls', { enableThirdPartyCookieRestriction: blocksThirdParties })
  await page.goto(shop)
  return page
}

const windowOf = (page: Page): Frame | undefined => page.frames().find((frame) => frame.url().includes('/ssp/window/'))

for (const [name, given] of Object.entries(circumstances))
  for (const javaScriptEnabled of [true, false])
    test(`a frame of another site ${name}, scripts ${javaScriptEnabled ? 'on' : 'off'}: paid by one browser`, async () => {
      // Where each page itself says who its buyer is, and no script helps, every page of joining must.
      const joins = isThorough || (given.boundBy === 'page' && !javaScriptEnabled)
      customerId = `bound${orders}`
      if (!joins) await joinOverHttp({ customerId, sandbox })
      const page = await openShop(given, javaScriptEnabled)
      const firstPage = page.waitForRequest((request) => request.url().includes('/ssp/window/'))
      await page.locator('button').click()
      const sent = (await (await firstPage).allHeaders()).cookie ?? ''
      assert.equal(/__Host-sspay-window-/.test(sent), given.boundBy === 'cookie', sent)
      assert.equal(/other=1/.test(sent), !given.blocksThirdParties, sent)

      const surface = layerOf(page)
      const visit: Visit = { page, surface, sandbox, name: 'bound', phone: `010555${String(orders).padStart(5, '0')}` }
      if (joins) await joinAsMember(visit)
      const form = surface.locator(`form[data-step="${joins ? 'confirm' : 'password'}"]`)
      await form.waitFor()
      const hidden = await form.locator('input[name="pageSecret"]').count()
      assert.equal(hidden, given.boundBy === 'page' ? 1 : 0)
      const address = windowOf(page)?.url() ?? ''
      const { page: otherBrowser } = await openPage({ ...desktop, ignoreHTTPSErrors: true })
      assert.equal((await otherBrowser.goto(address))?.status(), 403)
      await (joins ? confirm : payWithPassword)(visit)
      const ticket = await surface.locator('[data-return="message"]').getAttribute('data-approval-ticket')
      assert.match(`${ticket}`, /^[0-9a-f]{64}$/)
      assert.equal((await otherBrowser.goto(address))?.status(), 403)
      for (const one of [page, otherBrowser]) await one.context().close()
    })

test('bound by page, a reload of the frame sends its last form again, and nothing is lost', async () => {
  const page = await openShop({ gatewayUrl: gateway, blocksThirdParties: true, boundBy: 'page' }, true)
  await page.locator('button').click()
  const surface = layerOf(page)
  const pageIn = (language: string) =>
    surface.locator(`html[lang="${language}"] form[data-step="terms"] input[name="pageSecret"]`)
  await surface.locator('form.language button[lang="en"]').click()
  await pageIn('en').waitFor({ state: 'attached' })
  const again = page.waitForResponse((response) => response.url().includes('/ssp/window/'))
  await windowOf(page)?.evaluate(() => location.reload())
  const answer = await again
  assert.deepEqual([answer.request().method(), answer.status()], ['POST', 200])
  await pageIn('en').waitFor({ state: 'attached' })
  await page.context().close()
})
