import assert from 'node:assert/strict'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { startInstalled } from '../../tools/packages/installed-sandbox.ts'
import { runWith } from '../../tools/packages/node-versions.ts'
import { packPackages } from '../../tools/packages/pack.ts'
import { prepareShop } from '../adapters/shop-process.ts'
import { desktop, launchBrowser } from '../e2e/browser.ts'
import { confirm, joinAsMember, layerOf } from '../e2e/buyer.ts'
import { freePorts } from '../journeys/support.ts'
import { repository } from '../source/files.ts'
import { until } from '../support/until.ts'
import { run } from './install-example.ts'
import { readPackagesPage } from './packages-page.ts'

const example = resolve(repository, 'examples/express')

/** Where the page’s reader has the tarballs, and next to them the shop. */
async function downloadTarballs(): Promise<string> {
  const place = await mkdtemp(join(tmpdir(), 'sspay-first-payment-'))
  mkdirSync(join(place, 'tarballs'))
  for (const { file } of packPackages()) cpSync(file, join(place, 'tarballs', file.replace(/^.*\//, '')))
  return place
}

const notificationsOf = (node: string, folder: string, console: string, words: readonly string[]): readonly string[] =>
  runWith(node, folder, ['npx', '--no-install', ...words, '--json', '--console', console])
    .split('\n')
    .filter((line) => line !== '')

test('both languages tell the same commands, and the files are those of the example', () => {
  const [korean, english] = [readPackagesPage('ko'), readPackagesPage('en')]
  assert.equal(korean.install, english.install)
  assert.deepEqual(korean.files, english.files)
  assert.deepEqual(korean.files, ['shop.ts', 'orders.ts', 'pages.ts', 'session.ts'])
})

test('from an empty folder, by the words of the page, to the first payment and its notification', async (t) => {
  const page = readPackagesPage('ko')
  const place = await downloadTarballs()
  const folder = join(place, 'my-shop')
  const startedAt = performance.now()
  const tell = (step: string): void => t.diagnostic(`${((performance.now() - startedAt) / 1000).toFixed(1)} s: ${step}`)
  t.after(() => rmSync(place, { recursive: true, force: true }))

  const quick = 'export npm_config_prefer_offline=true npm_config_audit=false npm_config_fund=false'
  await run(place, 'bash', ['-euc', `${quick}\n${page.install}`])
  const node = join(folder, 'node_modules/.bin/node')
  assert.match(runWith(process.execPath, folder, ['npx', '--no-install', 'node', '--version']), /^v24\./)
  tell('the packages are installed')

  assert.deepEqual(page.npx('sspay', 'sandbox'), ['sspay', 'sandbox'])
  const sandbox = await startInstalled(folder, node)
  t.after(() => sandbox.close())
  tell('the sandbox answers')
  for (const file of page.files) cpSync(join(example, file), join(folder, file))
  writeFileSync(join(folder, '.env'), page.environment)
  const { shop: port } = await freePorts()
  // What the environment has already is not read from the file: only the addresses of this test differ from the page.
  const shop = prepareShop(
    { name: 'express', folder, arguments: page.npx('node').slice(1) },
    {
      SSPAY_ENVIRONMENT: sandbox.gateway,
      SSPAY_CHECKOUT_URL: `http://localhost:${port}/pay`,
      PORT: String(port),
    },
  )
  const words = page.npx('sspay', 'merchants', 'set').map((word) => word.replace(':4700', `:${port}`))
  runWith(node, folder, ['npx', '--no-install', ...words, '--console', sandbox.console])
  const browser = await launchBrowser()
  t.after(async () => {
    await browser.close()
    await shop.end('SIGTERM')
  })
  await shop.start()
  tell('the shop answers')

  const tab = await browser.newPage(desktop)
  await tab.goto(shop.origin)
  await tab.locator('form[action="/orders"] button').click()
  const urls = { gateway: sandbox.gateway, console: sandbox.console }
  const visit = { page: tab, surface: layerOf(tab), sandbox: { urls }, name: 'first' }
  await joinAsMember(visit)
  await confirm(visit)
  await tab.getByText('결제했어요.').waitFor()
  tell('the buyer has joined and paid')

  const database = new DatabaseSync(join(folder, 'shop.db'), { readOnly: true })
  t.after(() => database.close())
  const orders = database.prepare('select state, transaction_id is not null as has_transaction from orders').all()
  assert.deepEqual(
    orders.map((row) => ({ ...row })),
    [{ state: 'paid', has_transaction: 1 }],
  )

  const listed = page.npx('sspay', 'requests', 'list', '--kind', 'notification')
  const readNotifications = () =>
    [notificationsOf(node, folder, sandbox.console, listed)].find(({ length }) => length > 0)
  const notifications = await until(readNotifications, { every: 100, what: 'a notification' })
  assert.equal(notifications.length, 1, 'the payment has one notification')
  assert.match(notifications[0] ?? '', /"result":"ok"/)
  assert.match(notifications[0] ?? '', new RegExp(`localhost:${port}/pay/notice`))
  tell('the shop has said OK to the notification')
})
