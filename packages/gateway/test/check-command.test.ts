import assert from 'node:assert/strict'
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createTlsFiles } from '../../sandbox/test/faults/support.ts'
import { checkHelp, runCheck } from '../src/check-command.ts'
import { type Environment, readPlace, readRootKeys } from '../src/environment.ts'
import { listen } from '../src/listen.ts'
import { openGateway } from '../src/open-gateway.ts'
import { realRuntime } from '../src/runtime.ts'
import { Secret } from '../src/secret.ts'
import { environmentFor } from './main-process.ts'
import { testMerchant, testRootKey, testSettings } from './support.ts'

async function check(environment: Environment, ...args: string[]) {
  let [out, reported] = ['', '']
  const code = await runCheck(args, {
    runtime: realRuntime,
    environment,
    place: () => readPlace(environment),
    rootKeys: (place) => readRootKeys(environment, place),
    write: (text) => {
      out += text
    },
    report: (text) => {
      reported += text
    },
  })
  return { code, out, reported }
}

type Found = Readonly<Record<string, { readonly status: string; readonly detail: string }>>

async function statusesOf(environment: Environment) {
  const { code, out } = await check(environment, '--json')
  const found = JSON.parse(out) as Found
  return { code, found, failed: Object.keys(found).filter((name) => found[name]?.status === 'failed') }
}

async function createPlace(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-check-'))
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  const services = await listen({ fetch: async () => new Response('', { status: 404 }), host: '127.0.0.1', port: 0 })
  t.after(() => services.close())
  return { folder, environment: { ...environmentFor(folder, services.url), SSPAY_ROOT_KEY: testRootKey } }
}

async function writeDatabase(folder: string): Promise<void> {
  const gateway = await openGateway({
    place: { dataFolder: folder },
    rootKey: new Secret(testRootKey),
    settings: testSettings,
    cardNetworkUrl: 'http://127.0.0.1:1',
    identityUrl: 'http://127.0.0.1:1',
    logDestination: { write: () => {} },
    hasWorkers: false,
  })
  await gateway.saveMerchant(testMerchant)
  await gateway.close()
}

test('help names what is checked and the exit codes; a wrong option is wrong usage', async () => {
  assert.deepEqual(await check({}, '--help'), { code: 0, out: checkHelp, reported: '' })
  assert.equal((await check({}, '--jsn')).code, 2)
})

test('before the first start there are warnings, and nothing is made', async (t) => {
  const { folder, environment } = await createPlace(t)
  const { code, found, failed } = await statusesOf(environment)
  assert.deepEqual([code, failed, found.database?.status, found['root-key']?.status], [0, [], 'warning', 'warning'])
  assert.deepEqual(await readdir(folder), [])
})

test('with a database everything is in order, one line each; another root key is named', async (t) => {
  const { folder, environment } = await createPlace(t)
  await chmod(folder, 0o700)
  await writeDatabase(folder)
  const { code, out } = await check(environment)
  assert.equal(code, 0)
  assert.match(out, /^(ok +[a-z-]+ .*\n){7}$/)
  const other = await statusesOf({ ...environment, SSPAY_ROOT_KEY: 'f'.repeat(64) })
  assert.deepEqual([other.code, other.failed], [2, ['root-key']])
})

test('a wrong setting, a wrong file and an expired certificate end with 2, a silent service with 1', async (t) => {
  const { folder, environment } = await createPlace(t)
  const silent = await statusesOf({ ...environment, SSPAY_IDENTITY_URL: 'http://127.0.0.1:1' })
  assert.deepEqual([silent.code, silent.failed], [1, ['identity']])
  assert.match(silent.found.identity?.detail ?? '', /ECONNREFUSED/)

  const setting = await statusesOf({ ...environment, SSPAY_WORKERS: 'maybe' })
  assert.deepEqual([setting.code, setting.failed], [2, ['settings']])

  const merchants = join(folder, 'merchants.json')
  await writeFile(merchants, '[{"merchantKey":"canary"}]', { mode: 0o600 })
  const file = await check({ ...environment, SSPAY_MERCHANTS: merchants })
  assert.deepEqual([file.code, /failed +merchants .*merchant 1 has/.test(file.out)], [2, true])
  assert.equal(file.out.includes('canary'), false)

  const { key, cert } = await createTlsFiles()
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  await writeFile(keyFile, key, { mode: 0o600 })
  await writeFile(certFile, cert)
  const now = new Date('2999-01-01')
  const withTls = { ...environment, SSPAY_TLS_KEY: keyFile, SSPAY_TLS_CERT: certFile }
  let out = ''
  const code = await runCheck(['--json'], {
    runtime: { ...realRuntime, now: () => now },
    environment: withTls,
    place: () => readPlace(withTls),
    rootKeys: (place) => readRootKeys(withTls, place),
    write: (text) => {
      out += text
    },
    report: () => {},
  })
  assert.deepEqual([code, JSON.parse(out).certificates.status], [2, 'failed'])
})
