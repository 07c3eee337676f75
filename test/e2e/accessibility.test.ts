import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { proofSize } from '../support/proof-size.ts'
import { everyRule, violationsIn } from './axe.ts'
import { desktop, phone } from './browser.ts'
import { confirm, joinAsMember, layerOf, payWithPassword } from './buyer.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'

const isThorough = proofSize === 'thorough'

const { sandbox, openPage, openMemberPage } = await openFixture()

async function assertAccessible(page: Page, name: string): Promise<void> {
  assert.deepEqual(await violationsIn(page, everyRule), [], name)
}

/** A page that looks again by itself would leave in the middle of the analysis. */
const stayOnPage = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (let timer = Number(setTimeout(() => {}, 0)); timer > 0; timer--) clearTimeout(timer)
  })

interface VisitKind {
  readonly name: string
  readonly options: BrowserContextOptions
  readonly isLayer: boolean
}

const byNight = { ...desktop, colorScheme: 'dark' } as const

/** Each page by night, outside the layer, is looked at by the matrix. */
const visits: readonly VisitKind[] = [
  { name: 'on a phone', options: phone, isLayer: false },
  { name: 'in the layer on a PC', options: desktop, isLayer: true },
  ...(isThorough ? [{ name: 'in the layer on a PC by night', options: byNight, isLayer: true }] : []),
]

for (const { name, options, isLayer } of visits) {
  // On a phone each of these pages is looked at by the matrix, in `npm run test:thorough`.
  if (isThorough || isLayer) {
    test(`${name} no page of shop, window or console breaks a WCAG 2.2 A or AA rule that a machine can see`, async () => {
      const { page, context } = await openPage(options)
      const surface = isLayer ? layerOf(page) : page
      const visit = { page, surface, sandbox, name: '', onPage: (step: string) => assertAccessible(page, step) }
      for (const path of ['/', '/orders', '/membership', '/club']) {
        await page.goto(`${sandbox.urls.shop}${path}`)
        await assertAccessible(page, path)
      }
      await orderFirstGoods(page, sandbox.urls.shop)
      await assertAccessible(page, 'order')
      await pay(page)
      await joinAsMember(visit)
      await confirm(visit)
      await page.waitForURL('**/orders/*')
      await assertAccessible(page, 'receipt')
      await orderFirstGoods(page, sandbox.urls.shop)
      await pay(page)
      await payWithPassword(visit)
      await page.waitForURL('**/orders/*')

      for (const path of ['/', '/notifications', '/sandbox/faults', '/sandbox/phone', '/sandbox/cards']) {
        await page.goto(`${sandbox.urls.console}${path}`)
        await assertAccessible(page, `console ${path}`)
      }
      await page.goto(sandbox.urls.console)
      await page.locator('a[href^="/payments/"]').first().click()
      await page.waitForURL('**/payments/*')
      await assertAccessible(page, 'console payment')
      await context.close()
    })
  }

  // Its pages are the same in a layer.
  if (isThorough || !isLayer)
    test(`${name} neither does an order that is checked or cancelled, a notification that waits, or a fault`, async () => {
      const { page, context } = await openMemberPage(options)
      const surface = isLayer ? layerOf(page) : page
      const visit = { page, surface, sandbox, name: '' }
      const cut = { link: 'approval', fault: { name: 'cut', bytes: 10 } } as const
      const approval = sandbox.faults.add({ ...cut, timesLeft: 1 })
      const inquiry = sandbox.faults.add({ link: 'inquiry', fault: { name: 'http-500', moment: 'before' } })
      const notification = sandbox.faults.add({ link: 'notification', fault: { name: 'http-500', moment: 'before' } })

      await orderFirstGoods(page, sandbox.urls.shop)
      await pay(page)
      await payWithPassword(visit)
      await page.getByRole('heading', { name: '결제 결과를 확인하고 있어요' }).waitFor()
      await stayOnPage(page)
      await assertAccessible(page, 'order that is checked')

      for (const path of ['/notifications', '/notifications?state=pending', '/notifications?state=no_endpoint']) {
        await page.goto(`${sandbox.urls.console}${path}`)
        await assertAccessible(page, `console ${path}`)
      }
      await page.goto(`${sandbox.urls.console}/sandbox/faults`)
      await page.getByLabel('장애').fill('nonsense')
      await page.getByRole('button', { name: '추가' }).click()
      await page.getByRole('alert').waitFor()
      await assertAccessible(page, 'faults, one rejected')
      for (const { ruleId } of [approval, inquiry, notification]) sandbox.faults.remove(ruleId)

      await page.goto(`${sandbox.urls.shop}/orders`)
      await page.locator('a[href^="/orders/"]').first().click()
      await page.getByRole('heading', { name: '결제가 완료되었어요' }).waitFor()
      await page.locator('details.developer summary').click()
      await assertAccessible(page, 'developer panel')
      await page.getByLabel('부분 취소 금액').fill('504')
      await page.getByRole('button', { name: '부분 취소' }).click()
      await page.getByRole('heading', { name: '일부를 취소했어요' }).waitFor()
      await assertAccessible(page, 'order cancelled in part')
      await page.getByRole('button', { name: '주문 취소' }).click()
      await page.getByRole('heading', { name: '주문이 취소되었어요' }).waitFor()
      await assertAccessible(page, 'order cancelled')
      await page.goto(sandbox.urls.console)
      await page.locator('a[href^="/payments/"]').first().click()
      await page.locator('[data-cancellation]').first().waitFor()
      await assertAccessible(page, 'console payment cancelled')
      await context.close()
    })
}
