import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Frame, Page } from 'playwright-core'
import { until } from '../support/until.ts'
import { desktop } from './browser.ts'
import { payWithPassword, type Visit } from './buyer.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'
import { openForeignSite } from './foreign-site.ts'
import { hostileMessages, noise, type Speaker, scriptActions } from './hostile-messages.ts'

const { sandbox, openMemberPage } = await openFixture()
// Without its policy a page may hold foreign frames, as shops do that have none, and nothing else stands in a script's
// way.
const { page } = await openMemberPage({ ...desktop, bypassCSP: true })
const visit: Visit = { page, surface: page.frameLocator('iframe[name=smartropayWindow]'), sandbox, name: 'messages' }
const foreign = await openForeignSite()
const noiseMessages = 10_000

const strange: string[] = []
page.on('dialog', (dialog) => {
  strange.push(`a dialog: ${dialog.message()}`)
  void dialog.dismiss()
})
page.on('pageerror', ({ message }) => strange.push(`an error: ${message}`))
page.on('request', (request) => {
  if (request.isNavigationRequest() && /phish|\/pay\/(return|stop)/.test(request.url())) strange.push(request.url())
})

await page.context().addInitScript(() => {
  const realm = window as unknown as { marks: number; heardTicket?: unknown }
  realm.marks = 0
  if (self === top) realm.heardTicket = JSON.parse(sessionStorage.getItem('ticket') ?? 'null')
  addEventListener('message', ({ data }) => {
    if (data?.mark === true) realm.marks++
    if (self === top && data?.type === 'sspay:authenticated' && /^[0-9a-f]{64}$/.test(data.TrAuthKey))
      sessionStorage.setItem('ticket', JSON.stringify(data))
  })
})

async function openLayer(): Promise<void> {
  await orderFirstGoods(page, sandbox.urls.shop)
  await pay(page)
}

const windowFrame = (): Frame => {
  const found = page.frame({ name: 'smartropayWindow' })
  assert.ok(found, 'the layer is gone')
  return found
}

async function addFrame(parent: Page | Frame, attributes: Readonly<Record<string, string>>): Promise<Frame> {
  const added = await parent.evaluateHandle(
    (given) =>
      new Promise<HTMLIFrameElement>((resolve) => {
        const frame = document.createElement('iframe')
        for (const [name, value] of Object.entries(given)) frame.setAttribute(name, value)
        frame.onload = () => resolve(frame)
        document.body.append(frame)
      }),
    attributes,
  )
  const frame = await added.contentFrame()
  assert.ok(frame)
  return frame
}

/** Frames after that of the window, and a popup, each with the way to what it speaks to. */
async function gatherSpeakers(): Promise<
  Readonly<Record<Speaker, { realm: Page | Frame; toShop: string; toWindow: string }>>
> {
  const beside = { toShop: 'parent', toWindow: 'parent[0]' }
  const foreignFrame = await addFrame(page, { src: foreign })
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    page.evaluate((url) => void window.open(url), `${foreign}/popup`),
  ])
  return {
    shop: { realm: page, toShop: 'window', toWindow: 'window[0]' },
    foreign: { realm: foreignFrame, ...beside },
    nested: { realm: await addFrame(foreignFrame, { src: foreign }), toShop: 'top', toWindow: 'top[0]' },
    sandboxed: {
      realm: await addFrame(page, { sandbox: 'allow-scripts', srcdoc: '<p>x' }),
      ...beside,
    },
    gateway: {
      realm: await addFrame(page, { src: `${sandbox.urls.gateway}/asset/js/SmartroPAY-1.0.min.js` }),
      ...beside,
    },
    popup: { realm: popup, toShop: 'opener', toWindow: 'opener[0]' },
    window: { realm: windowFrame(), toShop: 'parent', toWindow: 'window' },
  }
}

const marksOf = (realm: Page | Frame): Promise<number> => realm.evaluate('window.marks')

/** Returns when all messages were received: they arrive in order, and a mark is the last. */
async function say(realm: Page | Frame, target: string, statement: string, hearer: Page | Frame): Promise<void> {
  const before = await marksOf(hearer)
  await realm.evaluate(`{ const target = ${target}; ${statement}; target.postMessage({ mark: true }, '*') }`)
  await until(async () => (await marksOf(hearer)) > before, { what: 'the mark' })
}

