import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { until } from '../../../../test/support/until.ts'
import { testDatabase } from '../../../gateway/test/test-storage.ts'
import { startSandbox } from '../../src/sandbox.ts'
import { type Ran, run, startForCommands } from '../command-line/support.ts'

const sandbox = await startForCommands()
after(() => sandbox.close())

const post = (fields: Readonly<Record<string, string>>) =>
  fetch(`${sandbox.urls.gateway}/ssp/reqPay.do`, { method: 'POST', body: new URLSearchParams(fields) })

const lines = ({ output }: Ran): readonly string[] => output.trimEnd().split('\n')

let paid: Readonly<Record<string, string>>
before(async () => {
  paid = await sandbox.typeForJson(['pay'])
  await post({ Mid: 'ssptest01m', Amt: '1,004', MerchantKey: 'leaked' })
  const listNotifications = () => sandbox.type(['requests', 'list', '--kind', 'notification'])
  await until(async () => (await listNotifications()).output.includes('delivered'))
})

test('the requests of a payment are listed call by call, the oldest first', async () => {
  const listed = await sandbox.type(['requests', 'list', '--transaction', paid.Tid ?? ''])
  assert.equal(listed.exitCode, 0)
  const kinds = lines(listed).map((line) => /[→←] {2}(\S+)/.exec(line)?.[1])
  assert.equal(kinds[0], 'window')
  assert.ok(kinds.indexOf('window') < kinds.indexOf('return') && kinds.indexOf('return') < kinds.indexOf('approval'))
  const approval = lines(listed).find((line) => line.includes('→  approval')) ?? ''
  assert.match(approval, /^\d\d:\d\d:\d\d\.\d{3} {2}→ {2}approval +ssptest01m {2}pay_\S+ +3001 +\d+ ms {5}#\d+$/)
})

test('filters choose, and JSON is one object a line', async () => {
  const { output } = await sandbox.type(['requests', 'list', '--kind', 'window', '--result', 'rejected', '--json'])
  const calls = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    calls.map(({ kind, result, code }) => [kind, result, code]),
    [['window', 'rejected', 'S001']],
  )
  assert.match(
    (await sandbox.type(['--lang', 'ko', 'requests', 'list', '--merchant', 'nobody'])).output,
    /그런 요청이 없습니다/,
  )
  assert.equal(lines(await sandbox.type(['requests', 'list', '--limit', '2'])).length, 2)
})

test('a wrong call is marked, and shown with what is wrong and how to make it again', async () => {
  const [line = ''] = lines(await sandbox.type(['requests', 'list', '--result', 'rejected', '--kind', 'window']))
  assert.match(line, / ! {2}#\d+$/)
  const id = line.split('#')[1] ?? ''
  const { exitCode, output } = await sandbox.type(['--lang', 'ko', 'requests', 'show', `#${id}`])
  assert.equal(exitCode, 0)
  assert.match(output, /✗ 거래 금액\(Amt\): 형식이 올바르지 않습니다/)
  assert.match(output, /✗ 폼에 상점키\(MerchantKey\)가 들어 있습니다/)
  assert.match(output, /MerchantKey +\*\*\*/)
  assert.ok(!output.includes('leaked'))
  assert.match(output, /다시 보내기\n {2}curl /)
  assert.equal(String(JSON.parse((await sandbox.type(['requests', 'show', id, '--json'])).output).id), id)
})

test('an unknown number is rejected', async () => {
  const { exitCode, errors } = await sandbox.type(['requests', 'show', '1'])
  assert.equal(exitCode, 1)
  assert.match(errors, /1: 없는 요청입니다/)
})

test('tail goes on with each new call that the filter lets through, until it is stopped', async () => {
  const stop = new AbortController()
  const known = lines(await sandbox.type(['requests', 'list', '--kind', 'window'])).length
  let shown = 0
  const tailing = sandbox.type(['requests', 'tail', '--kind', 'window', '--json'], {
    stopping: stop.signal,
    onPrint: ({ output }) => {
      shown = output.trimEnd().split('\n').length
    },
  })
  await until(() => shown >= known)
  await post({ Mid: 'ssptest01m', Amt: '7' })
  await inquireAt(sandbox.urls.gateway)
  await until(() => shown > known)
  stop.abort()
  const { exitCode, output } = await tailing
  assert.equal(exitCode, 0)
  const calls = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.equal(calls.length, known + 1)
  assert.equal(calls.at(-1).request.Amt, '7')
  assert.equal(new Set(calls.map(({ id }) => id)).size, calls.length)
})

const inquireAt = (gateway: string) =>
  fetch(`${gateway}/payment/approval/approvalInquiry.do`, { method: 'POST', body: '{}' })

const inquiriesIn = (output: string): number => output.match(/→ {2}inquiry/g)?.length ?? 0

test('tail survives a restart of the sandbox', async () => {
  const other = await startForCommands()
  let shown = { output: '', errors: '' }
  const port = Number(new URL(other.urls.console).port)
  const stop = new AbortController()
  const tailing = run(['requests', 'tail', '--lang', 'en'], {
    environment: { SSPAY_CONSOLE_PORT: String(port) },
    stopping: stop.signal,
    onPrint: (printed) => {
      shown = printed
    },
  })
  await inquireAt(other.urls.gateway)
  await until(() => inquiriesIn(shown.output) === 1)
  const { folder } = other
  await other.stop()
  await until(() => shown.errors !== '')
  const ports = { shop: 0, gateway: 0, gatewayTls: 0, console: port }
  const again = await startSandbox({ dataFolder: folder, ...(await testDatabase(folder)), host: '127.0.0.1', ports })
  try {
    await inquireAt(again.urls.gateway)
    await until(() => inquiriesIn(shown.output) === 2)
  } finally {
    stop.abort()
    await again.close()
    await other.close()
  }
  const { exitCode, errors } = await tailing
  assert.equal(exitCode, 0)
  assert.equal(errors, 'the sandbox does not answer; following continues when it does\n')
})

for (const given of [
  ['list', '--kind', 'cancel'],
  ['list', '--limit', '0'],
  ['show'],
  ['show', 'x'],
  ['tial'],
  ['show', '1', '--kind', 'window'],
])
  test(`wrong usage: requests ${given.join(' ')}`, async () =>
    assert.equal((await run(['requests', ...given])).exitCode, 2))
