import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { defineMerchant, registerBillKey } from '@sspay/merchant'
import { encodeText } from '@sspay/protocol/charset'
import { encryptBody } from '@sspay/protocol/sealed-body'
import { signCancelRequest } from '@sspay/protocol/signature'
import { loadCommands } from '../../src/command-line/command.ts'
import { commands as table } from '../../src/commands.ts'
import { testMerchant, testMerchantConfig } from '../../src/test-merchant.ts'
import { type Ran, startForCommands } from './support.ts'

const commands = await loadCommands(table)

const merchantKey = testMerchant.merchantKey.expose()
const folder = await mkdtemp(join(tmpdir(), 'sspay-examples-'))
const startedIn = process.cwd()
const sandbox = await startForCommands()
after(async () => {
  process.chdir(startedIn)
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

/** What stands in the examples in place of what only a running sandbox knows. */
const real = new Map<string, string>()

before(async () => {
  process.chdir(folder)
  const { Tid: transactionId = '' } = (await sandbox.typeForJson(['pay'])) as Record<string, string>
  await sandbox.typeForJson(['pay', '--customer', 'user0001'])
  await sandbox.typeForJson(['pay', '--customer', 'subscriber1'])
  const issued = await registerBillKey(defineMerchant(testMerchantConfig(sandbox.urls.gateway)), {
    orderId: 'CARD0001',
    customerId: 'subscriber1',
    cardNumber: '9406000000000001',
    cardExpiry: '4012',
    birthDateOrBusinessNumber: '900815',
    cardPasswordPrefix: '12',
  })
  assert.equal(issued.outcome, 'issued')
  const keys = await sandbox.type(['bill-keys', 'list'])
  real.set('4f1c0a9e7b2d4c6f8a1b3c5d7e9f0a2b', keys.output.slice(0, 32))
  const cancel = {
    SERVICE_MODE: 'CL1',
    Tid: transactionId,
    Mid: testMerchant.merchantId,
    CancelPwd: '123456',
    CancelAmt: '1004',
    CancelMsg: 'x',
    CancelSeq: '1',
    PartialCancelCode: '0',
    HashData: signCancelRequest({ transactionId, cancelAmount: '1004', scope: '0' }, merchantKey),
  }
  const files = {
    'key.txt': merchantKey,
    'bill-key.txt': issued.exposeBillKey(),
    'form.html': '<form><input name="Mid" value="ssptest01m"><input name="Amt" value="1,004"></form>',
    'cancel.json': JSON.stringify({ EncData: encryptBody(cancel, merchantKey), Mid: testMerchant.merchantId }),
    'deletion.json': '{"Mid":"ssptest01m","SspMallId":"SSPTEST00p","MallUserId":"user0001","ServiceType":"MD"}',
    'orders.csv': '주문번호,금액,취소금액,상태\nA-1,1000,,결제완료\n',
    '2026-12-01.csv': '구분,거래번호,원거래번호,주문번호,금액\n승인,tid1,,A-1,1000\n',
    'own-orders.csv': encodeText('번호|가격|취소\nA-1|1000|0\n', 'euc-kr'),
    'columns.json': '{"delimiter":"|","columns":{"orderId":"번호","amount":"가격","refunded":"취소"}}',
    'scripts.json': await (await fetch(`${sandbox.urls.gateway}/asset/scripts.json`)).text(),
  }
  for (const [name, text] of Object.entries(files)) await writeFile(name, text)
  const { output } = await sandbox.type(['requests', 'list'])
  real.set('1795641825691001', /#(\d+)/.exec(output)?.[1] ?? '')
  real.set('ssptest01m01012501020304050001', transactionId)
  real.set('http://localhost:4610', sandbox.urls.gateway)
})

/** The words of a line as a shell splits them. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')

function withReal(line: string): string {
  return [...real].reduce((text, [example, found]) => text.replaceAll(example, found), line)
}

async function type(line: string, input?: string): Promise<Ran> {
  const [name, ...given] = wordsOf(withReal(line))
  assert.equal(name, 'sspay')
  // What would go on for ever ends with its first output.
  const stop = new AbortController()
  const onPrint = (): void => (given.includes('tail') ? stop.abort() : undefined)
  return sandbox.type(given, { stopping: stop.signal, onPrint, ...(input === undefined ? {} : { input }) })
}

for (const { name, examples } of commands.filter((command) => command.name !== 'sandbox')) {
  for (const { line, exitCode: expected = 0 } of examples)
    test(`the example of ${name} works: ${line}`, async () => {
      let ran: Ran | undefined
      for (const part of line.split(' | ')) ran = await type(part, ran?.output)
      assert.equal(ran?.exitCode, expected, `${ran?.output}${ran?.errors}`)
      assert.notEqual(ran?.output, '')
    })
}

for (const { line } of commands.find(({ name }) => name === 'sandbox')?.examples ?? [])
  test(`the example of sandbox works: ${line}`, async () => {
    const command = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
    const ports = ['SHOP', 'GATEWAY', 'GATEWAY_TLS', 'CONSOLE'].map((name) => [`SSPAY_${name}_PORT`, '0'])
    const given = wordsOf(line).map((word) => word.replace('/tmp/sspay-trial', join(folder, 'trial')))
    const child = spawn(process.execPath, [command, ...given.slice(1), '--json'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...Object.fromEntries(ports) },
    })
    const [chunk] = await once(child.stdout ?? assert.fail(), 'data')
    const { urls } = JSON.parse(String(chunk))
    assert.match(await (await fetch(`${urls.gateway}/healthz`)).text(), /^ok/)
    child.kill('SIGINT')
    const [exitCode] = await once(child, 'close')
    assert.equal(exitCode, 0)
  })

test('the guide is what the commands declare', async () => {
  const tool = fileURLToPath(new URL('../../../../tools/generate-cli-guide.ts', import.meta.url))
  const child = spawn(process.execPath, [tool, '--check'], { stdio: ['ignore', 'inherit', 'pipe'] })
  const errors: string[] = []
  child.stderr.on('data', (chunk) => errors.push(String(chunk)))
  const [exitCode] = await once(child, 'close')
  assert.equal(exitCode, 0, errors.join(''))
})
