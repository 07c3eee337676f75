import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { blocksOf, linksOf } from '../../tools/docs/markdown.ts'
import { repository } from '../source/files.ts'
import { freePort } from '../support/free-port.ts'
import { type NpmCommand, startNpm } from './npm-command.ts'
import { commandsOf } from './shell.ts'

const maxLines = 90
const startsWithinMs = 40_000
const paysWithinMs = 40_000

const readText = (path: string): string => readFileSync(resolve(repository, path), 'utf8')
const readmes = ['README.md', 'README.en.md'].map((path) => ({ path, text: readText(path) }))

/** Every command that a page shows, in its blocks and in its sentences. */
function commandsIn(text: string): readonly string[] {
  const ofBlocks = blocksOf(text)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ language, code }) => commandsOf(language, code))
    .map(({ words }) => words.join(' '))
  const ofSentences = [...text.matchAll(/`((?:npm|npx|bash|node) [^`]+)`/g)].map(([, command = '']) => command)
  return [...new Set([...ofBlocks, ...ofSentences])].sort()
}

/** `here`: run below. `check`: `.ci/run` runs it, on every change. */
const howCommandsAreRun: Readonly<Record<string, 'here' | 'check'>> = {
  'npm ci': 'check',
  'npm start': 'here',
  'npm run pay -- --amount 1004': 'here',
  'npm test': 'check',
}

for (const { path, text } of readmes) {
  test(`${path} fits on a front page and shows the payment window`, () => {
    assert.ok(text.trimEnd().split('\n').length <= maxLines, `more than ${maxLines} lines`)
    const pictures = linksOf(text).filter(({ isPicture }) => isPicture)
    assert.ok(pictures.length > 0, 'no picture')
    for (const { target } of pictures) assert.ok(existsSync(resolve(repository, target)), target)
  })

  test(`every command of ${path} is run`, () => {
    assert.deepEqual(commandsIn(text), Object.keys(howCommandsAreRun).sort())
  })

  test(`the throughput that ${path} states was measured`, () => {
    const figures = [...text.matchAll(/(?:초당 )?([\d,]+)(?:건| approvals\/s)/g)]
      .map(([, figure = '']) => figure)
      .filter((figure) => figure.includes(','))
    assert.ok(figures.length >= 2)
    const benchmarks = readText('docs/benchmarks.md').replaceAll(/(\d),(\d)/g, '$1$2')
    for (const figure of figures) assert.match(benchmarks, new RegExp(`\\b${figure.replace(',', '')}\\b`))
  })
}

test('the check of every change runs what the table says', () => {
  const check = readText('.ci/run')
  const commands = Object.keys(howCommandsAreRun).filter((command) => howCommandsAreRun[command] === 'check')
  for (const command of commands) assert.match(check, new RegExp(`^[^#\\n]*\\b${command}(?=[ ;\\n])`, 'm'))
})

test('a command without a row is found', () => {
  assert.deepEqual(commandsIn('`npm run one`\n\n```sh\nnpm ci && npm run two  # why\n```\n'), [
    'npm ci',
    'npm run one',
    'npm run two',
  ])
})

interface TrySandbox {
  readonly environment: Readonly<Record<string, string>>
  /** The address of this sandbox for one that a page names. */
  here(address: string): string
}

async function chooseAddresses(dataFolder: string): Promise<TrySandbox> {
  const variables = {
    4600: 'SSPAY_SHOP_PORT',
    4610: 'SSPAY_GATEWAY_PORT',
    4611: 'SSPAY_GATEWAY_TLS_PORT',
    4620: 'SSPAY_CONSOLE_PORT',
  }
  const chosen = await Promise.all(Object.entries(variables).map(async (row) => [...row, await freePort()] as const))
  const ports = new Map(chosen.map(([usual, , port]) => [usual, port]))
  return {
    environment: {
      SSPAY_DATA: dataFolder,
      ...Object.fromEntries(chosen.map(([, variable, port]) => [variable, String(port)])),
    },
    here: (address) => address.replace(/(?<=localhost:)\d+/, (usual) => String(ports.get(usual))),
  }
}

async function waitUntilItRuns(sandbox: NpmCommand, address: string): Promise<void> {
  const deadline = performance.now() + startsWithinMs
  while (performance.now() < deadline) {
    const answer = await fetch(address, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
    if (answer?.ok === true) return
    await sleep(50)
  }
  throw new Error(`npm start does not answer at ${address}: ${sandbox.output()}`)
}

const statusOf = async (address: string): Promise<number> =>
  (await fetch(address, { signal: AbortSignal.timeout(5_000) })).status

test('npm start opens the addresses of the READMEs, and npm run pay pays there', async (t) => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'sspay-readme-'))
  t.after(() => rm(dataFolder, { recursive: true, force: true }))
  const { environment, here } = await chooseAddresses(dataFolder)
  const sandbox = startNpm('npm start', environment)
  t.after(() => sandbox.end())
  await waitUntilItRuns(sandbox, here('http://localhost:4610/healthz'))

  const named = readmes.flatMap(({ text }) => [...text.matchAll(/(?<!`)http:\/\/localhost:\d+[\w/]*/g)])
  const addresses = [...new Set(named.map(([address]) => address))]
  assert.ok(addresses.length >= 4)
  for (const address of addresses) assert.equal(await statusOf(here(address)), 200, address)

  const pay = startNpm('npm run pay -- --amount 1004', environment)
  t.after(() => pay.end())
  assert.equal(await pay.exitCode(paysWithinMs), 0, pay.output())
  const transactionId = /\bssptest01m\d{20}\b/.exec(pay.output())?.[0]
  assert.equal(await statusOf(here(`http://localhost:4620/payments/${transactionId}`)), 200, pay.output())
})
