import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'acorn'
import type { Page } from 'playwright-core'
import { desktop, phone } from './browser.ts'
import { confirm, joinAsMember, layerOf, payWithPassword, stopPayment } from './buyer.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'
import { rewriteResponses } from './rewrite-responses.ts'

const { sandbox, openPage } = await openFixture()

interface Script {
  readonly code: string
  /** The addresses it was seen at. */
  readonly from: readonly string[]
}

const blocks = /<script\b([^>]*)>([\s\S]*?)<\/script>/gi
const handlers = /<[a-z][^>]*?\son[a-z]+\s*=\s*(?:"([^"]*)"|'([^']*)')/gi
const isData = (attributes: string): boolean =>
  /\btype\s*=\s*["']?(?!text\/javascript)[a-z]+\/[a-z+]*json/i.test(attributes)

/** Inline scripts and event handlers of a page. */
function scriptsIn(html: string): readonly string[] {
  const inline = [...html.matchAll(blocks)].flatMap(([, attributes = '', code = '']) =>
    isData(attributes) || code.trim() === '' ? [] : [code],
  )
  const markup = html.replace(blocks, '')
  const attached = [...markup.matchAll(handlers)].map(([, double, single]) => `(function(){${double ?? single}})()`)
  return [...inline, ...attached]
}

/** Gathers every script that shop and gateway send to this page. */
const collectScripts = (page: Page, found: Map<string, Script>): Promise<void> =>
  rewriteResponses(page, (body, { url, type }) => {
    const from = new URL(url).pathname.replace(/[0-9a-f]{64}|ML[0-9]{6}-[0-9a-f]{10}/, '…')
    const codes = type.includes('javascript') ? [body] : scriptsIn(body)
    for (const code of codes) found.set(code, { code, from: [...(found.get(code)?.from ?? []), from] })
    return body
  })

/** Over the page on a PC, in place of it on a phone. */
async function openVisit(options: typeof desktop | typeof phone, isLayer: boolean, found: Map<string, Script>) {
  const { page, context } = await openPage(options)
  await collectScripts(page, found)
  const surface = isLayer ? layerOf(page) : page
  return { page, context, visit: { page, surface, sandbox, name: 'syntax' } }
}

async function order(page: Page): Promise<void> {
  await orderFirstGoods(page, sandbox.urls.shop)
  await pay(page)
}

test('every script on the way of a buyer is ES5', async () => {
  const found = new Map<string, Script>()
  const onPc = await openVisit(desktop, true, found)
  for (const path of ['/orders', '/membership', '/guide-sample', '/nowhere'])
    await onPc.page.goto(`${sandbox.urls.shop}${path}`)
  await onPc.page.goto(`${sandbox.urls.gateway}/ssp/window/gone`)
  await onPc.page.goto(`${sandbox.urls.gateway}/ssp/reqPay.do`)
  await order(onPc.page)
  await joinAsMember({ ...onPc.visit, cardBefore: '9406000000000002' })
  await confirm(onPc.visit)
  await onPc.page.waitForURL('**/orders/*')
  const onPhone = await openVisit(phone, false, found)
  await onPhone.context.addCookies(await onPc.context.cookies())
  await order(onPhone.page)
  await payWithPassword(onPhone.visit)
  await onPhone.page.waitForURL('**/orders/*')
  for (const { page, context, visit } of [onPc, onPhone]) {
    await order(page)
    await visit.surface.locator('form[data-step="password"]').waitFor()
    await stopPayment(visit)
    await page.getByText('중단').first().waitFor()
    await context.close()
  }
  const scripts = [...found.values()]
  const newer = scripts.flatMap(({ code, from }) => {
    try {
      parse(code, { ecmaVersion: 5 })
      return []
    } catch (error) {
      return [`${from}: ${error instanceof Error ? error.message : error}`]
    }
  })
  assert.deepEqual(newer, [])
  const places = [...new Set(scripts.flatMap(({ from }) => from))]
  console.log(`${scripts.length} different scripts parse as ES5, seen at ${places.join(' ')}`)
  for (const expected of ['/asset/js/SmartroPAY-1.0.min.js', '/guide-sample', '/orders/…/pay'])
    assert.ok(places.includes(expected), `${expected} was not seen: ${places.join(' ')}`)
  assert.ok(
    places.some((place) => place.startsWith('/ssp/')),
    'no script of the window was seen',
  )
})

test('a script newer than ES5 and a handler are found in a page', () => {
  const html =
    '<p onclick="let a = 1">x</p><script type="application/json">{"a":1}</script><script nonce="1">var b = () => 1</script>'
  const scripts = scriptsIn(html)
  assert.equal(scripts.length, 2)
  for (const code of scripts) assert.throws(() => parse(code, { ecmaVersion: 5 }))
})
