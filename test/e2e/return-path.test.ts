import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'
import { openSqlite } from '@sspay/gateway/internal'
import type { BrowserContext, Page } from 'playwright-core'
import { ledgerTotals } from '../../packages/sandbox/src/card-network/store.ts'
import { proofSize } from '../support/proof-size.ts'
import { desktop } from './browser.ts'
import { keysOf, layerOf, type Surface, tapPassword, type Visit } from './buyer.ts'
import { openFixture } from './fixture.ts'
import { joinOverHttp } from './join-over-http.ts'
import { type OrderPlan, openReturnShop, price } from './return-shop.ts'

const isThorough = proofSize === 'thorough'

const { sandbox, folder, browser } = await openFixture()
const shop = await openReturnShop(sandbox, folder)
after(() => shop.close())

/**
 * Cells at a time; each pays as a member of its own, because wrong tries of one member are counted before they are
 * checked.
 */
const lanes = 3
const customers = Array.from({ length: lanes }, (_, lane) => `return${lane}`)
for (const customerId of customers) await joinOverHttp({ customerId, sandbox })

/** 200 messages as browser extensions post them to every page, some of them like ours. */
const noise = `(function () {
  var sent = 0
  var kinds = ['', 'sspay:closed', 7, null, [], { type: 'sspay:closed' }, { type: 'sspay:authenticated', Tid: 'x', TrAuthKey: 'y' },
    { type: 'sspay:aborted', action: 'http://127.0.0.1/', fields: {} }, { source: 'devtools' }, { __proto__: null, type: {} }]
  var timer = setInterval(function () {
    var data = kinds[Math.floor(Math.random() * kinds.length)]
    window.postMessage(data, '*')
    for (var index = 0; index < window.frames.length; index++) window.frames[index].postMessage(data, '*')
    if (window.parent !== window) window.parent.postMessage({ noise: Math.random() }, '*')
    window.noiseSent = ++sent
    if (sent === 200) clearInterval(timer)
  }, 10)
})()`

interface Cell extends OrderPlan {
  readonly orderId: string
  readonly enterUrl: string
}

const surfaceOf = (page: Page, { display }: OrderPlan): Surface => (display === 'layer' ? layerOf(page) : page)

/** To the window's keypad. */
async function openKeypad(page: Page, plan: OrderPlan): Promise<void> {
  await page.locator('#tranMgr button').click()
  await surfaceOf(page, plan).locator('form[data-step="password"]').waitFor()
}

const visitOf = (page: Page, plan: OrderPlan): Visit => ({
  page,
  surface: surfaceOf(page, plan),
  sandbox,
  name: 'return',
})

async function finish(page: Page, plan: OrderPlan): Promise<void> {
  const pressLast = await pressAllButLast(visitOf(page, plan))
  await pressLast()
  await page.locator('#receipt').waitFor()
}

const assertReceipt = async (page: Page, { customerId, orderId }: Cell): Promise<void> =>
  assert.equal(await page.locator('#receipt').innerText(), `${customerId} has paid ${orderId}`)

const moves: Readonly<Record<string, (page: Page, cell: Cell, context: BrowserContext) => Promise<void>>> = {
  async reload(page, cell) {
    await openKeypad(page, cell)
    await finish(page, cell)
    for (let times = 0; times < 2; times++) {
      await page.reload()
      await assertReceipt(page, cell)
    }
  },
  /**
   * Back to the shop's form, which still stands there and pays once more; in the redirect past a window that has ended.
   */
  async back(page, cell) {
    await openKeypad(page, cell)
    await finish(page, cell)
    await page.goBack()
    for (let times = 0; cell.display === 'redirect' && page.url().startsWith(sandbox.urls.gateway); times++) {
      assert.equal(await page.locator('form[data-step="password"], form[data-return="post"]').count(), 0)
      assert.ok(times < 5, 'the way back ends at the shop')
      await page.goBack()
    }
    await openKeypad(page, cell)
    await finish(page, cell)
    await assertReceipt(page, cell)
  },
  /** Two tabs with windows of their own for one order; the last key of both is pressed at the same moment. */
  async 'double tab'(page, cell, context) {
    const second = await context.newPage()
    await second.goto(cell.enterUrl)
    const tabs = [second, page]
    const lastKeys: (() => Promise<void>)[] = []
    for (const tab of tabs) {
      await tab.bringToFront()
      await openKeypad(tab, cell)
      lastKeys.push(await pressAllButLast(visitOf(tab, cell)))
    }
    await Promise.all(lastKeys.map((press) => press()))
    for (const tab of tabs) {
      await tab.bringToFront()
      await tab.locator('#receipt').waitFor()
      await tab.reload()
      await assertReceipt(tab, cell)
    }
  },
}

/** A tab behind the other gets no frames to draw, and so no clicks of a mouse; this press needs none. */
async function pressAllButLast(visit: Visit): Promise<() => Promise<void>> {
  const keys = await keysOf(visit)
  const press = (key: string): Promise<void> => visit.surface.locator(key).dispatchEvent('click')
  for (const key of keys.slice(0, -1)) await press(key)
  return () => press(keys.at(-1) ?? '')
}

