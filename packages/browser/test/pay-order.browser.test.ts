import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { after, before, suite, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { html, listen, moduleShop, type Respond } from './module-shop.ts'
import { builtScript, launchChromium, skip } from './shop-page.ts'

const ticket = { Tid: 'ssptest01m01012501020304104338', TrAuthKey: '0123456789abcdef'.repeat(4) }
const fields = { Mid: 'ssptest01m', GoodsName: '커피 & <케이크>', Amt: '1004' }

suite('payOrder in a real browser', { skip }, () => {
  let browser: Browser
  let page: Page
  let gateway: Awaited<ReturnType<typeof listen>>
  let shop: Awaited<ReturnType<typeof listen>>
  /** What the window says to the page that opened it, what the shop answers as the form, and what came back. */
  let message: object = {}
  let answerForm: (response: ServerResponse) => void
  let returned = new URLSearchParams()

  const window: Respond = (request, response) => {
    if (!request.url?.startsWith('/asset/js/'))
      return html(response, `<title>window</title><script>parent.postMessage(${JSON.stringify(message)}, '*')</script>`)
    response.setHeader('content-type', 'text/javascript')
    response.end(readFileSync(builtScript))
  }
  const modules = moduleShop()
  const checkout: Respond = (request, response, body) => {
    const { pathname } = new URL(request.url ?? '/', 'http://shop')
    if (pathname === '/pay/form') return answerForm(response)
    if (pathname === '/orders/1') return html(response, '<title>order</title>')
    if (pathname !== '/pay/return') return modules(request, response, body)
    returned = body
    html(response, '<title>returned</title>')
  }

  before(async () => {
    gateway = await listen(window)
    shop = await listen(checkout)
    browser = await launchChromium()
  })
  after(async () => {
    await browser.close()
    gateway.server.close()
    shop.server.close()
  })

  const form = (response: ServerResponse): void => {
    response.setHeader('content-type', 'application/json')
    const returnUrl = `${shop.origin}/pay/return?order=1`
    response.end(JSON.stringify({ environment: { origin: gateway.origin }, fields, returnUrl }))
  }

  async function openShop(): Promise<void> {
    page = await browser.newPage()
    await page.goto(shop.origin)
  }

  const pay = (): Promise<string> =>
    page.evaluate(async () => {
      const { payOrder } = (await import('@sspay/browser' as string)) as typeof import('../src/index.ts')
      return payOrder('/pay/form?order=1').then(
        ({ outcome }) => outcome,
        (error: Error) => error.message,
      )
    })

  test('the ticket is posted to the return address of the shop', async () => {
    await openShop()
    answerForm = form
    message = { type: 'sspay:authenticated', ...ticket }
    void pay().catch(() => {})
    await page.waitForURL(`${shop.origin}/pay/return?order=1`)
    assert.deepEqual(Object.fromEntries(returned), ticket)
    await page.close()
  })

  test('a buyer who closes the layer is still on the page', async () => {
    await openShop()
    answerForm = form
    message = { type: 'sspay:closed' }
    assert.equal(await pay(), 'aborted')
    await page.close()
  })

  test('an order that is already paid leads to its page', async () => {
    await openShop()
    answerForm = (response) => response.writeHead(303, { location: '/orders/1' }).end()
    void pay().catch(() => {})
    await page.waitForURL(`${shop.origin}/orders/1`)
    await page.close()
  })

  test('an order that may not be paid rejects', async () => {
    await openShop()
    answerForm = (response) => response.writeHead(404).end('not found')
    assert.match(await pay(), /answered 404/)
    await page.close()
  })
})
