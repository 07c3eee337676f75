import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { until } from '../../../test/support/until.ts'
import { EnvironmentError } from '../src/environment.ts'
import { gatewayHelp } from '../src/help.ts'
import { startGateway } from '../src/start-gateway.ts'
import { approved, authenticatedPayment, createApprovalTest } from './approval/support.ts'
import { environmentFor, listeningUrl, type Run, run } from './main-process.ts'
import { testRootKey } from './support.ts'
import { testPlace } from './test-storage.ts'

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-test-'))
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  return folder
}

/** A gateway that does not outlive its test. */
function runIn(t: TestContext, environment: Readonly<Record<string, string>>): Run {
  const started = run(environment)
  t.after(async () => {
    started.child.kill('SIGKILL')
    await started.ended
  })
  return started
}

/** The folder, or in a run on PostgreSQL the tables that stand for it. */
async function placeFor(dataFolder: string): Promise<Readonly<Record<string, string>>> {
  const place = await testPlace(dataFolder)
  return 'databaseUrl' in place
    ? { SSPAY_DATABASE_URL: place.databaseUrl.expose(), SSPAY_ROOT_KEY: testRootKey }
    : { SSPAY_DATA: dataFolder }
}

test('help is in Korean and English', async () => {
  const { ended, output } = run({}, '--help')
  assert.equal(await ended, 0)
  assert.equal(output(), gatewayHelp)
  assert.match(output(), /데이터 폴더\(필수\) \/ data folder \(required\)/)
})

test('the first start makes a private root key; a lost key is not replaced', async (t) => {
  const folder = await temporaryFolder(t)
  const first = runIn(t, environmentFor(folder))
  await listeningUrl(first)
  await assert.rejects(startGateway(environmentFor(folder)), /Another gateway is running on this data folder/)
  first.child.kill('SIGKILL')
  await first.ended

  const keyFile = join(folder, 'keys', 'root.key')
  assert.equal((await stat(keyFile)).mode & 0o777, 0o600)
  await rm(keyFile)
  await assert.rejects(startGateway(environmentFor(folder)), /restore the key file/)
})

