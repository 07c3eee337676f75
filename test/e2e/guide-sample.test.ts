import assert from 'node:assert/strict'
import { test } from 'node:test'
import { desktop, phone } from './browser.ts'
import { confirm, joinAsMember, layerOf, payWithPassword } from './buyer.ts'
import { openFixture } from './fixture.ts'
import { joinOverHttp } from './join-over-http.ts'

const { sandbox, openPage } = await openFixture()

test("the guide's sample page completes a payment on a PC", async () => {
  const { page, context } = await openPage(desktop)
  await page.goto(`${sandbox.urls.shop}/guide-sample?customer=guidepc`)
  assert.equal(await page.locator('input[name="ReturnUrl"]').count(), 2)
  assert.equal(await page.locator('input[name="MallReserved"]').count(), 0)
  await page.getByText('결제하기').click()
  const visit = { page, surface: layerOf(page), sandbox, name: 'guide-pc' }
  await joinAsMember(visit)
  await confirm(visit)
  await page.waitForURL('**/guide-sample/return')
  assert.equal(await page.locator('[data-field="ResultCode"]').innerText(), '3001')
  assert.equal(await page.locator('[data-field="ResultMsg"]').innerText(), '카드 결제 성공')
  await context.close()
})

test("the guide's sample page completes a payment on a phone", async () => {
  const customerId = 'guidemobile'
  await joinOverHttp({ customerId, sandbox })
  const { page, context } = await openPage(phone)
  await page.goto(`${sandbox.urls.shop}/guide-sample?customer=${customerId}`)
  await page.getByText('결제하기').click()
  const visit = { page, surface: page, sandbox, name: 'guide-mobile' }
  await payWithPassword(visit)
  await page.waitForURL('**/guide-sample/return')
  assert.equal(await page.locator('[data-field="ResultCode"]').innerText(), '3001')
  await context.close()
})
