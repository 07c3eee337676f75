import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { UsageError } from '../src/addresses.ts'
import { writeHelp } from '../src/command-line/write-help.ts'
import { describeSandbox, readSandboxOptions, sandboxCommand } from '../src/start.ts'
import { run } from './command-line/support.ts'

test('the sandbox starts with its own ports in .sspay', () => {
  const { dataFolder, host, ports } = readSandboxOptions([], {})
  assert.match(dataFolder, /\/\.sspay$/)
  assert.equal(host, '127.0.0.1')
  assert.deepEqual(ports, { shop: 4600, gateway: 4610, gatewayTls: 4611, console: 4620 })
})

test('options come before the environment', () => {
  const environment = { SSPAY_DATA: '/tmp/a', SSPAY_HOST: '0.0.0.0', SSPAY_SHOP_PORT: '5600', SSPAY_CONSOLE_PORT: ' ' }
  const { dataFolder, host, ports } = readSandboxOptions(['--data=/tmp/b', '--host', '::1'], environment)
  assert.equal(dataFolder, '/tmp/b')
  assert.equal(host, '::1')
  assert.deepEqual({ shop: ports.shop, console: ports.console }, { shop: 5600, console: 4620 })
})

test('a merchants file is named by the environment', () => {
  assert.equal(readSandboxOptions([], { SSPAY_MERCHANTS: 'merchants.json' }).merchantsFile, 'merchants.json')
  assert.equal(readSandboxOptions([], { SSPAY_MERCHANTS: '' }).merchantsFile, undefined)
})

test('private networks and a timeout of the card network are settings of the gateway', () => {
  const { settings } = readSandboxOptions(['--private-networks', '--card-timeout', '3s'], {})
  assert.deepEqual(settings, { reachesPrivateNetworks: true, cardNetworkTimeoutMs: 3_000 })
  assert.deepEqual(readSandboxOptions([], {}).settings, {})
})

const rejected: readonly (readonly [string, readonly string[], Readonly<Record<string, string>>])[] = [
  ['--colour', ['--colour', 'red'], {}],
  ['--data', ['--data'], {}],
  ['stray', ['stray'], {}],
  ['--card-timeout', ['--card-timeout', 'soon'], {}],
  ['SSPAY_GATEWAY_PORT', [], { SSPAY_GATEWAY_PORT: '70000' }],
  ['SSPAY_GATEWAY_TLS_PORT', [], { SSPAY_GATEWAY_TLS_PORT: 'x' }],
]
for (const [name, given, environment] of rejected)
  test(`what is wrong is named: ${name}`, () =>
    assert.throws(
      () => readSandboxOptions(given, environment),
      (error) => error instanceof UsageError && error.message.startsWith(name),
    ))

test('the start says where everything is, which card to use and how to trust the certificate', () => {
  const urls = { shop: 'http://h:1', gateway: 'http://h:2', gatewayTls: 'https://h:3', console: 'http://h:4' }
  const text = (['ko', 'en'] as const)
    .map((language) => describeSandbox({ urls, caFile: '/data/tls/ca.pem' }, language))
    .join()
  for (const part of [
    ...Object.values(urls),
    '9406 0000 0000 0001',
    'NODE_EXTRA_CA_CERTS=/data/tls/ca.pem',
    'sspay merchants set ssptest01m --notify-url',
    '데모 상점',
    'demo shop',
  ])
    assert.ok(text.includes(part), part)
  const sandboxHelp = writeHelp(sandboxCommand, 'ko')
  assert.equal(sandboxHelp.split('keytool -importcert').length, 2, 'once')
  assert.match(sandboxHelp, /SSPAY_SHOP_PORT/)
})

const commands: readonly (readonly [readonly string[], number, RegExp])[] = [
  [['--help'], 0, /sspay sandbox/],
  [['sandbox', '--help'], 0, /SSPAY_DATA/],
  [['pay', '--help'], 0, /--delete-member/],
  [['refund'], 2, /refund/],
  [['sandbox', '--colour'], 2, /--colour/],
  [['pay', '--amount', 'x'], 2, /--amount/],
]
for (const [given, expected, text] of commands)
  test(`sspay ${given.join(' ')} ends with ${expected}`, async () => {
    const { exitCode, output, errors } = await run(given)
    assert.equal(exitCode, expected, errors)
    assert.match(output + errors, text)
  })

for (const [given, exitCode, text] of [commands[0], commands.at(-1)].filter((one) => one !== undefined))
  test(`the process of sspay ${given.join(' ')} ends with ${exitCode}`, async () => {
    const command = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
    const child = spawn(process.execPath, [command, ...given])
    const texts: string[] = []
    child.stdout.on('data', (chunk) => texts.push(String(chunk)))
    child.stderr.on('data', (chunk) => texts.push(String(chunk)))
    await once(child, 'close')
    assert.equal(child.exitCode, exitCode, texts.join(''))
    assert.match(texts.join(''), text)
  })
