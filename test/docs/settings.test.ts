import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { readPlace, readRequestLog, readSwitch, readWholeNumber } from '../../packages/gateway/src/environment.ts'
import { gatewayHelp } from '../../packages/gateway/src/help.ts'
import { readAddresses } from '../../packages/gateway/src/read-addresses.ts'
import {
  defaultSettings,
  requestLogOn,
  type Setting,
  type SettingOf,
  settingsTable,
  usualRequestLog,
} from '../../packages/gateway/src/settings.ts'
import { addresses } from '../../packages/sandbox/src/addresses.ts'
import { writeHelp } from '../../packages/sandbox/src/command-line/write-help.ts'
import { readSandboxOptions, sandboxCommand, sandboxDefaults } from '../../packages/sandbox/src/start.ts'
import { languages } from '../../tools/docs/language.ts'
import { repository } from '../source/files.ts'
import { faultsInHelp, faultsInSentences, faultsInTable, type KnownSetting, variablesIn } from './settings.ts'

const read = (path: string): string => readFileSync(resolve(repository, path), 'utf8')

const variablesOf = (pattern: string, except: readonly string[] = []): readonly string[] =>
  [
    ...new Set(
      globSync(pattern, { cwd: repository })
        .filter((path) => !except.includes(path))
        .flatMap((path) => variablesIn(read(path))),
    ),
  ].toSorted()

const rows = Object.entries<Setting>(settingsTable)
const gatewaySettings: readonly KnownSetting[] = rows.map(([name, setting]) => ({ name, ...setting }))

const guides = { gateway: 'operating', sandbox: 'cli' } as const
const guideOf = (language: string, program: keyof typeof guides): string =>
  read(`docs/guides/${language}/${guides[program]}.md`)

/** The console's names have no default that could be written as a value. */
const namesOfConsole = { ko: '| 루프백 주소와 `localhost`만 |', en: '| loopback addresses and `localhost` |' }
const nameless = { ko: '| 없음 |', en: '| none |' }

const gatewayTable = (language: 'ko' | 'en'): string =>
  guideOf(language, 'gateway').replace(namesOfConsole[language], nameless[language])

const ports = Object.values(addresses).map(({ variable, defaultPort }) => ({ name: variable, default: defaultPort }))
const sandboxSettings: readonly KnownSetting[] = [
  ...ports,
  ...Object.entries(sandboxDefaults).map(([name, value]) => ({ name, default: value })),
  { name: 'SSPAY_CONSOLE_HOSTS' },
  { name: 'SSPAY_DATABASE_URL' },
  { name: 'SSPAY_MERCHANTS' },
]

test('every variable that the gateway reads is a row of its settings, and every row is read', () => {
  const settingsFile = 'packages/gateway/src/settings.ts'
  assert.deepEqual(variablesOf('packages/gateway/src/**/*.ts', [settingsFile]), Object.keys(settingsTable).toSorted())
})

test('the readers and the settings of the gateway have the defaults of the table', async () => {
  for (const [name, setting] of rows)
    if (setting.type === 'number') assert.equal(readWholeNumber({}, name as SettingOf<'number'>), setting.default, name)
  assert.equal(readSwitch({}, 'SSPAY_WORKERS'), settingsTable.SSPAY_WORKERS.default === 'on')
  assert.equal(readSwitch({}, 'SSPAY_CONSOLE_BEHIND_LOGIN'), false)
  const { host, consoleHost, ports } = await readAddresses({})
  assert.equal(host, settingsTable.SSPAY_HOST.default)
  assert.equal(consoleHost, settingsTable.SSPAY_CONSOLE_HOST.default)
  assert.deepEqual(Object.values(ports), [4610, 4611, 4620])
  const place = readPlace({ SSPAY_DATABASE_URL: 'postgres://user@127.0.0.1/sspay' })
  assert.equal('connections' in place && place.connections, 10)
  const { limits, requestLog } = defaultSettings
  assert.deepEqual([limits.targetLatencyMs, limits.proxyHops], [30, 0])
  assert.equal(defaultSettings.keepUnauthenticatedMs, 7 * 86_400_000)
  assert.equal(readRequestLog({}), requestLog)
  assert.deepEqual(usualRequestLog, { keepMs: requestLogOn.days * 86_400_000, mostRows: requestLogOn.calls })
})

test('--help of the gateway has every variable with its default', () => {
  assert.deepEqual(faultsInHelp(gatewayHelp, gatewaySettings), [])
})

/** Print or write the variables that a shop sets; they read none of them. */
const shopSettingsFiles = ['packages/sandbox/src/merchants/command.ts', 'packages/sandbox/src/init/shop-files.ts']

test('every variable that the sandbox and its commands read is in the guide of the command line', () => {
  for (const language of languages) {
    const guide = guideOf(language, 'sandbox')
    const missing = variablesOf('packages/sandbox/src/**/*.ts', shopSettingsFiles).filter(
      (name) => !guide.includes(name),
    )
    assert.deepEqual(missing, [], language)
  }
})

