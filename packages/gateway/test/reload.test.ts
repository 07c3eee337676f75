import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { connect } from 'node:tls'
import { until } from '../../../test/support/until.ts'
import { createTlsFiles } from '../../sandbox/test/faults/support.ts'
import { changeMerchants, withNewKey } from '../src/change-merchants.ts'
import { runMerchants } from '../src/merchants-command.ts'
import { Secret } from '../src/secret.ts'
import { encryptedRequest } from './cancellation/support.ts'
import { environmentFor, type Run, run } from './main-process.ts'
import { runCommand } from './run-command.ts'
import { testMerchant } from './support.ts'

const keyNamed = (name: string): string => `${name}-kZ3vQ8xW1mT7nB5cR9yL2pD6sF4hJ0gA+uE/iOqXwKtVbYzN`

const entryOf = (merchantId: string, merchantKey: unknown, changes = {}) => ({
  merchantId,
  easyPayMerchantId: 'SHOPPAY00p',
  name: '쇼핑몰',
  acquirerMerchantNumber: '00951234567',
  merchantKey,
  cancelPassword: '482913',
  allowedOrigins: ['https://www.shop.example'],
  ...changes,
})

type Line = Readonly<Record<string, string>>

const linesOf = ({ output }: Run, event: RegExp): readonly Line[] =>
  output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => event.test(line.event ?? ''))

async function startReloadable(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-reload-'))
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  const write = async (name: string, text: string): Promise<string> => {
    const file = join(folder, name)
    await writeFile(file, text, { mode: 0o600 })
    return file
  }
  const writeMerchants = (...entries: readonly object[]) => write('merchants.json', JSON.stringify(entries))
  const writeTls = async () => {
    const { key, cert } = await createTlsFiles()
    return { SSPAY_TLS_KEY: await write('key.pem', key), SSPAY_TLS_CERT: await write('cert.pem', cert) }
  }
  const started = run({
    ...environmentFor(join(folder, 'data')),
    ...(await writeTls()),
    SSPAY_GATEWAY_TLS_PORT: '0',
    SSPAY_MERCHANTS: await writeMerchants(entryOf('shop00000a', keyNamed('a1')), entryOf('shop00000b', keyNamed('b1'))),
    SSPAY_LOG_LEVEL_FILE: join(folder, 'level'),
  })
  t.after(async () => {
    started.child.kill('SIGKILL')
    await started.ended
  })
  await until(() => linesOf(started, /^listening$/).length === 3, { what: started.output })
  let reloads = 0
  const reload = async (): Promise<Line> => {
    started.child.kill('SIGHUP')
    reloads += 1
    await until(() => linesOf(started, /^reload/).length === reloads, { what: started.output })
    return linesOf(started, /^reload/).at(-1) as Line
  }
  const [url = '', tlsUrl = '', consoleUrl = ''] = linesOf(started, /^listening$/).map((line) => line.url)
  const merchantsFile = join(folder, 'merchants.json')
  return { started, url, tlsUrl, consoleUrl, merchantsFile, write, writeMerchants, writeTls, reload }
}

/** The answer to a cancellation of an unknown payment: it is decrypted, its signature and password are right. */
const accepted = '2012'

/** Asks to cancel a payment that does not exist, signed with that key. */
async function ask(url: string, merchantId: string, key: string): Promise<string> {
  const merchant = { ...testMerchant, merchantId, merchantKey: new Secret(key) }
  const body = encryptedRequest({ Tid: `${merchantId}0101${'1'.repeat(16)}`, CancelPwd: '482913' }, { merchant })
  const answer = await fetch(`${url}/payment/approval/cancel.do`, { method: 'POST', body })
  return ((await answer.json()) as { ResultCode: string }).ResultCode
}

async function certificateOf(url: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const found = socket.getPeerX509Certificate()?.fingerprint256 ?? ''
  socket.destroy()
  return found
}

