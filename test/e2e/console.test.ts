import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { readCsv } from '../../packages/gateway/test/console/read-csv.ts'
import { desktop } from './browser.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'

const { sandbox, openPage } = await openFixture()

test('the list follows what happens, and its payments come as CSV', async () => {
  const { page: list, context: operator } = await openPage(desktop)
  const reports: string[] = []
  list.on('console', (message) => reports.push(message.text()))
  await list.goto(sandbox.urls.console)
  await list.getByText('아직 결제가 없습니다').waitFor()

  const { page, context } = await openPage(desktop)
  await orderFirstGoods(page, sandbox.urls.shop)
  await pay(page)
  await list.locator('[data-state="requested"]').waitFor()

  const download = list.waitForEvent('download')
  await list.locator('a[href^="/payments.csv"]').click()
  const rows = readCsv(await readFile(await (await download).path(), 'utf8'))
  assert.equal(rows.length, 1)
  assert.equal(rows[0]?.상태, '결제창 열림')
  assert.deepEqual(reports, [], 'no policy was in the way')
  await Promise.all([operator.close(), context.close()])
})

test('a fault is added and removed by the buttons of its page, and not by another browser', async () => {
  const { page, context } = await openPage(desktop)
  await page.goto(`${sandbox.urls.console}/sandbox/faults`)
  await page.locator('#fault').fill('delay=1')
  const ownRule = page.locator('form[action="/sandbox/faults/add"]').filter({ has: page.locator('#fault') })
  await ownRule.locator('button').click()
  await page.locator('[data-rule]').waitFor()
  await context.clearCookies()
  await page.locator('[data-rule] button').click()
  await page.getByRole('alert').waitFor()
  assert.equal(sandbox.faults.list().length, 1)
  await page.locator('[data-rule] button').click()
  await page.getByText('규칙이 없습니다').waitFor()
  assert.equal(sandbox.faults.list().length, 0)
  await context.close()
})
