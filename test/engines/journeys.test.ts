import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../support/until.ts'
import { joinAndConfirm, orderAndPay, tapPassword } from './buyer.ts'
import { devices, engines, openSandbox, openVisit } from './engines.ts'
import type { Page } from './webdriver.ts'

const { sandbox } = await openSandbox()

/** The address of the order that has just been paid. */
async function receipt(page: Page): Promise<string> {
  const address = await until(
    async () => {
      const now = await page.address()
      return now.startsWith(sandbox.urls.shop) && /\/orders\/[^/]+$/.test(now) && now
    },
    { every: 100, what: 'the page of the order' },
  )
  await until(async () => (await page.text('h1')).includes('결제가 완료되었습니다'), { what: 'a paid order' })
  return address
}

let buyers = 0
for (const engine of engines)
  for (const device of devices) {
    test(`${engine}, ${device}: joining, a second payment by password, and deletion of the membership`, async (t) => {
      const { page, window } = await openVisit(t, engine, device)
      await orderAndPay(page, sandbox)
      await joinAndConfirm(window, sandbox, `0105555${String(++buyers).padStart(4, '0')}`)
      const first = await receipt(page)

      await orderAndPay(page, sandbox)
      await tapPassword(window, sandbox, 'password')
      assert.notEqual(await receipt(page), first)

      await page.goto(`${sandbox.urls.shop}/membership`)
      await page.click('form[action="/membership/delete"] button')
      await until(async () => (await page.text('main')).includes('PD00'), { what: 'the deletion' })
      await orderAndPay(page, sandbox)
      await window.waitFor('form[data-step="terms"]')
    })

    test(`${engine}, ${device}: abort`, async (t) => {
      const { page, window } = await openVisit(t, engine, device)
      await orderAndPay(page, sandbox)
      await window.click('form[data-step="abort"] button')
      await window.click('[data-leave]')
      await until(async () => (await page.text('h1')).includes('결제를 멈추었습니다'), { what: 'the stopped order' })
    })
  }
