import { expect, test } from '@playwright/test'
import { payInWindow } from '@sspay/sandbox/testing'

test.beforeEach(async ({ page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: '주문하고 결제하기' }).click()
})

test('a new buyer pays', async ({ page }) => {
  await payInWindow(page)
  await expect(page.getByText('결제했어요.')).toBeVisible()
})

test('a card without money can be replaced', async ({ page }) => {
  await payInWindow(page, { card: 'balance_insufficient' })
  await expect(page.getByText('결제하지 못했어요.')).toBeVisible()
  await page.getByRole('link', { name: '결제하기' }).click()
  await payInWindow(page, { card: 'approve' })
  await expect(page.getByText('결제했어요.')).toBeVisible()
})

test('a buyer who leaves finds the order again', async ({ page }) => {
  await payInWindow(page, { abort: 'card' })
  await expect(page.getByText('결제를 중단했어요.')).toBeVisible()
})
