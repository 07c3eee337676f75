import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium, openShopAndGateway, type Site, scriptPath, skip, windowPath } from './shop-page.ts'

const policy = (text: string) => ({ 'content-security-policy': text })
const offer = 'text=새 화면에서 결제하기'

describe('a layer that cannot show the window', { skip }, () => {
  let browser: Browser
  let shop: Site
  let gateway: Site

  before(async () => {
    ;({ shop, gateway } = await openShopAndGateway())
    // The script itself is allowed in every case.
    gateway.headers[scriptPath] = { 'cross-origin-resource-policy': 'cross-origin' }
    browser = await launchChromium()
  })
  after(async () => {
    await browser.close()
    for (const { server } of [shop, gateway]) server.close()
  })

  /** A page whose time the test lets pass. */
  async function openShop(
    headers: { readonly shop?: Record<string, string>; readonly window?: Record<string, string> } = {},
    language = 'ko',
  ): Promise<Page> {
    shop.headers['/'] = headers.shop ?? {}
    gateway.headers[windowPath] = headers.window ?? {}
    const page = await browser.newPage()
    await page.clock.install()
    await page.goto(shop.url)
    await page.clock.pauseAt(Date.now() + 60_000)
    await page.evaluate((text) => document.documentElement.setAttribute('lang', text), language)
    return page
  }

  /** Lets the page's time pass until something is so. */
  async function passTime(page: Page, mostMs: number, isSo: () => Promise<boolean>): Promise<void> {
    for (let passed = 0; passed < mostMs && !(await isSo()); passed += 200) await page.clock.runFor(200)
    assert.ok(await isSo())
  }

  const fieldsPosted = () => new URLSearchParams(gateway.posted.at(-1)?.body.toString())

  async function expectPaidInPlace(page: Page, before: number): Promise<void> {
    await page.waitForURL(gateway.url + windowPath)
    assert.equal(gateway.posted.length, before)
    assert.equal(fieldsPosted().get('SspReturn'), null, 'the answer must return by post')
    assert.equal(fieldsPosted().get('GoodsName'), 'GOODS')
    await page.close()
  }

  for (const { name, text } of [
    { name: 'frame-src', text: "frame-src 'self'" },
    { name: 'child-src', text: "child-src 'none'" },
    { name: 'default-src', text: "default-src 'none'; script-src * 'unsafe-inline'; style-src 'unsafe-inline'" },
  ])
    test(`because of the page’s own ${name} navigates the page at once`, async () => {
      const page = await openShop({ shop: policy(text) })
      const posted = gateway.posted.length
      await page.click('#pay')
      await expectPaidInPlace(page, posted + 1)
    })

  for (const { name, headers } of [
    { name: 'X-Frame-Options', headers: { window: { 'x-frame-options': 'DENY' } } },
    { name: 'frame-ancestors', headers: { window: policy("frame-ancestors 'none'") } },
    { name: 'COEP of the page', headers: { shop: { 'cross-origin-embedder-policy': 'require-corp' } } },
  ])
    test(`because of ${name} says so, and offers a new screen`, async () => {
      const page = await openShop(headers)
      await page.click('#pay')
      await page.waitForSelector('text=결제창을 여는 중이에요')
      assert.equal(await page.isVisible(offer), false)
      await page.frames()[1]?.waitForURL('chrome-error://chromewebdata/')
      await passTime(page, 4_000, () => page.isVisible(offer))
      assert.match(await page.innerText('div[role=alert]'), /결제창이 열리지 않아요.*http:.*reqPay\.do/)
      assert.equal(await page.evaluate('document.activeElement.textContent'), '새 화면에서 결제하기')
      gateway.headers[windowPath] = {}
      const posted = gateway.posted.length
      await page.click(offer)
      await expectPaidInPlace(page, posted + 1)
    })

  test('because of a wrong address says so within seconds', async () => {
    const page = await openShop()
    await page.evaluate((path) => {
      const { smartropay } = window as unknown as Record<'smartropay', Record<'init' | 'payment', (o: object) => void>>
      smartropay.init({ actionUri: path })
      smartropay.payment({ FormId: 'tranMgr', Callback: () => {} })
    }, '/pay')
    await page.frames()[1]?.waitForURL(`${gateway.url}/pay`)
    await passTime(page, 4_000, () => page.isVisible(offer))
    assert.ok((await page.innerText('div[role=alert]')).includes(`${gateway.url}/pay`))
    await page.close()
  })

  test('an English page gets the offer in English, and the buyer may close instead', async () => {
    const page = await openShop({ window: { 'x-frame-options': 'DENY' } }, 'en-GB')
    await page.click('#pay')
    await page.clock.runFor(8_100)
    await page.waitForSelector('text=Pay on a new screen')
    await page.click('text=Close')
    assert.equal(await page.locator('iframe').count(), 0)
    assert.equal(page.url(), `${shop.url}/`)
    await page.close()
  })

  test('a window that is late removes the offer, and answers in the layer', async () => {
    const page = await openShop()
    let answer = () => {}
    const held = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route(gateway.url + windowPath, async (route) => {
      await held
      await route.continue()
    })
    await page.click('#pay')
    await page.clock.runFor(8_100)
    await page.waitForSelector(offer)
    answer()
    await page.waitForSelector(offer, { state: 'detached' })
    const result = { Tid: 'T', TrAuthKey: 'K', ResultCode: '0000', ResultMsg: 'OK' }
    await page.frames()[1]?.evaluate(`window.say(${JSON.stringify({ type: 'sspay:authenticated', ...result })})`)
    await page.waitForSelector('iframe', { state: 'detached' })
    assert.deepEqual(await page.evaluate('window.answers'), [result])
    await page.close()
  })

  test('a window that is ready gets no offer', async () => {
    const page = await openShop()
    await page.click('#pay')
    await page.frameLocator('iframe').locator('#inner').waitFor()
    await page.clock.runFor(60_000)
    assert.equal(await page.isVisible(offer), false)
    await page.close()
  })

  for (const { name, headers } of [
    { name: 'a policy that is only reported', headers: { 'content-security-policy-report-only': "frame-src 'none'" } },
    { name: 'COOP same-origin', headers: { 'cross-origin-opener-policy': 'same-origin' } },
    {
      name: 'Trusted Types without any policy',
      headers: policy("require-trusted-types-for 'script'; trusted-types 'none'"),
    },
  ])
    test(`${name} changes nothing: the window is in the layer`, async () => {
      const page = await openShop({ shop: headers })
      const errors: string[] = []
      page.on('pageerror', ({ message }) => errors.push(message))
      await page.click('#pay')
      await page.frameLocator('iframe').locator('#inner').waitFor()
      assert.equal(fieldsPosted().get('SspReturn'), 'message')
      assert.equal(page.url(), `${shop.url}/`)
      assert.deepEqual(errors, [])
      await page.close()
    })

  test('the frame may use passkeys, and no other feature', async () => {
    const page = await openShop()
    await page.click('#pay')
    assert.equal(
      await page.getAttribute('iframe', 'allow'),
      `publickey-credentials-get ${gateway.url}; publickey-credentials-create ${gateway.url}`,
    )
    await page.close()
  })
})
