import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listen } from '@sspay/gateway'
import { until } from '../support/until.ts'
import { pageOf } from './webdriver.ts'
import { openWebKit } from './webkit.ts'

/** Milliseconds that the driver waits for a load. */
const loadTimeout = 15_000

/**
 * Two pages of two origins without any code of this repository, and Back to the first. With the policy WebKitGTK 2.50
 * shows the page and runs it, but for its driver the load never ends, so that every further command times out. Probably
 * because the policy makes the browser change the process on the way back.
 */
for (const hasCoop of [false, true])
  test(`Back to a page ${hasCoop ? 'with' : 'without'} Cross-Origin-Opener-Policy in WebKitGTK`, async (t) => {
    let timesShown = 0
    const listener = await listen({
      host: '127.0.0.1',
      port: 0,
      async fetch(request) {
        const { pathname, hostname, port } = new URL(request.url)
        if (pathname === '/shown') timesShown++
        const isFirst = hostname === '127.0.0.1'
        const other = `http://${isFirst ? 'localhost' : '127.0.0.1'}:${port}/`
        const report = isFirst ? "onpageshow = function () { fetch('/shown') }" : ''
        const html = `<!doctype html><link rel="icon" href="data:,"><a href="${other}">go</a><script>${report}</script>`
        const headers = new Headers({ 'content-type': 'text/html', 'cache-control': 'no-store' })
        if (isFirst && hasCoop) headers.set('cross-origin-opener-policy', 'same-origin')
        return new Response(html, { headers })
      },
    })
    t.after(() => listener.close())
    const browser = await openWebKit(undefined, { loadTimeout })
    t.after(() => browser.close())
    t.diagnostic(browser.version)
    const page = pageOf(browser)
    await page.goto(listener.url)
    await page.click('a')
    await until(async () => (await page.address()).startsWith('http://localhost:'), { what: 'the second page' })

    const reading = page.back().then(() => page.address())
    reading.catch(() => {})
    await until(() => timesShown === 2, { what: 'the first page once more' })
    if (hasCoop) await assert.rejects(reading, { code: 'timeout' }, 'mended: the driver may wait for loads everywhere')
    else assert.ok((await reading).startsWith(listener.url))
  })