test('what the sandbox reads at its start is known here, with the defaults that it takes', () => {
  const found = [...variablesOf('packages/sandbox/src/{addresses,start}.ts')]
  assert.deepEqual(found, sandboxSettings.map(({ name }) => name).toSorted())
  const { dataFolder, host, ports } = readSandboxOptions([], {})
  assert.deepEqual([dataFolder, host], [resolve(sandboxDefaults.SSPAY_DATA), sandboxDefaults.SSPAY_HOST])
  for (const [name, { defaultPort }] of Object.entries(addresses))
    assert.equal(ports[name as keyof typeof ports], defaultPort)
})

test('sandbox and gateway listen at the same ports and host', () => {
  const { gateway, gatewayTls, console } = addresses
  for (const { variable, defaultPort } of [gateway, gatewayTls, console])
    assert.equal(gatewaySettings.find(({ name }) => name === variable)?.default, defaultPort, variable)
  assert.equal(sandboxDefaults.SSPAY_HOST, settingsTable.SSPAY_HOST.default)
})

const { days, calls } = requestLogOn
const requestLogText = {
  ko: `${days}일, ${calls.toLocaleString('en')}건`,
  en: `${days} days, ${calls.toLocaleString('en')} calls`,
}

for (const language of languages) {
  test(`the operating guide has every variable of the gateway with its default (${language})`, () => {
    assert.deepEqual(faultsInTable(gatewayTable(language), gatewaySettings, language), [])
    assert.ok(guideOf(language, 'gateway').includes(requestLogText[language]), requestLogText[language])
    assert.ok(gatewayHelp.includes(requestLogText[language]), requestLogText[language])
  })

  test(`--help of the sandbox and the guide of the command line have its variables with their defaults (${language})`, () => {
    assert.deepEqual(faultsInSentences(writeHelp(sandboxCommand, language), sandboxSettings, language), [])
    const options = [
      { name: '--console URL', default: `http://localhost:${addresses.console.defaultPort}` },
      { name: '--gateway URL', default: `http://localhost:${addresses.gateway.defaultPort}` },
    ]
    assert.deepEqual(faultsInSentences(guideOf(language, 'sandbox'), [...sandboxSettings, ...options], language), [])
  })
}

test('a wrong default, a missing variable and one that is not read are found in help', () => {
  const faultsWith = (from: RegExp, to: string) => faultsInHelp(gatewayHelp.replace(from, to), gatewaySettings)
  assert.deepEqual(faultsWith(/30 ms/, '50 ms'), ['SSPAY_LATENCY_TARGET_MS: 50 ms, but the code has 30 ms'])
  assert.deepEqual(faultsWith(/\(required\)/, ''), ['SSPAY_DATA: undefined, but the code has required'])
  assert.deepEqual(faultsWith(/^ {2}SSPAY_HOST .*\n/m, ''), ['SSPAY_HOST: missing'])
  assert.deepEqual(faultsWith(/^ {2}SSPAY_HOST /m, '  SSPAY_GONE  x (1)\n$&'), ['SSPAY_GONE: not read'])
})

for (const language of languages)
  test(`a wrong default, a missing variable and one that is not read are found in a guide (${language})`, () => {
    const table = gatewayTable(language)
    const faultsWith = (from: RegExp, to: string) => faultsInTable(table.replace(from, to), gatewaySettings, language)
    assert.deepEqual(faultsWith(/`30` \|/, '`50` |'), ['SSPAY_LATENCY_TARGET_MS: `50`, but the code has `30`'])
    assert.deepEqual(faultsWith(/`4611` \|/, '4610 |'), ['SSPAY_GATEWAY_TLS_PORT: 4610, but the code has `4611`'])
    assert.deepEqual(faultsWith(/^\| `SSPAY_WORKERS`.*\n/m, ''), ['SSPAY_WORKERS: missing'])
    assert.deepEqual(faultsWith(/^\| `SSPAY_WORKERS`/m, '| `SSPAY_GONE` | x | `1` |\n$&'), ['SSPAY_GONE: not read'])
  })

test('a wrong default and a missing variable are found in the help of the sandbox', () => {
  const help = writeHelp(sandboxCommand, 'en')
  const faultsWith = (from: RegExp, to: string) => faultsInSentences(help.replace(from, to), sandboxSettings, 'en')
  assert.deepEqual(faultsWith(/4611 by/, '4612 by'), ['SSPAY_GATEWAY_TLS_PORT: 4612, but the code has 4611'])
  assert.deepEqual(faultsWith(/, 4600 by default/, ''), ['SSPAY_SHOP_PORT: no default, but the code has 4600'])
  assert.deepEqual(faultsWith(/SSPAY_DATABASE_URL/, ''), ['SSPAY_DATABASE_URL: missing'])
})

test('a variable is found however it is read', () => {
  const source = "textOf(environment, 'SSPAY_NEW_ONE'); process.env.NO_COLOR; const { SSPAY_LANG } = environment"
  assert.deepEqual(variablesIn(source), ['SSPAY_NEW_ONE', 'NO_COLOR', 'SSPAY_LANG'])
})