async function stateOf(): Promise<object> {
  return {
    shop: page.url(),
    window: windowFrame().url(),
    step: await windowFrame().locator('form[data-step]').first().getAttribute('data-step'),
    asks: await windowFrame().locator('[data-ask]').isVisible(),
    layers: await page.locator('[role=dialog]').count(),
    ticket: await page.locator('#approvalForm #Tid').inputValue(),
    executed: await page.evaluate('window.executed'),
    closeIsShown: await page.locator('[role=dialog] > button').isVisible(),
    strange: [...strange],
  }
}

test('a first payment, whose ticket will be said again', async () => {
  await openLayer()
  await payWithPassword(visit)
  await page.waitForURL('**/orders/*')
  strange.length = 0
})

test('only messages of the window are accepted, the window accepts none of others, and the payment completes', async (t) => {
  await openLayer()
  await windowFrame().locator('form[data-step="password"]').waitFor()
  const speakers = await gatherSpeakers()
  const hearers = { shop: page, window: windowFrame() }
  const usual = await stateOf()
  assert.notEqual(await page.evaluate('window.heardTicket'), null)

  for (const { name, from, to, message } of hostileMessages)
    await t.test(name, async () => {
      const { realm, toShop, toWindow } = speakers[from]
      const target = to === 'shop' ? toShop : toWindow
      await say(realm, target, `target.postMessage(${message}, '*')`, hearers[to])
      assert.deepEqual(await stateOf(), usual)
    })

  await t.test(`${noiseMessages} messages of noise`, async () => {
    const parts = [speakers.shop, speakers.foreign].flatMap(({ realm, toShop, toWindow }) => [
      { realm, target: toShop, hearer: hearers.shop },
      { realm, target: toWindow, hearer: hearers.window },
    ])
    const each = noiseMessages / parts.length
    for (const { realm, target, hearer } of parts)
      await say(
        realm,
        target,
        `for (let n = 0; n < ${each}; n++) { const all = ${noise}; target.postMessage(all[n % all.length], '*') }`,
        hearer,
      )
    assert.deepEqual(await stateOf(), usual)
  })

  await payWithPassword(visit)
  await page.waitForURL('**/orders/*')
  assert.match(await page.locator('main').innerText(), /승인번호/)
  strange.length = 0
})

test('nobody else can say that the window is there', async () => {
  await orderFirstGoods(page, sandbox.urls.shop)
  const windowAddress = `${sandbox.urls.gateway}/ssp/reqPay.do`
  await page.route(windowAddress, (route) => void setTimeout(() => route.abort(), 3_000))
  await page.locator('#tranMgr button[type="submit"]').click({ noWaitAfter: true })
  for (const { realm, toShop } of [
    { realm: page, toShop: 'window' },
    { realm: await addFrame(page, { src: foreign }), toShop: 'parent' },
  ]) {
    await say(realm, toShop, "target.postMessage({ type: 'sspay:ready' }, '*')", page)
    assert.equal(await page.locator('[role=dialog] > button').isVisible(), true, 'the way out stays')
  }
  await page.locator('[role=dialog] > button').click({ noWaitAfter: true })
  await page.unrouteAll({ behavior: 'wait' })
})

test('even the window cannot send the page to a script, and after its end no message is accepted', async () => {
  await orderFirstGoods(page, sandbox.urls.shop)
  const shopUrl = page.url()
  for (const action of scriptActions) {
    await pay(page)
    await windowFrame().locator('form[data-step="password"]').waitFor()
    const message = { type: 'sspay:aborted', action, acceptCharset: 'utf-8', fields: { ResultCode: 'S201' } }
    await windowFrame().evaluate((said) => parent.postMessage(said, '*'), message)
    await page.locator('[role=dialog]').waitFor({ state: 'detached' })
    await say(page, 'window', `target.postMessage(window.heardTicket, '*')`, page)
    const { executed, ticket } = await page.evaluate(() => ({
      executed: (window as { executed?: boolean }).executed,
      ticket: document.querySelector<HTMLInputElement>('#approvalForm #Tid')?.value,
    }))
    assert.deepEqual(
      { executed, ticket, url: page.url(), strange },
      { executed: undefined, ticket: '', url: shopUrl, strange: [] },
      action,
    )
  }
})
