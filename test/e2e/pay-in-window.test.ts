import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PaymentWindowError, payInWindow } from '@sspay/sandbox/testing'
import type { Page } from 'playwright-core'
import { desktop, phone } from './browser.ts'
import { startExample } from './example-shop.ts'
import { openFixture } from './fixture.ts'

const { sandbox, folder, openPage } = await openFixture()
const consoleUrl = sandbox.urls.console

const names = ['express', 'fastify', 'hono'] as const
const shops = await Promise.all(names.map((name) => startExample({ sandbox, folder }, name)))

async function order(page: Page, at = shops[0]?.origin ?? ''): Promise<void> {
  await page.goto(at)
  await page.locator('form[action="/orders"] button').click()
}

for (const [index, name] of names.entries())
  test(`${name}: a new buyer pays in the window of the shop`, async (t) => {
    const { page, context } = await openPage(index === 1 ? phone : desktop)
    await order(page, shops[index]?.origin)
    const started = performance.now()
    const { outcome, steps } = await payInWindow(page, { consoleUrl })
    await page.waitForURL(/result=paid$/)
    t.diagnostic(`paid in ${((performance.now() - started) / 1000).toFixed(1)} s`)
    assert.equal(outcome, 'authenticated')
    assert.deepEqual(steps, [
      'terms',
      'identity',
      'identity-code',
      'card',
      'password-set',
      'password-repeat',
      'confirm',
    ])
    await context.close()
  })

test('a returning buyer enters the password, adds a card that is declined, and a wrong password is quoted', async () => {
  const { page, context } = await openPage(desktop)
  await order(page)
  await payInWindow(page.frameLocator('iframe'), { consoleUrl, password: '384926' })
  await page.waitForURL(/result=paid$/)

  await order(page)
  assert.deepEqual((await payInWindow(page, { password: '384926' })).steps, ['password'])
  await page.waitForURL(/result=paid$/)

  await order(page)
  const { steps } = await payInWindow(page, { card: 'balance_insufficient', password: '384926' })
  assert.deepEqual(steps, ['password', 'password', 'confirm', 'card', 'confirm'])
  await page.waitForURL(/result=declined$/)

  await order(page)
  await assert.rejects(payInWindow(page), (error) => {
    assert.ok(error instanceof PaymentWindowError)
    assert.equal(error.step, 'password')
    assert.match(error.shown, /비밀번호/)
    return true
  })
  await context.close()
})

test('a rejected card says at which step, and quotes the page; a buyer leaves at a step', async () => {
  const { page, context } = await openPage(desktop)
  await order(page)
  const rejected = payInWindow(page, { consoleUrl, card: '9406000070040002' })
  await assert.rejects(rejected, {
    name: 'PaymentWindowError',
    step: 'card',
    message: /^what was filled in was rejected at the step "card" \(filled in so far: terms, .*분실/,
  })
  await order(page)
  assert.equal((await payInWindow(page, { consoleUrl, abort: 'terms' })).outcome, 'aborted')
  await page.getByText('결제를 중단했어요.').waitFor()
  await context.close()
})

test('without a window the error names the page; an unknown scenario those that exist', async () => {
  const { page, context } = await openPage(desktop)
  await page.goto(shops[0]?.origin ?? '')
  await assert.rejects(payInWindow(page, { timeout: 100 }), {
    name: 'PaymentWindowError',
    step: undefined,
    message: /^no payment window opened within 100 ms\. The page shows: .*따뜻한 커피.*\(http:\/\/localhost:\d+\/\)$/,
  })
  await assert.rejects(
    payInWindow(page, { card: 'no_money' }),
    /"no_money" is neither .*\(approve, .*balance_insufficient/,
  )
  await assert.rejects(payInWindow(page, { password: '12345' }), /six digits/)
  await context.close()
})
