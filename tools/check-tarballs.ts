import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installTarballs, typeChecks, writeConsumer } from './packages/consumer-project.ts'
import { type InstalledSandbox, startInstalled } from './packages/installed-sandbox.ts'
import { environmentWith, nodes, runWith } from './packages/node-versions.ts'
import { packPackages } from './packages/pack.ts'
import { installReleaseTools } from './packages/release-tools.ts'
import { reportFailure } from './packages/report-failure.ts'
import { requireStaged } from './packages/stage.ts'

const help = `npm run check:tarballs  installs the packed packages into an empty folder and takes payments with them, on Node 20, 22 and 24

Needs npm run build. The first run installs the tools of tools/release.
`

const amount = '1004'

async function step<Result>(name: string, work: () => Promise<Result> | Result): Promise<Result> {
  const startedAt = performance.now()
  const result = await work()
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`ok: ${name}${typeof result === 'string' ? `: ${result}` : ''} (${seconds} s)`)
  return result
}

function requireThat(isSo: boolean, sentence: string): void {
  if (!isSo) throw new Error(sentence)
}

/** A Node.js that is too old gets a message, not the stack trace of a syntax error. */
function rejectedBy(node: string, folder: string): string {
  const { status, stderr } = spawnSync(join(folder, 'node_modules/.bin/sspay'), ['sandbox'], {
    cwd: folder,
    env: environmentWith(node),
    encoding: 'utf8',
  })
  requireThat(status === 1 && stderr.includes('needs Node.js 24'), `sspay sandbox ended with ${status}: ${stderr}`)
  return stderr.trim().split('\n').at(-1) ?? ''
}

/** A buyer by the installed command up to the approval, then the shop’s own server on its own Node. */
function takePayment(node: string, folder: string, { gateway, console }: InstalledSandbox): string {
  const given = ['pay', '--until', 'authenticated', '--amount', amount, '--gateway', gateway, '--console', console]
  const buyer = spawnSync(join(folder, 'node_modules/.bin/sspay'), [...given, '--json'], {
    cwd: folder,
    env: environmentWith(process.execPath),
    encoding: 'utf8',
  })
  requireThat(buyer.status === 0, `sspay pay ended with ${buyer.status}: ${buyer.stderr}`)
  const orderId = /pay_\d+_[0-9a-f]+/.exec(buyer.stderr)?.[0] ?? ''
  const returned = buyer.stdout.trim().split('\n').at(-1) ?? ''
  return runWith(node, folder, [node, 'built/take-payment.js', gateway, returned, orderId, amount])
}

/** The installed command as buyer and shop; npx finds it in the folder. */
function payByNpx(folder: string, { gateway, console }: InstalledSandbox): string {
  const paid = runWith(process.execPath, folder, [
    ...['npx', '--no-install', 'sspay', 'pay', '--json', '--cancel'],
    ...['--gateway', gateway, '--console', console],
  ])
  const result: unknown = JSON.parse(paid.split('\n').at(-1) ?? '')
  requireThat(typeof result === 'object' && result !== null, `sspay pay printed ${paid}`)
  return 'paid and cancelled'
}

async function tryInstalled(folder: string): Promise<void> {
  const versionOf = (node: string): string => runWith(node, folder, [node, '--version'])
  for (const node of nodes()) {
    for (const entryPoints of ['server-entryPoints', 'browser-entryPoints'])
      await step(`${versionOf(node)}, ${entryPoints}`, () => runWith(node, folder, [node, `built/${entryPoints}.js`]))
  }
  const [oldest = '', , newest = ''] = nodes()
  await step(`${versionOf(newest)}, every entryPoint`, () =>
    runWith(newest, folder, [newest, 'built/all-entryPoints.js']),
  )
  await step(`${versionOf(oldest)}, sspay sandbox is rejected`, () => rejectedBy(oldest, folder))
  await step('sspay-gateway --help', () => {
    const shown = runWith(newest, folder, [join(folder, 'node_modules/.bin/sspay-gateway'), '--help'])
    requireThat(shown.includes('SSPAY_DATA'), shown)
  })

  const sandbox = await step('sspay sandbox starts', () => startInstalled(folder, newest))
  try {
    console.log(`  ${Math.round(sandbox.startMs)} ms until all addresses are open`)
    for (const node of nodes())
      await step(`${versionOf(node)}, a payment by @sspay/merchant`, () => takePayment(node, folder, sandbox))
    await step('npx sspay pay', () => payByNpx(folder, sandbox))
  } finally {
    await sandbox.close()
  }
}

async function check(): Promise<void> {
  requireStaged()
  installReleaseTools()
  const folder = mkdtempSync(join(tmpdir(), 'sspay-shop-'))
  try {
    const tarballs = await step('npm pack', packPackages)
    const files = tarballs.map(({ file }) => file)
    await step('npm install of five tarballs into an empty folder', () => installTarballs(folder, files))
    writeConsumer(folder)
    for (const { name, run } of typeChecks(folder)) await step(`types: ${name}`, run)
    await tryInstalled(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv.includes('--help')) process.stdout.write(help)
else await reportFailure(check)
