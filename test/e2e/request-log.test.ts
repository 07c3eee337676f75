import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { readCsv } from '../../packages/gateway/test/console/read-csv.ts'
import { until } from '../support/until.ts'
import { desktop } from './browser.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'

const { sandbox, openPage } = await openFixture()

async function countWindows(): Promise<number> {
  const answer = await fetch(`${sandbox.urls.console}/api/requests?kind=window`)
  const { requests } = (await answer.json()) as { readonly requests: readonly unknown[] }
  return requests.length
}

/** One more window, which is recorded when this resolves. */
async function openOneWindow(): Promise<void> {
  const known = await countWindows()
  const { page, context } = await openPage(desktop)
  await orderFirstGoods(page, sandbox.urls.shop)
  await pay(page)
  await until(async () => (await countWindows()) > known, { every: 100, what: 'a recorded window' })
  await context.close()
}

test('the list follows what happens, leaves a choice alone that is not sent yet, and comes as a file', async () => {
  const { page: list, context: operator } = await openPage(desktop)
  const reports: string[] = []
  list.on('console', (message) => reports.push(message.text()))
  await list.goto(`${sandbox.urls.console}/requests?kind=window`)
  await list.getByText('조건에 맞는 요청이 없습니다').waitFor()
  await openOneWindow()
  const rows = list.locator('tr[data-kind="window"]')
  await rows.first().waitFor()

  // A chosen value that is not sent yet must not be taken away.
  await list.locator('select[name="direction"]').selectOption('in')
  await list.locator('h1').click()
  await openOneWindow()
  await list.waitForTimeout(4_000)
  assert.equal(await rows.count(), 1)
  assert.equal(await list.locator('select[name="direction"]').inputValue(), 'in')
  await list.locator('form.find button').click()
  await list.waitForURL('**/requests?*direction=in*')
  assert.equal(await rows.count(), 2)

  const download = list.waitForEvent('download')
  await list.locator('a[href^="/requests.csv"]').click()
  const saved = readCsv(await readFile(await (await download).path(), 'utf8'))
  assert.deepEqual(
    saved.map(({ 종류 }) => 종류),
    ['결제창 열기', '결제창 열기'],
  )
  assert.deepEqual(reports, [], 'no policy was in the way')
  await operator.close()
})

test('a call is copied as curl by its button, and can be selected without a script', async () => {
  await openOneWindow()
  const { page, context } = await openPage({ ...desktop, permissions: ['clipboard-read', 'clipboard-write'] })
  const reports: string[] = []
  page.on('console', (message) => reports.push(message.text()))
  await page.goto(`${sandbox.urls.console}/requests?kind=window`)
  await page.locator('a[href^="/requests/"]').first().click()
  const button = page.getByRole('button', { name: 'curl로 복사' })
  await button.click()
  await page.getByRole('button', { name: '복사했습니다' }).waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  assert.equal(copied, await page.locator('pre').textContent())
  assert.match(copied, /^curl -i 'http:\/\/localhost:\d+\/ssp\/reqPay\.do'/)
  assert.deepEqual(reports, [])
  await context.close()

  const plain = await openPage({ ...desktop, javaScriptEnabled: false })
  await plain.page.goto(page.url())
  assert.equal(await plain.page.getByRole('button', { name: 'curl로 복사' }).isVisible(), false)
  assert.equal(await plain.page.locator('pre').textContent(), copied)
  await plain.context.close()
})
