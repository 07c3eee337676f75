import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createTlsFiles } from '../../sandbox/test/faults/support.ts'
import { EnvironmentError } from '../src/environment.ts'
import { type UnsafeSettingName, unsafeSettingNames } from '../src/settings.ts'
import { startGateway } from '../src/start-gateway.ts'
import { unsafeSettings } from '../src/unsafe-settings.ts'
import { environmentFor, listeningUrl, run } from './main-process.ts'
import { testMerchant, testRootKey } from './support.ts'

type Environment = Readonly<Record<string, string>>

/** A merchant of the file that is as it should be. */
const merchant = {
  merchantId: 'shop000001',
  easyPayMerchantId: 'SHOPPAY00p',
  name: '쇼핑몰',
  acquirerMerchantNumber: '00951234567',
  merchantKey: 'kZ3vQ8xW1mT7nB5cR9yL2pD6sF4hJ0gA+uE/iOqXwKtVbYzN',
  cancelPassword: '482913',
  allowedOrigins: ['https://www.shop.example'],
}

async function writeSecret(folder: string, name: string, text: string, mode = 0o600): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, text)
  await chmod(file, mode)
  return file
}

const merchantsFile = (folder: string, changes: object, mode?: number): Promise<string> =>
  writeSecret(folder, 'merchants.json', JSON.stringify([{ ...merchant, ...changes }]), mode)

/** What each name allows: the settings that would use it, and the variable that the rejection names. */
const examples: Readonly<
  Record<UnsafeSettingName, readonly (readonly [variable: string, make: (folder: string) => Promise<Environment>])[]>
> = {
  'plain-card-network': [
    ['SSPAY_CARD_NETWORK_URL', async () => ({ SSPAY_CARD_NETWORK_URL: 'http://card-network.example' })],
    ['SSPAY_CARD_NETWORK_URL', async () => ({ SSPAY_CARD_NETWORK_URL: 'http://10.1.2.3:8080' })],
  ],
  'plain-identity': [['SSPAY_IDENTITY_URL', async () => ({ SSPAY_IDENTITY_URL: 'http://identity.example' })]],
  'password-in-url': [
    ['SSPAY_CARD_NETWORK_URL', async () => ({ SSPAY_CARD_NETWORK_URL: 'https://user:canary@card-network.example' })],
    ['SSPAY_IDENTITY_URL', async () => ({ SSPAY_IDENTITY_URL: 'http://canary@127.0.0.1:1' })],
  ],
  'plain-window': [['SSPAY_HOST', async () => ({ SSPAY_HOST: '0.0.0.0' })]],
  'test-merchant-key': [
    ['SSPAY_MERCHANTS', (folder) => withMerchant(folder, { merchantKey: testMerchant.merchantKey.expose() })],
    [
      'SSPAY_MERCHANTS',
      (folder) => withMerchant(folder, { merchantKey: 'REPLACE-BY-THE-ISSUED-MERCHANT-KEY-OF-88-CHARACTERS' }),
    ],
  ],
  'weak-merchant-key': [
    ['SSPAY_MERCHANTS', (folder) => withMerchant(folder, { merchantKey: 'k'.repeat(88) })],
    ['SSPAY_MERCHANTS', (folder) => withMerchant(folder, { merchantKey: '0123456789'.repeat(5) })],
    ['SSPAY_MERCHANTS', (folder) => withMerchant(folder, { merchantKey: 'merchant-key-abc'.repeat(3) })],
  ],
  'weak-cancel-password': ['000000', '777777', '123456', '654321', '012345'].map((cancelPassword) => [
    'SSPAY_MERCHANTS',
    (folder: string) => withMerchant(folder, { cancelPassword }),
  ]),
  'readable-merchants-file': [0o644, 0o640, 0o602].map((mode) => [
    'SSPAY_MERCHANTS',
    async (folder: string) => ({ SSPAY_MERCHANTS: await merchantsFile(folder, {}, mode) }),
  ]),
  'readable-key-files': [
    [
      'SSPAY_CARD_NETWORK_TOKEN_FILE',
      async (folder) => ({
        SSPAY_CARD_NETWORK_TOKEN_FILE: await writeSecret(folder, 'token', 'canary-0123456789', 0o644),
      }),
    ],
    ['SSPAY_TLS_KEY', withReadableTlsKey],
  ],
  'readable-root-key-file': [
    [
      'SSPAY_ROOT_KEY_FILE',
      async (folder) => ({ SSPAY_ROOT_KEY_FILE: await writeSecret(folder, 'root.key', `${testRootKey}\n`, 0o640) }),
    ],
  ],
  'open-data-folder': [
    [
      'SSPAY_DATA',
      async (folder) => {
        const data = join(folder, 'open')
        await mkdir(data)
        await chmod(data, 0o777)
        return { SSPAY_DATA: data }
      },
    ],
  ],
}