async function withBuyer(
  plan: Omit<OrderPlan, 'customerId'>,
  options: { readonly hasNoise?: boolean; readonly javaScriptEnabled?: boolean },
  walk: (page: Page, cell: Cell, context: BrowserContext) => Promise<void>,
): Promise<string> {
  const customerId = customers.pop()
  assert.ok(customerId, 'as many customers as lanes')
  const { hasNoise = false, javaScriptEnabled = true } = options
  const context = await browser.newContext({ ...desktop, javaScriptEnabled })
  context.setDefaultTimeout(60_000)
  try {
    if (hasNoise) await context.addInitScript(noise)
    const cell = { ...plan, customerId, ...shop.place({ ...plan, customerId }) }
    const page = await context.newPage()
    await page.goto(cell.enterUrl)
    await walk(page, cell, context)
    if (hasNoise) assert.ok((await page.evaluate<number>('window.noiseSent')) > 0)
    return cell.orderId
  } finally {
    customers.push(customerId)
    await context.close()
  }
}

const paidOrders: string[] = []

interface Way extends Omit<OrderPlan, 'customerId'> {
  readonly move: string
  readonly hasNoise: boolean
}

const ways: readonly Way[] = (['layer', 'redirect'] as const).flatMap((display) =>
  [false, true].flatMap((hasCoop) =>
    (['Lax', 'Strict'] as const).flatMap((sameSite) =>
      Object.keys(moves).flatMap((move) =>
        [false, true].map((hasNoise) => ({ display, hasCoop, sameSite, move, hasNoise, receivesWithSession: true })),
      ),
    ),
  ),
)

/** Six of the ways, in which every two of the circumstances still meet. */
const isInPairs = ({ display, hasCoop, sameSite, move, hasNoise }: Way): boolean => {
  const isLayer = display === 'layer'
  return (
    hasCoop === (isLayer !== (move === 'reload')) &&
    hasNoise === (isLayer !== (move === 'back')) &&
    (sameSite === 'Lax') === (isLayer !== (move === 'double tab'))
  )
}

suite('the return path', { concurrency: lanes }, () => {
  for (const way of ways.filter((way) => isThorough || isInPairs(way))) {
    const { display, hasCoop, sameSite, move, hasNoise } = way
    const name = [display, hasCoop ? 'COOP' : 'no COOP', sameSite, move, hasNoise ? 'noise' : 'no noise'].join(', ')
    test(`${name}: one paid order`, async () => {
      const walk = moves[move]
      assert.ok(walk)
      const orderId = await withBuyer(way, { hasNoise }, walk)
      assert.equal(shop.timesMarkedPaid(orderId), 1)
      assert.equal(shop.transactionsOf(orderId).length, move === 'reload' ? 1 : 2)
      paidOrders.push(orderId)
    })
  }
})

for (const sameSite of ['Lax', 'Strict'] as const)
  test(`without a way to receive the session a ${sameSite} cookie is lost, and the buyer's session replaced`, async () => {
    const plan = { display: 'redirect', hasCoop: false, sameSite, receivesWithSession: false } as const
    const orderId = await withBuyer(plan, {}, async (page, cell) => {
      await openKeypad(page, cell)
      await tapPassword(visitOf(page, cell))
      await page.locator('#other-session').waitFor()
    })
    assert.equal(shop.timesMarkedPaid(orderId), 0)
  })

test('a return that is sent twice with scripts off, and opened five times more, is one paid order', async () => {
  const plan = { display: 'redirect', hasCoop: true, sameSite: 'Strict', receivesWithSession: true } as const
  const orderId = await withBuyer(plan, { javaScriptEnabled: false }, async (page, cell, context) => {
    await openKeypad(page, cell)
    await tapPassword(visitOf(page, cell))
    const form = page.locator('form[data-return="post"]')
    await form.evaluate((element: HTMLFormElement) => element.setAttribute('target', '_blank'))
    const tabs: Page[] = []
    for (let times = 0; times < 2; times++) {
      const [tab] = await Promise.all([context.waitForEvent('page'), form.locator('button').click()])
      tabs.push(tab)
    }
    for (const tab of tabs) {
      await tab.bringToFront()
      await tab.locator('#receipt').waitFor()
      await assertReceipt(tab, cell)
    }
    const address = tabs[0]?.url() ?? ''
    const again = await Promise.all(Array.from({ length: 5 }, () => context.request.get(address)))
    for (const answer of again) assert.match(await answer.text(), /has paid/)
  })
  assert.equal(shop.timesMarkedPaid(orderId), 1)
  assert.equal(shop.transactionsOf(orderId).length, 1)
  paidOrders.push(orderId)
})

test('each of these orders was charged once in the end, by the ledger of the card network', async () => {
  await shop.recoverAll()
  const storage = await openSqlite(join(folder, 'card-network.db'))
  const totals = await ledgerTotals(storage)
  await storage.close()
  const chargedOf = (orderId: string): number =>
    shop
      .transactionsOf(orderId)
      .map((transactionId) => totals.get(transactionId) ?? { charged: 0, cancelled: 0, reversed: 0 })
      .reduce((sum, { charged, cancelled, reversed }) => sum + charged - cancelled - reversed, 0)
  assert.ok(paidOrders.length > 0)
  assert.deepEqual(
    paidOrders.filter((orderId) => chargedOf(orderId) !== price),
    [],
  )
})
