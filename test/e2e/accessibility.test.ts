import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { desktop, phone } from './browser.ts'
import { confirm, joinAsMember, layerOf, payWithPassword } from './buyer.ts'
import { openWorld, orderFirstGoods, pay } from './world.ts'

const { sandbox, openPage } = await openWorld()

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

async function assertAccessible(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
  assert.deepEqual(found, [], name)
}

for (const { name, options, isLayer } of [
  { name: 'on a phone', options: phone, isLayer: false },
  { name: 'in the layer on a PC', options: desktop, isLayer: true },
]) {
  test(`${name} no page of shop, window or console breaks a WCAG 2.2 A or AA rule that a machine can see`, async () => {
    const { page, context } = await openPage(options)
    const surface = isLayer ? layerOf(page) : page
    const visit = { page, surface, sandbox, name: '', onPage: (step: string) => assertAccessible(page, step) }
    for (const path of ['/', '/orders', '/membership']) {
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

    for (const path of ['/', '/sandbox/phone', '/sandbox/cards']) {
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
