import assert from 'node:assert/strict'
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { parseEnv } from 'node:util'
import { startInstalled } from '../../tools/packages/installed-sandbox.ts'
import { packPackages } from '../../tools/packages/pack.ts'
import { prepareShop } from '../adapters/shop-process.ts'
import { desktop, launchBrowser } from '../e2e/browser.ts'
import { confirm, joinAsMember, layerOf } from '../e2e/buyer.ts'
import { freePorts } from '../journeys/support.ts'
import { repository } from '../source/files.ts'
import { run } from './install-example.ts'

const example = resolve(repository, 'examples/express')

test('from an empty folder and the packed packages to the first payment of an Express shop', async (t) => {
  const tarballs = packPackages().map(({ file }) => file)
  const folder = await mkdtemp(join(tmpdir(), 'sspay-first-payment-'))
  const startedAt = performance.now()
  const tell = (step: string): void => t.diagnostic(`${((performance.now() - startedAt) / 1000).toFixed(1)} s: ${step}`)

  await run(folder, 'npm', ['init', '-y'])
  await run(folder, 'npm', ['pkg', 'set', 'type=module'])
  await run(folder, 'npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs, 'express@5.3.0'])
  tell('the packages are installed')

  const sandbox = await startInstalled(folder, process.execPath)
  tell('the sandbox answers')
  for (const file of ['shop.ts', 'orders.ts', 'pages.ts', 'session.ts']) cpSync(join(example, file), join(folder, file))
  const { shop: port } = await freePorts()
  const shop = prepareShop(
    { name: 'express', folder, arguments: ['shop.ts'] },
    {
      ...(parseEnv(readFileSync(join(example, '.env.example'), 'utf8')) as Record<string, string>),
      SSPAY_ENVIRONMENT: sandbox.gateway,
      SSPAY_CHECKOUT_URL: `http://localhost:${port}/pay`,
      PORT: String(port),
    },
  )
  const browser = await launchBrowser()
  t.after(async () => {
    await browser.close()
    await shop.end('SIGTERM')
    await sandbox.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await shop.start()
  tell('the shop answers')

  const page = await browser.newPage(desktop)
  await page.goto(shop.origin)
  await page.locator('form[action="/orders"] button').click()
  const urls = { gateway: sandbox.gateway, console: sandbox.console }
  const visit = { page, surface: layerOf(page), sandbox: { urls }, name: 'first' }
  await joinAsMember(visit)
  await confirm(visit)
  await page.getByText('결제했습니다.').waitFor()
  tell('the buyer has joined and paid')

  const database = new DatabaseSync(join(folder, 'shop.db'), { readOnly: true })
  t.after(() => database.close())
  const orders = database.prepare('select state, transaction_id is not null as has_transaction from orders').all()
  assert.deepEqual(
    orders.map((row) => ({ ...row })),
    [{ state: 'paid', has_transaction: 1 }],
  )
})
