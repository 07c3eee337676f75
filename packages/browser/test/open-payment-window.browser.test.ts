import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, suite, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { WindowOutcome } from '../src/index.ts'
import { html, listen, moduleShop, type Respond } from './module-shop.ts'
import { builtScript, launchChromium, skip } from './shop-page.ts'

const ticket = { Tid: 'ssptest01m01012501020304104338', TrAuthKey: '0123456789abcdef'.repeat(4) }
const fields = { Mid: 'ssptest01m', GoodsName: '커피 & <케이크>', Amt: '1004' }

/** Of the shop's page, as a test needs them. */
let shopHeaders: Readonly<Record<string, string>> = {}

suite('openPaymentWindow in a real browser', { skip }, () => {
  let browser: Browser
  let page: Page
  let gateway: Awaited<ReturnType<typeof listen>>
  let shopServer: Awaited<ReturnType<typeof listen>>
  let dropIn: string
  let scriptRequests = 0
  /** What the window says to the page that opened it, and what was posted to it. */
  let message: object = {}
  let posted = new URLSearchParams()

  const window: Respond = (request, response, body) => {
    if (request.url?.startsWith('/asset/js/')) {
      scriptRequests++
      response.setHeader('content-type', 'text/javascript')
      response.end(dropIn)
      return
    }
    if (request.method === 'POST') posted = body
    html(response, `<title>window</title><script>parent.postMessage(${JSON.stringify(message)}, '*')</script>`)
  }

  before(async () => {
    dropIn = readFileSync(builtScript, 'utf8')
    gateway = await listen((...given) => window(...given))
    shopServer = await listen(moduleShop(() => shopHeaders))
    browser = await launchChromium()
  })
  after(async () => {
    await browser.close()
    gateway.server.close()
    shopServer.server.close()
  })

  async function openShop(userAgent?: string): Promise<void> {
    page = await browser.newPage(userAgent === undefined ? {} : { userAgent })
    await page.goto(shopServer.origin)
  }

  const openWindow = (origin: string): Promise<WindowOutcome | string> =>
    page.evaluate(
      async ([gatewayOrigin, given]) => {
        const { openPaymentWindow } = (await import('@sspay/browser' as string)) as typeof import('../src/index.ts')
        const form = { fields: given }
        return openPaymentWindow(form, { environment: { origin: gatewayOrigin } }).catch(
          (error: Error) => error.message,
        )
      },
      [origin, fields] as const,
    )

  test('on a PC the promise resolves with the ticket, and the script is loaded once', async () => {
    await openShop()
    message = { type: 'sspay:authenticated', ...ticket }
    for (let payments = 0; payments < 2; payments++) {
      const outcome = await openWindow(gateway.origin)
      const { Tid: transactionId, TrAuthKey: approvalTicket } = ticket
      assert.deepEqual(outcome, { outcome: 'authenticated', transactionId, approvalTicket, fields: ticket })
    }
    assert.equal(scriptRequests, 1)
    assert.deepEqual(Object.fromEntries(posted), { ...fields, SspReturn: 'message' })
    assert.equal(await page.locator('form, iframe').count(), 0)
    await page.close()
  })

  test('closing the layer without a result is an abort', async () => {
    await openShop()
    message = { type: 'sspay:closed' }
    assert.deepEqual(await openWindow(gateway.origin), { outcome: 'aborted' })
    await page.close()
  })

  test('an abort in the window leads to the shop’s abort address', async () => {
    await openShop()
    const action = `${shopServer.origin}/stop`
    message = { type: 'sspay:aborted', action, acceptCharset: 'utf-8', fields: { ResultCode: 'S201' } }
    const outcome = await Promise.race([openWindow(gateway.origin), page.waitForURL(action)]).catch(() => undefined)
    if (outcome !== undefined) assert.deepEqual(outcome, { outcome: 'aborted' })
    await page.waitForURL(action)
    await page.close()
  })

  test('an unreadable result, a missing script and a second window reject', async () => {
    await openShop()
    message = { type: 'sspay:authenticated', Tid: '<b>', TrAuthKey: '' }
    assert.match(String(await openWindow(gateway.origin)), /no readable result/)
    assert.match(String(await openWindow(`${shopServer.origin}`)), /could not be loaded|is not the payment script/)
    message = { type: 'sspay:nothing' }
    void openWindow(gateway.origin).catch(() => {})
    await page.locator('iframe').waitFor()
    assert.match(String(await openWindow(gateway.origin)), /already open/)
    await page.close()
  })

  test('on a phone the page navigates to the window', async () => {
    await openShop('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile Safari/604.1')
    message = {}
    void openWindow(gateway.origin).catch(() => {})
    await page.waitForURL(`${gateway.origin}/ssp/reqPay.do`)
    assert.deepEqual(Object.fromEntries(posted), fields)
    await page.close()
  })

  test('a buyer who returns through the back/forward cache can pay again', async () => {
    await openShop('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile Safari/604.1')
    await page.route(`${gateway.origin}/ssp/**`, (route) => route.fulfill({ status: 204 }))
    const open = (): Promise<string> =>
      Promise.race([
        openWindow(gateway.origin).then(String),
        page.waitForRequest(`${gateway.origin}/ssp/**`).then(() => 'gone'),
      ])
    assert.equal(await open(), 'gone')
    assert.match(await open(), /already open/)
    await page.evaluate(() => globalThis.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
    assert.equal(await open(), 'gone')
    assert.equal(await page.locator('form').count(), 0)
    await page.close()
  })

  for (const { name, policies, expected } of [
    { name: 'our policy', policies: 'sspay', expected: { outcome: 'aborted' } },
    { name: 'none', policies: "'none'", expected: /policy.*sspay/i },
  ])
    test(`on a page with Trusted Types that allows ${name}`, async (t) => {
      shopHeaders = { 'content-security-policy': `require-trusted-types-for 'script'; trusted-types ${policies}` }
      t.after(() => {
        shopHeaders = {}
      })
      await openShop()
      message = { type: 'sspay:closed' }
      const outcome = await openWindow(gateway.origin)
      if (expected instanceof RegExp) assert.match(String(outcome), expected)
      else assert.deepEqual(outcome, expected)
      await page.close()
    })
})
