import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PaymentWindowError, payInWindow } from '@sspay/sandbox/testing'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { proofSize } from '../support/proof-size.ts'
import { desktop, phone } from './browser.ts'
import { confirm, joinAsMember, layerOf, payWithPassword, type Surface, stopPayment, takePicture } from './buyer.ts'
import { startExample } from './example-shop.ts'
import { openFixture } from './fixture.ts'

const { sandbox, folder, openPage } = await openFixture()
const shop = await startExample({ sandbox, folder }, 'express')

const order = async (page: Page): Promise<void> => {
  await page.goto(shop.origin)
  await page.locator('form[action="/orders"] button').click()
}

/** Errors of the browser: scripts, CSP, failed loads. */
function hearComplaints(page: Page): readonly string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  return complaints
}

interface Way {
  readonly name: string
  readonly options: BrowserContextOptions
  readonly surfaceOf: (page: Page) => Surface
}

const byNight: Way = {
  name: 'on a phone by night',
  options: { ...phone, colorScheme: 'dark' },
  surfaceOf: (page) => page,
}

const ways: readonly Way[] = [
  { name: 'on a PC, in a layer over the form', options: desktop, surfaceOf: layerOf },
  { name: 'on a phone, in place of the form', options: phone, surfaceOf: (page) => page },
  ...(proofSize === 'thorough' ? [byNight] : []),
]

for (const [index, { name, options, surfaceOf }] of ways.entries())
  test(`${name}: from the product page to the paid order, and again by password; nothing is complained about`, async () => {
    const { page, context } = await openPage(options)
    const complaints = hearComplaints(page)
    const picture = `checkout-${options.isMobile === true ? 'phone' : 'pc'}-${options.colorScheme ?? 'light'}`
    const visit = { page, surface: surfaceOf(page), sandbox, name: picture, phone: `0105555888${index}` }
    await page.goto(shop.origin)
    await takePicture(page, `${picture}-goods`)
    await order(page)
    await joinAsMember(visit)
    await takePicture(page, `${picture}-window`)
    await confirm(visit)
    await page.waitForURL(/\/orders\/[0-9a-f-]+\?result=paid$/)
    await page.getByText('결제했어요.').waitFor()
    await takePicture(page, `${picture}-paid`)

    await order(page)
    await payWithPassword(visit)
    await page.waitForURL(/result=paid$/)
    const orderId = /orders\/([0-9a-f-]+)/.exec(page.url())?.[1]
    await page.goto(`${shop.origin}/pay/form?order=${orderId}`)
    await page.getByText('결제했어요.').waitFor()
    assert.deepEqual(complaints, [])
    await context.close()
  })

for (const { name, options, surfaceOf } of ways.slice(0, 2))
  test(`${name}: who stops sees the order wait, and can go on or cancel it`, async () => {
    const { page, context } = await openPage(options)
    const complaints = hearComplaints(page)
    const picture = `checkout-${options.isMobile === true ? 'phone' : 'pc'}-stopped`
    const visit = { page, surface: surfaceOf(page), sandbox, name: picture }
    await order(page)
    await visit.surface.locator('form[data-step="terms"]').waitFor()
    await stopPayment(visit)
    await page.getByText('결제를 중단했어요.').waitFor()
    await takePicture(page, picture)

    await page.getByRole('link', { name: '결제하기' }).click()
    await visit.surface.locator('form[data-step="terms"]').waitFor()
    await stopPayment(visit)
    await page.getByRole('button', { name: '주문 취소' }).click()
    await page.getByText('취소한 주문이에요.').waitFor()
    await takePicture(page, `${picture}-closed`)
    assert.deepEqual(complaints, [])
    await context.close()
  })

test('a test of one’s own pays with payInWindow, whose error says at which step and quotes the page', async () => {
  const { page, context } = await openPage(desktop)
  await order(page)
  const { steps } = await payInWindow(page, { consoleUrl: sandbox.urls.console })
  assert.deepEqual(steps, ['terms', 'identity', 'identity-code', 'card', 'password-set', 'password-repeat', 'confirm'])
  await page.waitForURL(/result=paid$/)
  await order(page)
  await assert.rejects(payInWindow(page, { password: '384926' }), (error) => {
    assert.ok(error instanceof PaymentWindowError)
    assert.equal(error.step, 'password')
    assert.match(error.message, /^what was filled in was rejected at the step "password" .*비밀번호/)
    return true
  })
  await context.close()
})

test('without script the form is a button that leads to the window', async () => {
  const { page, context } = await openPage({ ...desktop, javaScriptEnabled: false })
  await order(page)
  await takePicture(page, 'checkout-form-pc')
  await page.locator('#sspay-form button').click()
  await page.locator('form[data-step="terms"]').waitFor()
  await context.close()
})
