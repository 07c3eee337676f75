import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { localEndpoints } from '@sspay/protocol'
import { until } from '../../../../test/support/until.ts'
import { startForCommands } from '../command-line/support.ts'

const sandbox = await startForCommands({ cardNetworkTimeoutMs: 3_000 })
after(() => sandbox.close())
const endpoints = localEndpoints({ origin: sandbox.urls.gateway })

/** What comes earlier has come because the clock was moved. */
const lessThanAMinute = 55_000

const isIn = async (transactionId: string, state: string): Promise<boolean> =>
  (await (await fetch(`${sandbox.urls.console}/payments/${transactionId}`)).text()).includes(`data-state="${state}"`)

test('eleven minutes later a ticket has expired, and its payment is closed at once', async () => {
  const { Tid, TrAuthKey } = await sandbox.typeForJson(['pay', '--until', 'authenticated'])
  const { exitCode, output } = await sandbox.type(['--lang', 'en', 'clock', 'advance', '11m'])
  assert.equal(exitCode, 0)
  assert.match(output, /sandbox +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d KST\n +ahead of real time +\+00:11:00\n$/)
  await until(() => isIn(String(Tid), 'expired'))
  const answer = await fetch(endpoints.approval, { method: 'POST', body: JSON.stringify({ Tid, TrAuthKey }) })
  assert.equal(((await answer.json()) as { ResultCode: string }).ResultCode, 'S102')
})

test('a payment in the moved time succeeds, also a day ahead', async () => {
  await sandbox.type(['clock', 'advance', '25h'])
  const { ResultCode } = await sandbox.typeForJson(['pay'])
  assert.equal(ResultCode, '3001')
  assert.equal((await sandbox.type(['check-window'])).exitCode, 0)
  assert.match((await sandbox.type(['--lang', 'ko', 'clock', 'show'])).output, /\+1d 01:11:00\n.*S003/)
})

test('a notification whose next attempt is a minute away is sent as soon as the minute is over', async () => {
  await sandbox.type(['faults', 'add', 'notification', 'http-500=before'])
  const { Tid } = await sandbox.typeForJson(['pay'])
  const state = async () => {
    const { notifications } = await sandbox.typeForJson(['notifications', 'list', '--transaction', String(Tid)])
    return (notifications as unknown as readonly { state: string; lastResult?: string }[])[0]
  }
  await until(async () => (await state())?.lastResult === 'http_500')
  assert.equal((await state())?.state, 'pending')
  await sandbox.type(['faults', 'clear'])
  await sandbox.type(['clock', 'advance', '61s'])
  await until(async () => (await state())?.state === 'delivered', { deadline: lessThanAMinute })
})

test('a payment whose outcome stays unknown is reversed as soon as its minute is over', async () => {
  await sandbox.type(['faults', 'add', 'card-network-authorize', 'hang=before', '--times', '1'])
  await sandbox.type(['faults', 'add', 'card-network-inquire', 'hang=before'])
  const { exitCode, output } = await sandbox.type(['pay', '--json'])
  assert.equal(exitCode, 3)
  const { Tid } = JSON.parse(output.trimEnd().split('\n').at(-1) ?? '')
  await until(() => isIn(Tid, 'unresolved'))
  await pause(1_000)
  assert.ok(await isIn(Tid, 'unresolved'), 'nobody guesses')
  await sandbox.type(['clock', 'advance', '61s'])
  await until(() => isIn(Tid, 'reversed'), { deadline: lessThanAMinute })
  await sandbox.type(['faults', 'clear'])
})

test('set takes Korean time, reset brings the real time back', async () => {
  const startedAt = Date.now()
  const { now } = await sandbox.typeForJson(['clock', 'set', '2031-05-05 09:00'])
  const passedMs = Date.parse(String(now)) - Date.parse('2031-05-05T00:00:00Z')
  assert.ok(passedMs >= 0 && passedMs <= Date.now() - startedAt, String(now))
  assert.deepEqual((await sandbox.typeForJson(['clock', 'reset'])).aheadMs, 0)
  const before = Date.now()
  const shown = Date.parse(String((await sandbox.typeForJson(['clock', 'show'])).now))
  assert.ok(before <= shown && shown <= Date.now(), String(shown))
})

test('whoever puts the clock back can pay at once', async () => {
  await sandbox.typeForJson(['pay'])
  await sandbox.type(['clock', 'advance', '30d'])
  await sandbox.typeForJson(['pay'])
  await sandbox.type(['clock', 'reset'])
  for (let paid = 0; paid < 2; paid++) assert.equal((await sandbox.typeForJson(['pay'])).ResultCode, '3001')
})

test('another century is rejected, and an unreachable console has its own exit code', async () => {
  const rejected = await sandbox.type(['clock', 'set', '2100-01-02'])
  assert.equal(rejected.exitCode, 1)
  assert.match(rejected.errors, /2000년부터 2099년까지/)
  assert.equal((await sandbox.typeForJson(['clock', 'show'])).aheadMs, 0)
  assert.equal((await sandbox.type(['clock', 'show', '--console', 'http://127.0.0.1:1'])).exitCode, 3)
})

for (const given of [
  ['clock', 'advance', 'soon'],
  ['clock', 'set', '2030-02-30'],
  ['clock', 'advance'],
  ['clock', 'adv', '1h'],
])
  test(`wrong usage: ${given.join(' ')}`, async () => assert.equal((await sandbox.type(given)).exitCode, 2))
