import assert from 'node:assert/strict'
import { chargeBillKey, defineMerchant, memoryJournal, registerBillKey } from '@sspay/merchant'
import type { Page } from 'playwright-core'
import { testMerchantConfig } from '../../packages/sandbox/src/test-merchant.ts'
import { confirm, joinAsMember } from './buyer.ts'
import { orderFirstGoods, pay } from './fixture.ts'
import { joinOverHttp } from './join-over-http.ts'
import { newOrderId, type ScreenWalk } from './screen-walk.ts'

/** A page that looks again by itself would leave in the middle of a look. */
const stayOnPage = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (let timer = Number(setTimeout(() => {}, 0)); timer > 0; timer--) clearTimeout(timer)
  })

async function walkPaths({ page, onScreen }: ScreenWalk, origin: string, paths: Readonly<Record<string, string>>) {
  for (const [name, path] of Object.entries(paths)) {
    await page.goto(`${origin}${path}`)
    await stayOnPage(page)
    await onScreen(name)
  }
}

async function payOnce(walk: ScreenWalk, card: string): Promise<void> {
  const { page, sandbox } = walk
  await page.context().clearCookies()
  await orderFirstGoods(page, sandbox.urls.shop)
  await pay(page)
  await joinAsMember({ page, surface: page, sandbox, name: 'screens', card })
  await confirm({ page, surface: page, sandbox, name: 'screens' })
  await page.waitForURL('**/orders/*')
  await stayOnPage(page)
}

/**
 * The demo shop, from the shelf to an order that is paid, declined or cancelled; not the guide's sample, whose page is
 * the guide's own.
 */
export async function walkShopScreens(walk: ScreenWalk): Promise<void> {
  const { page, sandbox, onScreen } = walk
  await page.context().clearCookies()
  await walkPaths(walk, sandbox.urls.shop, {
    'shop-home': '/',
    'shop-goods': '/goods/lamp',
    'shop-order': '/order?goods=lamp&quantity=2',
    'shop-no-orders': '/orders',
    'shop-membership': '/membership',
    'shop-club': '/club',
    'shop-not-found': '/nowhere',
  })
  await orderFirstGoods(page, sandbox.urls.shop)
  await onScreen('shop-checkout')
  await payOnce(walk, '9406000030950001')
  await onScreen('shop-declined')
  await payOnce(walk, '9406000000000001')
  await onScreen('shop-paid')
  await page.locator('details.developer summary').click()
  await onScreen('shop-developer')
  await page.getByRole('button', { name: '주문 취소' }).click()
  await page.getByRole('heading', { name: '주문이 취소되었어요' }).waitFor()
  await onScreen('shop-cancelled')
  await walkPaths(walk, sandbox.urls.shop, { 'shop-orders': '/orders', 'shop-member': '/membership' })
}

/** The page at `/` of the gateway's public address. */
export async function walkFrontPage({ page, sandbox, onScreen }: ScreenWalk): Promise<void> {
  await page.goto(sandbox.urls.gateway)
  await onScreen('front-page')
}

/** A key that was charged, and then one that the operator has ended. */
async function lookAtBillKeys(walk: ScreenWalk): Promise<void> {
  const { page, sandbox, onScreen } = walk
  await chargeNewKey(walk)
  await walkPaths(walk, sandbox.urls.console, { 'console-bill-keys': '/bill-keys', 'console-payments-charge': '/' })
  await page.locator('a.key-mark').first().click()
  await page.waitForURL('**/bill-keys/*')
  await stayOnPage(page)
  await onScreen('console-bill-key')
  await page.locator('details summary').first().click()
  await onScreen('console-bill-key-end')
  await page.locator('form[data-end] button').click()
  await page.locator('.badge.big[data-state="ended_by_operator"]').waitFor()
  await stayOnPage(page)
  await onScreen('console-bill-key-ended')
}

/** For a card that the shop's server registers. */
async function chargeNewKey({ sandbox, customerId }: ScreenWalk): Promise<void> {
  const merchant = defineMerchant(testMerchantConfig(sandbox.urls.gateway))
  const subscriber = `${customerId}bill`
  await joinOverHttp({ customerId: subscriber, sandbox })
  const issued = await registerBillKey(merchant, {
    orderId: newOrderId(),
    customerId: subscriber,
    cardNumber: '9406000000000001',
    cardExpiry: '4012',
    birthDateOrBusinessNumber: '900815',
    cardPasswordPrefix: '12',
  })
  assert.ok(issued.outcome === 'issued')
  const charge = { orderId: newOrderId(), amount: 9_900, goodsName: '월간 구독', buyerName: '홍길동' }
  const billKey = issued.exposeBillKey()
  await chargeBillKey(merchant, { ...charge, billKey, customerId: subscriber }, { journal: memoryJournal() })
}

/** The operator's pages and the sandbox's tools, after the shop's. */
export async function walkConsoleScreens(walk: ScreenWalk): Promise<void> {
  const { page, sandbox, onScreen } = walk
  await walkPaths(walk, sandbox.urls.console, {
    'console-payments': '/',
    'console-notifications': '/notifications',
    'console-no-notifications': '/notifications?state=waiting',
    'console-requests': '/requests',
    'console-requests-chosen': '/requests?kind=approval&result=ok',
    'console-no-requests': '/requests?text=nothing-holds-this',
    'console-no-bill-keys': '/bill-keys?text=nothing-holds-this',
    'console-phone': '/sandbox/phone',
    'console-cards': '/sandbox/cards',
    'console-faults': '/sandbox/faults',
    'console-not-found': '/nowhere',
  })
  await page.goto(sandbox.urls.console)
  await page.locator('a[href^="/payments/"]').first().click()
  await page.waitForURL('**/payments/*')
  await stayOnPage(page)
  await onScreen('console-payment')
  await lookAtBillKeys(walk)
  await page.goto(`${sandbox.urls.console}/requests?kind=approval&result=rejected`)
  await page.locator('a[href^="/requests/"]').first().click()
  await page.waitForURL(/\/requests\/\d+$/)
  await onScreen('console-request')
  await page.goto(`${sandbox.urls.console}/sandbox/faults`)
  await page.locator('#fault').fill('nonsense')
  await page.locator('form:has(#fault) button').click()
  await page.locator('[role="alert"]').waitFor()
  await onScreen('console-faults-rejected')
}
