import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import { join, resolve } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { WindowOutcome } from '../src/index.ts'

const repository = resolve(import.meta.dirname, '../../..')
const ticket = { Tid: 'ssptest01m01012501020304104338', TrAuthKey: '0123456789abcdef'.repeat(4) }
const fields = { Mid: 'ssptest01m', GoodsName: '커피 & <케이크>', Amt: '1004' }

const executablePath = [process.env.SSPAY_CHROMIUM, '/usr/bin/chromium', chromium.executablePath()].find(
  (path) => path !== undefined && existsSync(path),
)

type Respond = (request: IncomingMessage, response: ServerResponse, body: URLSearchParams) => void

async function listen(respond: Respond): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => respond(request, response, new URLSearchParams(Buffer.concat(parts).toString('utf8'))))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { server, origin: `http://127.0.0.1:${address.port}` }
}

/** Of the shop's page, as a test needs them. */
let shopHeaders: Readonly<Record<string, string>> = {}

const html = (response: ServerResponse, body: string): void => {
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.end(`<!doctype html><meta charset="utf-8">${body}`)
}

const importMap = {
  imports: { '@sspay/browser': '/packages/browser/src/index.ts', '@sspay/protocol': '/packages/protocol/src/index.ts' },
}

/** A shop page, and the packages as modules a browser runs: types blanked out, nothing else. */
const shop: Respond = (request, response) => {
  const path = new URL(request.url ?? '/', 'http://shop').pathname
  for (const [name, value] of Object.entries(shopHeaders)) response.setHeader(name, value)
  if (path === '/')
    return html(response, `<title>shop</title><script type="importmap">${JSON.stringify(importMap)}</script>`)
  if (path === '/stop') return html(response, '<title>stopped</title>')
  if (!existsSync(join(repository, path))) {
    response.statusCode = 404
    return void response.end()
  }
  response.setHeader('content-type', 'text/javascript')
  response.end(stripTypeScriptTypes(readFileSync(join(repository, path), 'utf8')))
}

suite(
  'openPaymentWindow in a real browser',
  { skip: executablePath === undefined && 'no Chromium on this machine' },
  () => {
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
      execFileSync(process.execPath, ['tools/build-scripts.ts'], { cwd: repository })
      dropIn = readFileSync(join(repository, 'packages/browser/dist/smartropay.js'), 'utf8')
      gateway = await listen((...given) => window(...given))
      shopServer = await listen(shop)
      browser = await chromium.launch({
        ...(executablePath === undefined ? {} : { executablePath }),
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      })
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

    test('on a PC the promise brings the ticket, and the script is loaded once', async () => {
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

    test('a layer that is closed without a result is aborted', async () => {
      await openShop()
      message = { type: 'sspay:closed' }
      assert.deepEqual(await openWindow(gateway.origin), { outcome: 'aborted' })
      await page.close()
    })

    test('a buyer who stops ends at the address of the shop for it', async () => {
      await openShop()
      const action = `${shopServer.origin}/stop`
      message = { type: 'sspay:aborted', action, acceptCharset: 'utf-8', fields: { ResultCode: 'S201' } }
      const outcome = await Promise.race([openWindow(gateway.origin), page.waitForURL(action)]).catch(() => undefined)
      if (outcome !== undefined) assert.deepEqual(outcome, { outcome: 'aborted' })
      await page.waitForURL(action)
      await page.close()
    })

    test('a result that cannot be read, a missing script and a second window are rejections', async () => {
      await openShop()
      message = { type: 'sspay:authenticated', Tid: '<b>', TrAuthKey: '' }
      assert.match(String(await openWindow(gateway.origin)), /no readable result/)
      assert.match(String(await openWindow(`${shopServer.origin}`)), /could not be loaded|is not the payment script/)
      message = { type: 'sspay:nothing' }
      void openWindow(gateway.origin).catch(() => {})
      await page.locator('iframe').waitFor()
      assert.match(String(await openWindow(gateway.origin)), /open already/)
      await page.close()
    })

    test('on a phone the window takes the place of the page', async () => {
      await openShop('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile Safari/604.1')
      message = {}
      void openWindow(gateway.origin).catch(() => {})
      await page.waitForURL(`${gateway.origin}/ssp/reqPay.do`)
      assert.deepEqual(Object.fromEntries(posted), fields)
      await page.close()
    })

    test('a buyer who comes back from the window to the page as it was can pay again', async () => {
      await openShop('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile Safari/604.1')
      await page.route(`${gateway.origin}/ssp/**`, (route) => route.fulfill({ status: 204 }))
      const open = (): Promise<string> =>
        Promise.race([openWindow(gateway.origin).then(String), page.waitForTimeout(700).then(() => 'gone')])
      assert.equal(await open(), 'gone')
      assert.match(await open(), /open already/)
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
  },
)