test('a merchants file that is wrong is rejected without being quoted', async (t) => {
  const folder = await temporaryFolder(t)
  const file = join(folder, 'merchants.json')
  const merchant = {
    merchantId: 'short',
    easyPayMerchantId: 'SSPTEST00p',
    name: 'canary',
    acquirerMerchantNumber: '1',
    merchantKey: 'canary',
    cancelPassword: '482913',
    allowedOrigins: ['https://shop.example'],
  }
  for (const [text, says] of [
    ['[{"merchantKey":"canary"', /not a JSON array of merchants/],
    [JSON.stringify([{ ...merchant, merchantKey: undefined }]), /merchant 1 has invalid fields: merchantKey\n/],
    [
      JSON.stringify([{ ...merchant, repeatedApproval: 'canary', hidden: 'canary' }]),
      /fields: repeatedApproval, hidden \(no/,
    ],
    [
      JSON.stringify([{ ...merchant, interestFree: [{ months: [3], until: 'canary' }] }]),
      /fields: interestFree\[0\]\.minimumAmount, interestFree\[0\]\.until\n/,
    ],
    [
      JSON.stringify([merchant]),
      /merchant 1 has invalid fields: merchant_id \(ten letters.*\), merchant_key \(at least 32/,
    ],
  ] as const) {
    await writeFile(file, text, { mode: 0o600 })
    const cause = await startGateway({ ...environmentFor(folder), SSPAY_MERCHANTS: file }).catch((cause) => cause)
    assert.ok(cause instanceof EnvironmentError, 'ends with exit code 2')
    assert.match(`${cause.message}\n`, says)
    assert.equal(String(cause.stack).includes('canary'), false)
  }
})

const ticketBody = ({ transactionId, approvalTicket }: { transactionId: string; approvalTicket: string }) =>
  JSON.stringify({ Tid: transactionId, TrAuthKey: approvalTicket })

async function prepareTicket(t: TestContext) {
  const folder = await temporaryFolder(t)
  const prepared = await createApprovalTest({ folder, now: new Date() })
  t.after(() => prepared.network.close())
  const body = ticketBody(await authenticatedPayment(prepared.gateway))
  await prepared.context.storage.close()
  const environment = {
    ...environmentFor(folder, prepared.network.url),
    ...(await placeFor(folder)),
    SSPAY_ROOT_KEY: testRootKey,
  }
  return { network: prepared.network, environment, body }
}

const post = async (url: string, body: string): Promise<string> => {
  const answer = await fetch(url, { method: 'POST', body })
  return (JSON.parse(await answer.text()) as { ResultCode: string }).ResultCode
}

test('killed between asking the network and its answer, the next start finds out the outcome', async (t) => {
  const { network, environment, body } = await prepareTicket(t)
  const killed = runIn(t, environment)
  network.answerWith((verb) => {
    if (verb !== 'authorize') return approved
    killed.child.kill('SIGKILL')
    return undefined
  })
  await assert.rejects(post(`${await listeningUrl(killed)}/payment/approval/urlCallApproval.do`, body))
  await killed.ended

  const restarted = runIn(t, environment)
  const url = await listeningUrl(restarted)
  const codes = new Set<string>()
  const inquire = async (): Promise<boolean> => {
    codes.add(await post(`${url}/payment/approval/approvalInquiry.do`, body))
    return codes.has('3001')
  }
  await until(inquire, { deadline: 120_000, every: 100, what: () => `3001 after ${[...codes]}` })
  // Being approved, unresolved, approved: the background decides how many of them the inquiries see.
  for (const code of codes) assert.match(code, /^(S103|S401|3001)$/)
  assert.deepEqual(
    network.calls.map(({ verb }) => verb),
    ['authorize', 'inquire'],
  )
  restarted.child.kill('SIGTERM')
  assert.equal(await restarted.ended, 0)
})

test('a stop lets the running approval finish', async (t) => {
  const { network, environment, body } = await prepareTicket(t)
  const started = runIn(t, environment)
  const url = await listeningUrl(started)
  network.answerWith(async () => {
    started.child.kill('SIGTERM')
    await until(() => /"event":"stopping"/.test(started.output()))
    return approved
  })
  assert.equal(await post(`${url}/payment/approval/urlCallApproval.do`, body), '3001')
  assert.equal(await started.ended, 0)
  assert.match(started.output(), /"event":"stopped"/)
})

test('a drain ends by itself', async (t) => {
  const folder = await temporaryFolder(t)
  const environment = { ...environmentFor(folder), ...(await placeFor(folder)) }
  const started = runIn(t, { ...environment, SSPAY_DRAIN_SECONDS: '1', SSPAY_WORKERS: 'off' })
  await listeningUrl(started)
  started.child.kill('SIGTERM')
  assert.equal(await started.ended, 0)
})

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const) {
  test(`while it drains a gateway answers, and is not ready; ${signal} then ends it immediately`, async (t) => {
    const folder = await temporaryFolder(t)
    const environment = { ...environmentFor(folder), ...(await placeFor(folder)) }
    const started = runIn(t, { ...environment, SSPAY_DRAIN_SECONDS: '600' })
    const url = await listeningUrl(started)
    const ask = async (path: string): Promise<string> => (await fetch(url + path)).text()
    assert.deepEqual([await ask('/healthz'), await ask('/readyz')], ['ok\n', 'ready\n'])
    started.child.kill('SIGTERM')
    await until(() => /"event":"stopping"/.test(started.output()))
    assert.deepEqual([await ask('/healthz'), await ask('/readyz')], ['ok\n', 'draining\n'])
    started.child.kill(signal)
    assert.equal(await started.ended, code)
    assert.match(started.output(), RegExp(`"signal":"${signal}","event":"stopped_at_once"`))
  })
}
