import assert from 'node:assert/strict'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, test } from 'node:test'
import { frameworks } from '../../packages/sandbox/src/init/frameworks.ts'
import { startInstalled } from '../../tools/packages/installed-sandbox.ts'
import { environmentWith, runWith } from '../../tools/packages/node-versions.ts'
import { packPackages } from '../../tools/packages/pack.ts'
import { java, jsp, linkTomcat, php, python } from '../other-languages/languages.ts'
import { moveToFreePort, type Written } from '../support/written-shop.ts'
import { run } from './install-example.ts'

const quiet = { npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' }
Object.assign(process.env, quiet)

const place = await mkdtemp(join(tmpdir(), 'sspay-first-use-'))
after(() => rmSync(place, { recursive: true, force: true }))
const tarballs = join(place, 'tarballs')
mkdirSync(tarballs)
const files = packPackages().map(({ file }) => {
  const copy = join(tarballs, basename(file))
  cpSync(file, copy)
  return copy
})

const tools = join(place, 'tools')
mkdirSync(tools)
await run(tools, 'npm', ['init', '-y'])
await run(tools, 'npm', ['install', ...files])
const sandbox = await startInstalled(tools, process.execPath)
after(() => sandbox.close())

/** Types a command of the installed packages. */
const sspay = (...given: readonly string[]): string =>
  runWith(process.execPath, tools, ['npx', '--no-install', 'sspay', ...given])
process.env.SSPAY_GATEWAY_PORT = new URL(sandbox.gateway).port

const whyMissing = (name: string): string | undefined =>
  [php, java, jsp, python].find((language) => language.name.toLowerCase() === name)?.whyMissing()

for (const name of Object.keys(frameworks).filter((given) => given !== 'spring'))
  test(`${name}: from an empty folder to a paid order by the printed commands`, {
    skip: process.env.CI === undefined && whyMissing(name),
  }, async (t) => {
    const startedAt = performance.now()
    const written: Written = JSON.parse(sspay('init', name, join(place, name), '--tarballs', tarballs, '--json'))
    const shop = await moveToFreePort(written)
    if (name === 'jsp') linkTomcat(written.folder)
    // The last one is about notifications, the one before it starts the shop and runs on.
    const [starting = '', ...earlier] = shop.commands.slice(0, -1).toReversed()
    for (const command of earlier.toReversed().filter((one) => !/^(cd|npx sspay) /.test(one)))
      await run(written.folder, 'bash', ['-euc', command])
    await using _running = await shop.start(starting, environmentWith(process.execPath))
    assert.match(await shop.pay({ urls: sandbox }), /결제했어요/)
    const minutes = ((performance.now() - startedAt) / 60_000).toFixed(2)
    t.diagnostic(`${name}: ${minutes} minutes, ${shop.commands.length + 1} commands`)
  })
