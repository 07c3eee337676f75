import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { until } from '../../../test/support/until.ts'
import { detectDevice } from '../src/index.ts'
import { builtScript, launchChromium, openShopAndGateway, type Site, samplePage, serve, skip } from './shop-page.ts'

const webkit = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'
const android = 'Mozilla/5.0 (Linux; Android 14; SM-S928N) AppleWebKit/537.36 (KHTML, like Gecko)'
const iPhone = `Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) ${webkit}`
const mac = `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit}`
const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'

const browsers: readonly (readonly [name: string, device: 'pc' | 'mobile', userAgent: string, touchPoints: number])[] =
  [
    ['Chrome on Windows', 'pc', `${windows} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36`, 0],
    ['Chrome on Windows with a touch screen', 'pc', `${windows} AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36`, 10],
    ['Internet Explorer 11', 'pc', 'Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko', 0],
    ['Edge 25', 'pc', `${windows} AppleWebKit/537.36 Chrome/46.0.2486.0 Safari/537.36 Edge/13.10586`, 0],
    ['Whale on Windows', 'pc', `${windows} AppleWebKit/537.36 Chrome/126.0.0.0 Whale/3.27.254.15 Safari/537.36`, 0],
    ['Firefox on Linux', 'pc', 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0', 0],
    ['Safari on a Mac', 'pc', `${mac} Version/17.5 Safari/605.1.15`, 0],
    ['a page with "online/" in its name', 'pc', `${windows} Chrome/126.0.0.0 ShopOnline/2.0`, 0],
    ['Safari on an iPad that calls itself a Mac', 'mobile', `${mac} Version/17.5 Safari/605.1.15`, 5],
    [
      'Safari on an old iPad',
      'mobile',
      `Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) ${webkit} Version/12.1 Safari`,
      5,
    ],
    ['Safari on an iPhone', 'mobile', `${iPhone} Version/17.5 Mobile/15E148 Safari/604.1`, 5],
    ['Safari of iOS 8', 'mobile', 'Mozilla/5.0 (iPhone; CPU iPhone OS 8_0 like Mac OS X) AppleWebKit/600.1.4', 0],
    ['Chrome on Android', 'mobile', `${android} Chrome/126.0.0.0 Mobile Safari/537.36`, 5],
    [
      'Android 4.0',
      'mobile',
      'Mozilla/5.0 (Linux; U; Android 4.0.3; ko-kr; IM-A800S) AppleWebKit/534.30 Version/4.0',
      0,
    ],
    ['Chrome on an Android tablet', 'mobile', `${android} Chrome/126.0.0.0 Safari/537.36`, 5],
    ['Samsung Internet', 'mobile', `${android} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36`, 5],
    [
      'Samsung Internet, desktop site',
      'mobile',
      'Mozilla/5.0 (X11; Linux x86_64) SamsungBrowser/25.0 Chrome/121.0.0.0',
      5,
    ],
    ['KakaoTalk', 'mobile', `${android} Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36;KAKAOTALK 10.8.5`, 5],
    ['KakaoTalk on an iPad', 'mobile', `${mac} KAKAOTALK 10.8.5 (INAPP)`, 0],
    ['NAVER', 'mobile', `${iPhone} NAVER(inapp; search; 2000; 12.5.1; 15PRO)`, 5],
    ['NAVER on an iPad', 'mobile', `${mac} NAVER(inapp; search; 2000; 12.5.1; IPAD)`, 0],
    ['Facebook', 'mobile', `${android} Version/4.0 Chrome/126.0.0.0 [FB_IAB/FB4A;FBAV/470.0.0.40.85;]`, 5],
    ['Facebook on an iPad', 'mobile', `${mac} [FBAN/FBIOS;FBDV/iPad14,3;FBSN/iPadOS]`, 0],
    ['Instagram on an iPad', 'mobile', `${mac} Instagram 336.0.0.16.109 (iPad14,3; iPadOS 17_5; ko_KR)`, 0],
    ['LINE', 'mobile', `${iPhone} Safari Line/14.9.0`, 5],
    ['LINE on an iPad', 'mobile', `${mac} Safari Line/14.9.0`, 0],
  ]

describe('where the window opens', { skip }, () => {
  let browser: Browser
  let shop: Site
  let gateway: Site
  let page: Page
  let devTools: CDPSession

  before(async () => {
    ;({ shop, gateway } = await openShopAndGateway())
    browser = await launchChromium()
    page = await browser.newPage()
    devTools = await page.context().newCDPSession(page)
  })
  after(async () => {
    await browser.close()
    for (const { server } of [shop, gateway]) server.close()
  })

  const pretend = (value: object): void =>
    void Object.defineProperty(globalThis, 'navigator', { value, configurable: true })

  for (const [name, device, userAgent, maxTouchPoints] of browsers)
    test(`${name}: ${device}, for the loader as for the drop-in script`, async (t) => {
      const own = globalThis.navigator
      pretend({ userAgent, maxTouchPoints })
      t.after(() => pretend(own))
      assert.equal(detectDevice(), device)

      await devTools.send('Emulation.setUserAgentOverride', { userAgent })
      const touch = maxTouchPoints === 0 ? { enabled: false } : { enabled: true, maxTouchPoints }
      await devTools.send('Emulation.setTouchEmulationEnabled', touch)
      await page.goto(shop.url)
      await page.click('#pay')
      if (device === 'pc') await page.frameLocator('iframe').locator('#inner').waitFor()
      else await page.waitForURL(`${gateway.url}/ssp/reqPay.do`)
    })

  for (const { host, device } of [
    { host: 'tpay.smartropay.co.kr', device: 'pc' },
    { host: 'pay.smartropay.co.kr', device: 'pc' },
    { host: 'tmpay.smartropay.co.kr', device: 'mobile' },
    { host: 'mpay.smartropay.co.kr', device: 'mobile' },
  ])
    test(`the guide’s host ${host} means ${device} whatever the user agent`, async () => {
      const userAgent = device === 'pc' ? iPhone : windows
      const page = await browser.newPage({ userAgent })
      const script = await readFile(builtScript, 'utf8')
      await page.route(`https://${host}/**`, (route) =>
        route.request().url().includes('.js')
          ? route.fulfill({ contentType: 'text/javascript', body: script })
          : route.fulfill({ contentType: 'text/html', body: '<p id="inner">window' }),
      )
      const ownShop = await serve({ '/': samplePage(`https://${host}`) })
      await page.goto(ownShop.url)
      await page.click('#pay')
      if (device === 'pc') await page.frameLocator('iframe').locator('#inner').waitFor()
      else await page.waitForURL(`https://${host}/ssp/reqPay.do`)
      await page.close()
      ownShop.server.close()
    })

  test('a double click posts one form', async () => {
    shop.pages['/mobile'] = samplePage(gateway.url, '')
    const page = await browser.newPage()
    await page.goto(`${shop.url}/mobile`)
    const posted = gateway.posted.length
    await page.evaluate('goPay(); goPay(); goPay()')
    await page.waitForURL(`${gateway.url}/ssp/reqPay.do`)
    assert.equal(gateway.posted.length, posted + 1)
    await page.close()
  })

  /** The pay button on a page whose time the test lets pass, and how many forms it has sent; none is answered. */
  async function openUnanswered() {
    shop.pages['/mobile'] = samplePage(gateway.url, '')
    const page = await browser.newPage()
    await page.clock.install()
    await page.goto(`${shop.url}/mobile`)
    let requests = 0
    await page.route(`${gateway.url}/ssp/reqPay.do`, (route) => {
      requests++
      return route.fulfill({ status: 204 })
    })
    async function clickAndExpect(expected: number): Promise<void> {
      await page.click('#pay')
      await until(() => requests >= expected)
      await page.waitForTimeout(150)
      assert.equal(requests, expected)
    }
    return { page, clickAndExpect }
  }

  test('a form without an answer can be sent again', async () => {
    const { page, clickAndExpect } = await openUnanswered()
    for (const { waitMs, expected } of [
      { waitMs: 1_000, expected: 1 },
      { waitMs: 2_500, expected: 1 },
      { waitMs: 0, expected: 2 },
    ]) {
      await clickAndExpect(expected)
      await page.clock.runFor(waitMs)
    }
    await page.close()
  })

  test('after Back to a page from the back/forward cache the form can be sent again at once', async () => {
    const { page, clickAndExpect } = await openUnanswered()
    const show = (persisted: boolean) =>
      page.evaluate((persisted) => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted })), persisted)
    await clickAndExpect(1)
    await show(false)
    await clickAndExpect(1)
    await page.clock.runFor(1_000)
    await show(true)
    await clickAndExpect(2)
    // The lock of the first click does not end that of the second.
    await page.clock.runFor(2_500)
    await clickAndExpect(2)
    await page.close()
  })
})
