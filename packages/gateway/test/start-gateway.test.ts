import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../../../test/support/until.ts'
import { createTlsFiles } from '../../sandbox/test/faults/support.ts'
import { environmentFor, run } from './main-process.ts'

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
