import assert from 'node:assert/strict'
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { merchantsHelp, runMerchants } from '../src/merchants-command.ts'
import { realRuntime } from '../src/runtime.ts'
import { type Ran, runCommand } from './run-command.ts'

interface Entry extends Readonly<Record<string, unknown>> {
  readonly merchantKey: string | readonly unknown[]
}

async function createFile(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-merchants-'))
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  const file = join(folder, 'merchants.json')
  const now = new Date('2026-12-02T00:00:00Z')
  const runtime = { ...realRuntime, now: () => now }
  const run = (...args: readonly string[]): Promise<Ran> =>
    runCommand(runMerchants, { environment: { SSPAY_MERCHANTS: file }, runtime }, ...args)
  const done = async (...args: readonly string[]): Promise<string> => {
    const { code, out, reported } = await run(...args)
    assert.equal(code, 0, reported)
    return out
  }
  const entries = async (): Promise<readonly Entry[]> => JSON.parse(await readFile(file, 'utf8'))
  return { folder, file, run, done, entries }
}

const added = ['--mall-id', 'SHOPPAY00p', '--acquirer', '00951234567', '--name', '쇼핑몰'] as const
const origin = ['--allow-origin', 'https://www.shop.example'] as const

test('help names every verb and option; wrong usage leads there and reads no file', async () => {
  const { code, out } = await runCommand(runMerchants, {}, '--help')
  assert.deepEqual([code, out], [0, merchantsHelp])
  for (const [args, says] of [
    [[], /list, add, set, disable/],
    [['drop', 'shop000001'], /^sspay-gateway merchants: drop: list/],
    [['list', 'shop000001'], /shop000001: 필요 없는/],
    [['set'], /MID/],
    [['--colour'], /--colour/],
  ] as const) {
    const ran = await runCommand(runMerchants, {}, ...args)
    assert.deepEqual([ran.code, says.test(ran.reported)], [2, true], ran.reported)
  }
  const unset = await runCommand(runMerchants, {}, 'list')
  assert.deepEqual([unset.code, /SSPAY_MERCHANTS must name/.test(unset.reported)], [2, true])
})

test('options of another verb, wrong and missing ones are named', async (t) => {
  const { run, folder } = await createFile(t)
  for (const [args, says] of [
    [['add', 'shop000001', ...added], /--allow-origin: 필요합니다/],
    [['add', 'shop000001', ...added, ...origin, '--minimum-amount', '0'], /--minimum-amount 0: 1~/],
    [['set', 'shop000001'], /Name at least one setting/],
    [['set', 'shop000001', '--overlap', '1d'], /--overlap: set에는/],
    [['disable', 'shop000001', '--name', 'x'], /--name: disable에는/],
    [['enable', 'shop000001', '--show-secrets'], /--show-secrets: enable에는/],
    [['rotate-key', 'shop000001', '--overlap', 'soon'], /--overlap soon: 14d/],
  ] as const) {
    const ran = await run(...args)
    assert.deepEqual([ran.code, says.test(ran.reported)], [2, true], ran.reported)
  }
  assert.deepEqual(await readdir(folder), [])
})

