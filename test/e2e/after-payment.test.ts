import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { until } from '../support/until.ts'
import { desktop, phone } from './browser.ts'
import { layerOf, payWithPassword } from './buyer.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'

const { sandbox, openMemberPage } = await openFixture()

/** The notifications of the open payment, once there are so many and all of them are delivered. */
async function waitForNotifications(page: Page, count: number): Promise<readonly string[]> {
  const delivered = page.locator('tr[data-notification="delivered"] td:first-child')
  const areDelivered = async (): Promise<boolean> => {
    await page.reload()
    return (await delivered.count()) >= count
  }
  await until(areDelivered, { every: 200, what: `${count} delivered notifications` })
  return delivered.allInnerTexts()
}

test('a part is cancelled, then the rest; the console shows both, and the shop is notified of everything', async () => {
  const { page, context } = await openMemberPage(phone)
  await orderFirstGoods(page, sandbox.urls.shop)
  await pay(page)
  const visit = { page, surface: page, sandbox, name: 'cancelled' }
  await payWithPassword(visit)
  await page.getByRole('heading', { name: '결제가 완료되었어요' }).waitFor()

  await page.locator('details.developer summary').click()
  const payment = await page.getByRole('link', { name: '콘솔에서 이 결제 보기' }).getAttribute('href')
  assert.ok(payment)
  await page.getByLabel('부분 취소 금액').fill('504')
  await page.getByRole('button', { name: '부분 취소' }).click()
  await page.getByRole('heading', { name: '일부를 취소했어요' }).waitFor()
  assert.match(await page.locator('main').innerText(), /취소한 금액\s*504원\s*남은 금액\s*500원/)
  await page.getByRole('button', { name: '주문 취소' }).click()
  await page.getByRole('heading', { name: '주문이 취소되었어요' }).waitFor()

  await page.goto(payment)
  const cancellations = await page.locator('tr:has([data-cancellation="cancelled"])').allInnerTexts()
  assert.equal(cancellations.length, 2)
  assert.match(cancellations[0] ?? '', /1차 · 504원/)
  assert.match(cancellations[1] ?? '', /2차 · 500원/)
  assert.match(await page.locator('.timeline').innerText(), /1차 취소 · 504원[\s\S]*2차 취소 · 500원/)
  assert.deepEqual(await waitForNotifications(page, 3), ['승인', '부분취소', '취소'])
  await context.close()
})

test('an approval whose answer is cut is being checked, and paid without a click', async () => {
  const { page, context } = await openMemberPage(desktop)
  // Without the notification, only the shop's own recovery can find out.
  const faults = [
    sandbox.faults.add({ link: 'approval', fault: { name: 'cut', bytes: 10 }, timesLeft: 1 }),
    sandbox.faults.add({ link: 'notification', fault: { name: 'http-500', moment: 'before' } }),
  ]
  await orderFirstGoods(page, sandbox.urls.shop)
  await pay(page)
  const visit = { page, surface: layerOf(page), sandbox, name: 'cut' }
  await payWithPassword(visit)

  await page.getByRole('heading', { name: '결제 결과를 확인하고 있어요' }).waitFor()
  assert.match(await page.title(), /확인 중/)
  assert.equal(sandbox.faults.list()[0]?.timesLeft, 0)
  await page.getByRole('heading', { name: '결제가 완료되었어요' }).waitFor()
  assert.match(await page.locator('main').innerText(), /승인번호\s*\d{8}/)

  await page.goto(sandbox.urls.console)
  const order = page.locator('tbody tr').first()
  assert.match(await order.innerText(), /1,004원[\s\S]*승인/)
  for (const { ruleId } of faults) sandbox.faults.remove(ruleId)
  await context.close()
})