const withMerchant = async (folder: string, changes: object): Promise<Environment> => ({
  SSPAY_MERCHANTS: await merchantsFile(folder, changes),
})

async function withReadableTlsKey(folder: string): Promise<Environment> {
  const { key, cert } = await createTlsFiles()
  return {
    SSPAY_TLS_KEY: await writeSecret(folder, 'key.pem', key, 0o644),
    SSPAY_TLS_CERT: await writeSecret(folder, 'cert.pem', cert, 0o644),
    SSPAY_GATEWAY_TLS_PORT: '0',
  }
}

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-unsafe-'))
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  return folder
}

test('the table, its names and these examples are the same', () => {
  assert.deepEqual(Object.keys(unsafeSettings).toSorted(), [...unsafeSettingNames].toSorted())
  assert.deepEqual(Object.keys(examples).toSorted(), [...unsafeSettingNames].toSorted())
})

for (const [name, uses] of Object.entries(examples))
  for (const [index, [variable, make]] of uses.entries())
    test(`${name} (${index + 1}): rejected with variable, cure and override`, async (t) => {
      const folder = await temporaryFolder(t)
      const data = join(folder, 'data')
      const environment = { ...environmentFor(data), ...(await make(folder)) }
      const cause = await startGateway(environment).catch((cause: unknown) => cause)
      assert.ok(cause instanceof EnvironmentError, String(cause))
      assert.match(
        cause.message,
        RegExp(`^${variable}: .*[가-힣].*\\n${variable} .*SSPAY_ALLOW_UNSAFE=${name}, it is: `),
      )
      assert.doesNotMatch(cause.message, /canary/)
      assert.equal((await readdir(folder)).includes('data'), false, 'nothing was opened')
    })

async function startedWith(t: TestContext, environment: Environment): Promise<string> {
  const started = run(environment)
  t.after(async () => {
    started.child.kill('SIGKILL')
    await started.ended
  })
  await listeningUrl(started)
  return started.output()
}

/** Everything at once, but for a token, which goes over plain HTTP to this machine only. */
async function everythingUnsafe(folder: string): Promise<Environment> {
  const data = join(folder, 'open')
  await mkdir(data)
  await chmod(data, 0o777)
  const merchants = [
    { ...merchant, merchantKey: testMerchant.merchantKey.expose() },
    { ...merchant, merchantId: 'shop000002', merchantKey: 'canary-0123456789'.repeat(3) },
    { ...merchant, merchantId: 'shop000003', cancelPassword: '123456' },
  ]
  return {
    SSPAY_CARD_NETWORK_URL: 'http://card-network.example',
    SSPAY_HOST: '0.0.0.0',
    SSPAY_DATA: data,
    SSPAY_IDENTITY_URL: 'http://user:canary@identity.example',
    SSPAY_MERCHANTS: await writeSecret(folder, 'merchants.json', JSON.stringify(merchants), 0o644),
    SSPAY_ROOT_KEY_FILE: await writeSecret(folder, 'root.key', `${testRootKey}\n`, 0o640),
  }
}

test('allowed unsafe settings start, and each use is logged with its name', async (t) => {
  const folder = await temporaryFolder(t)
  const SSPAY_ALLOW_UNSAFE = unsafeSettingNames.join(', ')
  const token = await writeSecret(folder, 'token', 'canary-0123456789', 0o644)
  const output =
    (await startedWith(t, { ...environmentFor(''), ...(await everythingUnsafe(folder)), SSPAY_ALLOW_UNSAFE })) +
    (await startedWith(t, {
      ...environmentFor(join(folder, 'data')),
      SSPAY_CARD_NETWORK_TOKEN_FILE: token,
      SSPAY_ALLOW_UNSAFE,
    }))
  const warned = [...output.matchAll(/"level":"warn"[^\n]*"name":"([\w-]+)"[^\n]*"unsafe_setting_allowed"/g)]
  assert.deepEqual(warned.map(([, name]) => name).toSorted(), [...unsafeSettingNames].toSorted())
  assert.doesNotMatch(output, /canary/)
})

test('safe settings are neither rejected nor logged', async (t) => {
  const folder = await temporaryFolder(t)
  const output = await startedWith(t, {
    ...environmentFor(join(folder, 'data')),
    SSPAY_MERCHANTS: await merchantsFile(folder, {}),
    SSPAY_CARD_NETWORK_URL: 'https://card-network.example',
  })
  assert.doesNotMatch(output, /unsafe_setting_allowed/)
})

test('one name allows one danger', async (t) => {
  const folder = await temporaryFolder(t)
  const environment = {
    ...environmentFor(join(folder, 'data')),
    SSPAY_CARD_NETWORK_URL: 'http://card-network.example',
    SSPAY_IDENTITY_URL: 'http://identity.example',
    SSPAY_ALLOW_UNSAFE: 'plain-card-network',
  }
  await assert.rejects(startGateway(environment), /SSPAY_ALLOW_UNSAFE=plain-identity/)
})
