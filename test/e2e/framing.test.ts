import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { until } from '../support/until.ts'
import { desktop, phone } from './browser.ts'
import { layerOf } from './buyer.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'
import { openForeignSite } from './foreign-site.ts'

const { sandbox, openPage } = await openFixture()
let body = ''
const foreign = await openForeignSite(() => body)
const harmless = await openForeignSite(() => '<p>harmless')

/** The address of a window that a shop has just opened. */
async function openWindow(options: typeof desktop | typeof phone): Promise<string> {
  const { page, context } = await openPage(options)
  await orderFirstGoods(page, sandbox.urls.shop)
  await pay(page)
  const surface = options === desktop ? layerOf(page) : page
  const address = await surface.locator('form[data-step="terms"]').evaluate((form) => form.baseURI)
  await context.close()
  return address
}

const inLayer = await openWindow(desktop)
const { page: buyer } = await openPage(desktop)

const rejected = 'chrome-error://chromewebdata/'

/** Final address of the frame in another site's page; undefined without a frame. */
async function show(page: Page, markup: string): Promise<string | undefined> {
  body = markup
  await page.goto(foreign)
  const urlShown = (): string | undefined => page.frames()[1]?.url().replace('about:blank', '')
  // An object that may not be shown leaves no frame to wait for.
  if (!/<(object|embed)/.test(markup) || markup.includes(harmless)) return until(urlShown)
  await page.waitForTimeout(500)
  return urlShown() || undefined
}

const ways: Readonly<Record<string, (address: string) => string>> = {
  frame: (address) => `<iframe src="${address}"></iframe>`,
  'sandboxed frame': (address) =>
    `<iframe sandbox="allow-scripts allow-forms allow-same-origin" src="${address}"></iframe>`,
  object: (address) => `<object data="${address}" type="text/html"></object>`,
  embed: (address) => `<embed src="${address}" type="text/html">`,
  frameset: (address) => `<script>document.write('<frameset><frame src="${address}"></frameset>')</script>`,
  'posted form': (address) =>
    `<iframe name="target"></iframe><form method="post" target="target" action="${address}"></form><script>document.forms[0].submit()</script>`,
}

const rejecting: Readonly<Record<string, string>> = {
  'the window of a redirect': await openWindow(phone),
  'the window of a layer of another origin': inLayer,
  'a window that is gone': `${sandbox.urls.gateway}/ssp/window/${'0'.repeat(64)}`,
  'the address that opens windows': `${sandbox.urls.gateway}/ssp/reqPay.do`,
  'the console': `${sandbox.urls.console}/`,
  'the demo shop': `${sandbox.urls.shop}/`,
  'the orders of the demo shop': `${sandbox.urls.shop}/orders`,
}

for (const [way, markup] of Object.entries(ways))
  test(`a foreign page shows by ${way} what does not mind, and nothing of ours`, async () => {
    assert.equal(await show(buyer, markup(`${harmless}/`)), `${harmless}/`)
    const shown: Record<string, string | undefined> = {}
    for (const [name, address] of Object.entries(rejecting)) shown[name] = await show(buyer, markup(address))
    const expected = /^(object|embed)$/.test(way) ? [rejected, undefined] : [rejected]
    const seen = Object.entries(shown).filter(([, url]) => !expected.includes(url))
    assert.deepEqual(seen, [])
  })
