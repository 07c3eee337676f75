import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { packPackages } from '../../tools/packages/pack.ts'
import { run } from '../frameworks/install-example.ts'
import { installHosts } from './hosts.ts'

const hosts = await installHosts()
const tool = (path: string): string => join(hosts, 'node_modules', path)
const node = (folder: string, ...given: readonly string[]): Promise<void> => run(folder, process.execPath, given)

const jest = tool('jest/bin/jest.js')
/** In this folder the tests are CommonJS. */
const inJestFolder = (...given: readonly string[]): Promise<void> => node(join(hosts, 'jest'), ...given)

test('Jest requires the package natively, and mocks it', () => inJestFolder('--experimental-vm-modules', jest))

test('Jest requires the package transformed, and mocks it', () =>
  inJestFolder(jest, '--config', 'transformed.config.js'))

test('Jest without a setting mocks the package, and rejects it itself', async () => {
  await inJestFolder(jest, 'mocked')
  await assert.rejects(inJestFolder(jest, 'required'), /Must use import to load ES Module/)
})

const tarballs = new Map(packPackages().map(({ name, file }) => [name, `file:${file}`]))

function makeShop(t: TestContext, overrides: object): string {
  const folder = join(hosts, t.name)
  mkdirSync(folder)
  const dependencies = { '@sspay/merchant': tarballs.get('merchant') }
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'a-shop', private: true, dependencies, ...overrides }),
  )
  return folder
}

const importIt = (folder: string): Promise<void> =>
  node(folder, '--input-type=module', '--eval', "import { createCheckout } from '@sspay/merchant'; createCheckout.name")

test('pnpm', async (t) => {
  const folder = makeShop(t, {})
  const install = (): Promise<void> => node(folder, tool('pnpm/bin/pnpm.cjs'), 'install', '--ignore-scripts')
  await assert.rejects(install(), /@sspay\/protocol.*404|404.*@sspay\/protocol/s)
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), `overrides:\n  '@sspay/protocol': ${tarballs.get('protocol')}\n`)
  await install()
  await importIt(folder)
})

test('yarn', async (t) => {
  const folder = makeShop(t, { resolutions: { '@sspay/protocol': tarballs.get('protocol') } })
  await node(folder, tool('yarn/bin/yarn.js'), 'install', '--ignore-scripts', '--no-lockfile')
  await importIt(folder)
})