test('a merchant is added to a private file, listed, changed, disabled and enabled', async (t) => {
  const { folder, file, run, done, entries } = await createFile(t)
  const out = await done('add', 'shop000001', ...added, ...origin, '--notify-url', 'https://www.shop.example/notice')
  assert.match(out, /newly made, in the file: merchantKey, cancelPassword, webhookKey\n.*send SIGHUP/)
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  const [made] = await entries()
  const secrets = [made?.merchantKey, made?.cancelPassword].map(String)
  assert.deepEqual([secrets[0]?.length, secrets[1]?.length], [88, 6])

  const listed = await done('list', '--json')
  const [shown] = JSON.parse(listed).merchants
  assert.deepEqual([shown.merchantId, shown.notification.url], ['shop000001', 'https://www.shop.example/notice'])
  for (const text of [listed, await done('list'), out])
    for (const secret of [...secrets, 'whsec_']) assert.ok(!text.includes(secret))

  await done('set', 'shop000001', '--minimum-amount', '500', '--notify-count', '3', '--card-timeout', '4s')
  await done('disable', 'shop000001')
  const [changed] = await entries()
  assert.deepEqual(
    [changed?.minimumAmount, changed?.cardNetworkTimeoutMs, changed?.takesPayments, changed?.merchantKey],
    [500, 4_000, false, made?.merchantKey],
  )
  assert.match(await done('list'), /disabled/)
  await done('enable', 'shop000001')
  await done('set', 'shop000001', '--notify-url', 'none')
  const [enabled] = await entries()
  assert.deepEqual([enabled?.takesPayments, enabled?.notification], [undefined, undefined])

  const again = await run('add', 'shop000001', ...added, ...origin)
  assert.deepEqual([again.code, /The merchant exists/.test(again.reported)], [1, true])
  const unknown = await run('disable', 'shop00000x')
  assert.deepEqual([unknown.code, /no such merchant/.test(unknown.reported)], [1, true])
  assert.deepEqual(await readdir(folder), ['merchants.json'])
})

test('a key is rotated with an overlap that ends by itself or by the command; keys are printed when asked', async (t) => {
  const { done, run, entries } = await createFile(t)
  const first = JSON.parse(await done('add', 'shop000001', ...added, ...origin, '--show-secrets', '--json')).secrets
  assert.deepEqual(Object.keys(first), ['merchantKey', 'cancelPassword'])
  const printed = await done('rotate-key', 'shop000001', '--overlap', '14d', '--show-secrets')
  const second = /merchantKey=(\S{88})\n/.exec(printed)?.[1]
  const former = { key: first.merchantKey, until: '2026-12-16T00:00:00.000Z' }
  assert.deepEqual((await entries())[0]?.merchantKey, [second, former])
  const silent = await done('rotate-key', 'shop000001', '--json')
  assert.deepEqual(JSON.parse(silent).merchant.formerKeys, [{ until: null }, { until: former.until }])
  const [rotated] = await entries()
  const [third, ...left] = [rotated?.merchantKey ?? []].flat()
  assert.deepEqual([left, silent.includes(String(third))], [[{ key: second }, former], false])

  await done('rotate-key', 'shop000001')
  const many = await run('rotate-key', 'shop000001')
  assert.deepEqual([many.code, /former_keys \(at most 3/.test(many.reported)], [1, true])
  await done('end-overlap', 'shop000001')
  assert.equal(typeof (await entries())[0]?.merchantKey, 'string')
})

test('owner, permissions and link of the file stay; what is wrong or in use is left as it is', async (t) => {
  const { folder, file, run, done } = await createFile(t)
  await done('add', 'shop000001', ...added, ...origin)
  const real = join(folder, 'real.json')
  await writeFile(real, await readFile(file))
  await chmod(real, 0o640)
  await rm(file)
  await symlink(real, file)
  await done('disable', 'shop000001')
  assert.equal((await stat(real)).mode & 0o777, 0o640)
  assert.match(await readFile(real, 'utf8'), /"takesPayments": false/)

  const wrong = await run('set', 'shop000001', '--name', 'two\nlines')
  assert.equal(wrong.code, 2)
  await writeFile(`${real}.partial`, '')
  const busy = await run('enable', 'shop000001')
  assert.deepEqual([busy.code, /Another command is changing/.test(busy.reported)], [1, true])
  await rm(`${real}.partial`)
  await writeFile(real, 'canary')
  const broken = await run('enable', 'shop000001')
  assert.deepEqual([broken.code, /not a JSON array/.test(broken.reported)], [1, true])
  assert.deepEqual([await readFile(real, 'utf8'), broken.reported.includes('canary')], ['canary', false])
})
