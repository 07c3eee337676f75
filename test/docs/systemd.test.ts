import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { readSettings } from '../../packages/gateway/src/read-settings.ts'
import { settingsTable } from '../../packages/gateway/src/settings.ts'
import { repository } from '../source/files.ts'
import { until } from '../support/until.ts'
import { assignmentsIn, directivesOf, unitFile } from './systemd-unit.ts'

const environmentFile = readFileSync(join(repository, 'docs/operating/gateway.env'), 'utf8')

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0
const skip = hasSystemd ? false : 'systemd-analyze is not installed'

function createFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sspay-unit-'))
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))
  return folder
}

/** systemd checks that the program is there. */
function copyUnit(t: TestContext, change: (text: string) => string): string {
  const file = join(createFolder(t), 'sspay-gateway.service')
  writeFileSync(file, change(readFileSync(unitFile, 'utf8').replaceAll('/opt/sspay/node_modules/.bin/', '/bin/true ')))
  return file
}

const analyze = (...words: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', words, { encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

test('systemd reads the unit without a warning, and its exposure is at most 2.0', { skip }, (t) => {
  const file = copyUnit(t, (text) => text)
  assert.deepEqual(analyze('verify', file), { status: 0, output: '' })
  const { status, output } = analyze('security', '--offline=true', '--threshold=20', file)
  assert.equal(status, 0, output)
})

test('an injected directive that systemd does not know is found', { skip }, (t) => {
  const { output } = analyze(
    'verify',
    copyUnit(t, (text) => text.replace('RestartSec', 'RestrtSec')),
  )
  assert.match(output, /Unknown key (name )?'RestrtSec'/)
})

test('gateway.env has every setting, and every default in it is one that the gateway takes', async (t) => {
  const all = Object.fromEntries(assignmentsIn(environmentFile.replaceAll(/^#(SSPAY_\w+=)(?!<)/gm, '$1')))
  const named = [...environmentFile.matchAll(/^#?(SSPAY_\w+)=/gm)].map(([, name = '']) => name)
  assert.deepEqual(named, Object.keys(settingsTable))
  const { unknown, drainMs, loaded } = await readSettings({ ...all, SSPAY_DATA: createFolder(t) })
  assert.deepEqual([unknown, drainMs, loaded.merchants, loaded.unsafe], [[], 0, [], []])
})

function environmentOf(folder: string): Readonly<Record<string, string>> {
  const here = environmentFile.replaceAll(/=https:.*/g, '=http://127.0.0.1:1')
  const unit = Object.fromEntries(directivesOf('Environment').flatMap(assignmentsIn))
  const ports = { SSPAY_GATEWAY_PORT: '0', SSPAY_CONSOLE_PORT: '0', SSPAY_DRAIN_SECONDS: '0' }
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  const all = { ...unit, ...Object.fromEntries(assignmentsIn(here)), ...ports, PATH, NODE_COMPILE_CACHE }
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, value.replace('/var/lib/sspay', join(folder, 'state'))]),
  )
}

/** As systemd starts it, with `folder` as the root. */
function start(folder: string, command: string): { readonly child: ChildProcess; readonly output: () => string } {
  const [program = '', ...words] = command.replace(/^-/, '').split(' ')
  const child = spawn(join(folder, program), words, { env: environmentOf(folder), cwd: join(folder, 'opt/sspay') })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  return { child, output: () => output }
}

test('the commands of the unit check, start, reload and stop a gateway with gateway.env', async (t) => {
  const folder = createFolder(t)
  const bin = join(folder, 'opt/sspay/node_modules/.bin/sspay-gateway')
  mkdirSync(dirname(bin), { recursive: true })
  mkdirSync(join(folder, 'state'), { mode: 0o700 })
  symlinkSync(join(repository, 'packages/gateway/src/bin.ts'), bin)

  const before = start(folder, directivesOf('ExecStartPre')[0] ?? '')
  const [checked] = await once(before.child, 'close')
  assert.equal(checked, 1, 'card network and identity agency do not answer here')
  assert.match(before.output(), /^ok +settings/m)

  const { child, output } = start(folder, directivesOf('ExecStart')[0] ?? '')
  const ended = once(child, 'close')
  t.after(() => child.kill('SIGKILL'))
  await until(() => output().split('"event":"listening"').length === 3 || child.exitCode !== null, { what: output })
  const [, url] = /"url":"(http:[^"]+)"/.exec(output()) ?? []
  assert.equal((await fetch(`${url}/readyz`)).status, 200)
  const [, signal = ''] = /^\/bin\/kill -(\w+) \$MAINPID$/.exec(directivesOf('ExecReload')[0] ?? '') ?? []
  child.kill(`SIG${signal}` as NodeJS.Signals)
  await until(() => output().includes('"event":"reloaded"'), { what: output })
  child.kill('SIGTERM')
  assert.deepEqual(await ended, [0, null], output())
})
