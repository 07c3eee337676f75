import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../../../test/support/until.ts'
import { createTlsFiles } from '../../sandbox/test/faults/support.ts'
import { type Environment, isLasting } from '../src/environment.ts'
import { startGateway } from '../src/start-gateway.ts'
import { environmentFor, run } from './main-process.ts'
import { testRootKey } from './support.ts'

async function statusUnder(url: string, host: string): Promise<number | undefined> {
  const call = request(`${url}/ssp/window/nothing`, { headers: { host }, rejectUnauthorized: false }).end()
  const [answer] = (await once(call, 'response')) as [IncomingMessage]
  answer.resume()
  return answer.statusCode
}

test('with plain HTTP off the window is served over HTTPS only, and under its public hosts', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-test-'))
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  const { key, cert } = await createTlsFiles()
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  await writeFile(keyFile, key, { mode: 0o600 })
  await writeFile(certFile, cert)
  const { child, output, ended } = run({
    ...environmentFor(join(folder, 'data')),
    SSPAY_GATEWAY_PORT: 'off',
    SSPAY_GATEWAY_TLS_PORT: '0',
    SSPAY_TLS_KEY: keyFile,
    SSPAY_TLS_CERT: certFile,
    SSPAY_PUBLIC_HOSTS: 'pay.example',
  })
  t.after(() => child.kill('SIGKILL') && ended)
  const urls = (): readonly string[] => [...output().matchAll(/"url":"(https?:[^"]+)"/g)].map(([, url = '']) => url)
  await until(() => urls().length >= 2, { what: output })

  assert.deepEqual(
    urls().map((url) => new URL(url).protocol),
    ['https:', 'http:'],
    'the window, and the console on this machine',
  )
  const [url = ''] = urls()
  assert.deepEqual([await statusUnder(url, 'pay.example'), await statusUnder(url, 'other.example')], [410, 421])
})

/** Root may read and write everything, so permissions cannot be tested with it; other obstacles go the same way. */
const obstacles: readonly (readonly [string, (folder: string) => Promise<Environment>, RegExp, isLasting: boolean])[] =
  [
    [
      'a lock that is no file',
      async (folder) => {
        await mkdir(join(folder, 'gateway.lock'))
        return {}
      },
      /^SSPAY_DATA: .*\nSSPAY_DATA: gateway\.lock in .* cannot be used \(unable to open database file\): check its owner/,
      false,
    ],
    [
      'a database that is no file',
      async (folder) => {
        await mkdir(join(folder, 'gateway.db'))
        return { SSPAY_ROOT_KEY: testRootKey }
      },
      /^SSPAY_DATA: .*\nSSPAY_DATA: .*gateway\.db cannot be used as a SQLite database \(unable to open/,
      false,
    ],
    [
      'a root key that can be neither read nor made',
      async (folder) => {
        await writeFile(join(folder, 'keys'), '')
        return {}
      },
      /root\.key: the root key file can be neither read nor created \(ENOTDIR\): .*SSPAY_ROOT_KEY_FILE$/,
      true,
    ],
    [
      'a lost root key',
      async (folder) => {
        await writeFile(join(folder, 'gateway.db'), '')
        return {}
      },
      /root\.key is missing, but .*gateway\.db is encrypted with it: restore the key file/,
      true,
    ],
    [
      'a file of a setting that is missing',
      async (folder) => ({ SSPAY_MERCHANTS: join(folder, 'none.json') }),
      /SSPAY_MERCHANTS names a file that cannot be read \(ENOENT\), it is: .*none\.json/,
      true,
    ],
  ]

for (const [what, prepare, says, lasts] of obstacles)
  test(`${what} is a sentence with the setting`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'sspay-test-'))
    t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
    const environment = { ...environmentFor(folder), ...(await prepare(folder)) }
    const cause = await startGateway(environment).then(
      () => assert.fail('it has started'),
      (error: Error) => error,
    )
    assert.match(cause.message, says)
    assert.equal(isLasting(cause), lasts)
  })