test('SIGHUP reloads merchants, keys and log level, and no request of another merchant fails', async (t) => {
  const { started, url, merchantsFile, write, writeMerchants, reload } = await startReloadable(t)
  const shopB = entryOf('shop00000b', keyNamed('b1'))
  const outcomes = new Map<string, number>()
  let isOver = false
  const load = Array.from({ length: 8 }, async () => {
    while (!isOver) {
      const code = await ask(url, 'shop00000b', keyNamed('b1')).catch(String)
      outcomes.set(code, (outcomes.get(code) ?? 0) + 1)
    }
  })
  const askA = (name: string): Promise<string> => ask(url, 'shop00000a', keyNamed(name))
  try {
    const rejected = await askA('a2')
    assert.deepEqual([await askA('a1'), rejected === accepted], [accepted, false])

    await writeMerchants(entryOf('shop00000a', keyNamed('a2')), shopB, entryOf('shop00000c', keyNamed('c1')))
    // What the command writes, with keys of this test.
    await changeMerchants(merchantsFile, ([shopA = {}, ...others]) => [
      withNewKey({ ...shopA, merchantKey: keyNamed('a1') }, { key: keyNamed('a2'), until: undefined, now: new Date() }),
      ...others,
    ])
    const { added, changed, disabled } = await reload()
    assert.deepEqual([added, changed, disabled], ['shop00000c', 'shop00000a', ''])
    assert.deepEqual([await askA('a1'), await askA('a2')], [accepted, accepted], 'both keys are accepted')
    assert.equal(await ask(url, 'shop00000c', keyNamed('c1')), accepted)

    const passed = [keyNamed('a2'), { key: keyNamed('a1'), until: '2020-01-01T00:00:00+09:00' }]
    await writeMerchants(entryOf('shop00000a', passed), shopB, entryOf('shop00000c', keyNamed('c1')))
    const environment = { SSPAY_MERCHANTS: merchantsFile }
    assert.equal((await runCommand(runMerchants, { environment }, 'disable', 'shop00000c')).code, 0)
    assert.equal((await reload()).disabled, 'shop00000c')
    assert.deepEqual([await askA('a1'), await askA('a2')], [rejected, accepted], 'the former key has ended')
    assert.equal(await ask(url, 'shop00000c', keyNamed('c1')), accepted, 'a disabled merchant may refund')

    await writeMerchants(entryOf('shop00000a', keyNamed('a3')), entryOf('shop00000b', 'short'))
    const { event, message } = await reload()
    assert.equal(event, 'reload_failed')
    assert.match(`${message}`, /merchant 2 has invalid fields: merchant_key \(at least 32/)
    assert.deepEqual([await askA('a3'), await askA('a2')], [rejected, accepted], 'nothing of a wrong file is applied')

    await writeMerchants(shopB)
    await write('level', 'warn\n')
    const { unlisted, logLevel } = await reload()
    assert.deepEqual([unlisted, logLevel], ['shop00000a shop00000c', 'warn'])
  } finally {
    isOver = true
    await Promise.all(load)
  }
  assert.deepEqual([...outcomes.keys()], [accepted])
  const shown = ['a1', 'a2', 'a3', 'b1', 'c1'].filter((name) => started.output().includes(keyNamed(name)))
  assert.deepEqual(shown, [], 'no key is logged')
})

test('SIGHUP renews the certificate; with a key that does not belong to it the former one stays', async (t) => {
  const { tlsUrl, consoleUrl, write, writeTls, reload } = await startReloadable(t)
  const before = await certificateOf(tlsUrl)
  const { SSPAY_TLS_CERT: file } = await writeTls()
  assert.equal((await reload()).certificate, 'renewed')
  const renewed = await certificateOf(tlsUrl)
  assert.notEqual(renewed, before)
  const endSeconds = Date.parse(new X509Certificate(await readFile(file)).validTo) / 1_000
  const metrics = await (await fetch(`${consoleUrl}/metrics`)).text()
  assert.ok(metrics.includes(`sspay_certificate_end_seconds{certificate="window"} ${endSeconds}\n`))
  const { cert } = await createTlsFiles()
  await write('cert.pem', cert)
  const { event, message } = await reload()
  assert.deepEqual([event, /SSPAY_TLS_CERT/.test(`${message}`)], ['reload_failed', true])
  assert.equal(await certificateOf(tlsUrl), renewed)
})
