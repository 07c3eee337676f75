import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkoutContract } from '../adapters/contract.ts'
import { assertPaidOnce } from '../adapters/fixture.ts'
import { desktop, launchBrowser } from '../e2e/browser.ts'
import { confirm, joinAsMember, layerOf, stopPayment } from '../e2e/buyer.ts'
import { installExample, run } from './install-example.ts'

const folder = await installExample('next')
const next = 'node_modules/next/dist/bin/next'
await run(folder, process.execPath, [next, 'build'])

const fixture = await checkoutContract({ name: 'next', folder, arguments: [next, 'start'] })

test('the button of the order page opens the window over it, stops, and pays', async (t) => {
  const browser = await launchBrowser()
  t.after(() => browser.close())
  const page = await (await browser.newContext(desktop)).newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))

  await page.goto(fixture.origin)
  await page.locator('form[action="/orders"] button').click()
  await layerOf(page).locator('form[data-step="terms"]').waitFor()
  const orderId = new URL(page.url()).searchParams.get('order') ?? ''
  await page.goto(`${fixture.origin}/orders/${orderId}`)

  const visit = { page, surface: layerOf(page), sandbox: fixture.sandbox, name: 'next', phone: '01055559999' }
  await page.getByRole('link', { name: '결제하기' }).click()
  await visit.surface.locator('form[data-step="terms"]').waitFor()
  assert.equal(new URL(page.url()).pathname, `/orders/${orderId}`, 'the window is over the page')
  await stopPayment(visit)
  await page.getByText('결제를 중단했어요.').waitFor()

  await page.getByRole('link', { name: '결제하기' }).click()
  await joinAsMember(visit)
  await confirm(visit)
  await page.getByText('결제했어요.').waitFor()
  assertPaidOnce(fixture, orderId)
  assert.deepEqual(complaints, [])
})
