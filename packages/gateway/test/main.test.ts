import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../../../test/support/until.ts'
import { gatewayHelp } from '../src/help.ts'
import { startGateway } from '../src/start-gateway.ts'
import { approved, authenticatedPayment, createApprovalTest } from './approval/support.ts'
import { environmentFor, listeningUrl, run } from './main-process.ts'
import { testRootKey } from './support.ts'
import { testPlace } from './test-storage.ts'

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

test('the first start makes a private root key; a lost key is not replaced', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-test-'))
  const first = run(environmentFor(folder))
  await listeningUrl(first)
  await assert.rejects(startGateway(environmentFor(folder)), /Another gateway is running on this data folder/)
  first.child.kill('SIGKILL')
  await first.ended

  const keyFile = join(folder, 'keys', 'root.key')
  assert.equal((await stat(keyFile)).mode & 0o777, 0o600)
  await rm(keyFile)
  await assert.rejects(startGateway(environmentFor(folder)), /put the key file back/)
  await rm(folder, { recursive: true, force: true })
})

test('a merchants file that is wrong is refused without being quoted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-test-'))
  const file = join(folder, 'merchants.json')
  const merchant = {
    ...{ merchantId: 'short', easyPayMerchantId: 'SSPTEST00p', name: 'canary', acquirerMerchantNumber: '1' },
    ...{ merchantKey: 'canary', cancelPassword: '123456', allowedOrigins: ['https://shop.example'] },
  }
  for (const [text, says] of [
    ['[{"merchantKey":"canary"', /no JSON array of merchants/],
    [JSON.stringify([{ ...merchant, merchantKey: undefined }]), /merchant 1 is wrong in merchantKey\n/],
    [
      JSON.stringify([{ ...merchant, repeatedApproval: 'canary', hidden: 'canary' }]),
      /in repeatedApproval, hidden \(no/,
    ],
    [
      JSON.stringify([{ ...merchant, interestFree: [{ months: [3], until: 'canary' }] }]),
      /in interestFree\[0\]\.minimumAmount, interestFree\[0\]\.until\n/,
    ],
    [JSON.stringify([merchant]), /cannot be saved: merchant_id, merchant_key\n/],
  ] as const) {
    await writeFile(file, text)
    const cause = await startGateway({ ...environmentFor(folder), SSPAY_MERCHANTS: file }).catch((cause) => cause)
    assert.match(`${cause.message}\n`, says)
    assert.equal(String(cause.stack).includes('canary'), false)
  }
  await rm(folder, { recursive: true, force: true })
})

const ticketBody = ({ transactionId, approvalTicket }: { transactionId: string; approvalTicket: string }) =>
  JSON.stringify({ Tid: transactionId, TrAuthKey: approvalTicket })

async function prepareTicket(folder: string) {
  const prepared = await createApprovalTest({ folder, now: new Date() })
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

test('killed between asking the network and hearing from it, the next start finds out what happened', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-test-'))
  const { network, environment, body } = await prepareTicket(folder)
  const killed = run(environment)
  network.answerWith((verb) => {
    if (verb !== 'authorize') return approved
    killed.child.kill('SIGKILL')
    return undefined
  })
  await assert.rejects(post(`${await listeningUrl(killed)}/payment/approval/urlCallApproval.do`, body))
  await killed.ended

  const restarted = run(environment)
  const url = await listeningUrl(restarted)
  let code = await post(`${url}/payment/approval/approvalInquiry.do`, body)
  assert.equal(code, 'S103')
  const deadline = performance.now() + 20_000
  while (code !== '3001' && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 250))
    code = await post(`${url}/payment/approval/approvalInquiry.do`, body)
  }
  assert.equal(code, '3001')
  assert.deepEqual(
    network.calls.map(({ verb }) => verb),
    ['authorize', 'inquire'],
  )
  restarted.child.kill('SIGTERM')
  assert.equal(await restarted.ended, 0)
  await network.close()
  await rm(folder, { recursive: true, force: true })
})

test('a stop lets the running approval finish', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-test-'))
  const { network, environment, body } = await prepareTicket(folder)
  const started = run(environment)
  const url = await listeningUrl(started)
  network.answerWith(async () => {
    started.child.kill('SIGTERM')
    await new Promise((resolve) => setTimeout(resolve, 500))
    return approved
  })
  assert.equal(await post(`${url}/payment/approval/urlCallApproval.do`, body), '3001')
  assert.equal(await started.ended, 0)
  assert.match(started.output(), /"event":"stopped"/)
  await network.close()
  await rm(folder, { recursive: true, force: true })
})

test('who drains says so, answers what still comes, and ends; told twice it ends at once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-test-'))
  const environment = { ...environmentFor(folder), ...(await placeFor(folder)) }
  const started = run({ ...environment, SSPAY_DRAIN_SECONDS: '2', SSPAY_WORKERS: 'off' })
  const url = await listeningUrl(started)
  const ask = async (path: string): Promise<string> => (await fetch(url + path)).text()
  assert.deepEqual([await ask('/healthz'), await ask('/readyz')], ['ok\n', 'ready\n'])
  started.child.kill('SIGTERM')
  await until(() => /"event":"stopping"/.exec(started.output()))
  assert.deepEqual([await ask('/healthz'), await ask('/readyz')], ['ok\n', 'draining\n'])
  assert.equal(await started.ended, 0)

  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    const again = run({ ...environment, SSPAY_DRAIN_SECONDS: '600' })
    await listeningUrl(again)
    again.child.kill('SIGTERM')
    await until(() => /"event":"stopping"/.exec(again.output()))
    again.child.kill(signal)
    assert.equal(await again.ended, code)
    assert.match(again.output(), RegExp(`"signal":"${signal}","event":"stopped_at_once"`))
  }
  await rm(folder, { recursive: true, force: true })
})
