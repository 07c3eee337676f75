import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closing } from '../../../../test/support/closing.ts'
import { until } from '../../../../test/support/until.ts'
import { openGateway } from '../../src/open-gateway.ts'
import type { CapturedCall } from '../../src/request-log/model.ts'
import { createRequestLog } from '../../src/request-log/request-log.ts'
import { listCalls } from '../../src/request-log/store.ts'
import { Secret } from '../../src/secret.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { requestForm } from '../payment-window/request-form.ts'
import { createTestContext, testRootKey } from '../support.ts'
import { testPlace } from '../test-storage.ts'
import { approvalPath, authenticate, openLoggedGateway, ticketBody } from './support.ts'

const call = (address: string, startedAt = new Date('2025-01-02T03:04:05+09:00')): CapturedCall => ({
  kind: 'approval',
  startedAt,
  durationMs: 1,
  method: 'POST',
  address,
  notes: {},
  fields: () => ({}),
  answer: () => ({}),
})

const weekMs = 7 * 24 * 60 * 60_000

async function openLog(mostRows = 10_000, keepMs = weekMs) {
  const world = await createTestContext({ settings: { requestLog: { keepMs, mostRows } } })
  const log = createRequestLog(world.context)
  const addresses = async () =>
    (await listCalls(world.context, { filter: {}, limit: 100_000 })).map(({ address }) => address)
  return { ...world, log, addresses }
}

const lostIn = (lines: readonly string[]): readonly number[] =>
  lines.map((line) => JSON.parse(line)).flatMap(({ event, lost }) => (event === 'requests_not_recorded' ? [lost] : []))

test('a call is written a moment later', async () => {
  await using opened = await openLog()
  const { log, addresses } = opened
  log.record(call('/first'))
  assert.deepEqual(await addresses(), [])
  await until(async () => (await addresses()).length > 0)
  assert.deepEqual(await addresses(), ['/first'])
})

test('calls beyond the bound of the queue are dropped and counted, and later ones are written again', async () => {
  await using opened = await openLog()
  const { log, addresses, lines } = opened
  for (let index = 0; index < 5_007; index++) log.record(call(`/${index}`))
  await log.flush()
  assert.equal((await addresses()).length, 5_000)
  assert.deepEqual(lostIn(lines), [7])
  log.record(call('/after'))
  await log.flush()
  assert.equal((await addresses())[0], '/after')
})

test('a call that cannot be described is lost alone', async () => {
  await using opened = await openLog()
  const { log, addresses, lines } = opened
  const broken = () => {
    throw new Error('no such field')
  }
  log.record(call('/one'))
  log.record({ ...call('/two'), fields: broken })
  log.record(call('/three'))
  await log.flush()
  assert.deepEqual(await addresses(), ['/three', '/one'])
  assert.deepEqual(lostIn(lines), [1])
})

test('closing writes the queue and ignores later calls', async () => {
  await using opened = await openLog()
  const { log, addresses } = opened
  log.record(call('/waits'))
  await log.close()
  log.record(call('/late'))
  await log.flush()
  assert.deepEqual(await addresses(), ['/waits'])
})

test('calls are deleted by age and by number', async () => {
  await using opened = await openLog(3)
  const { log, addresses, clock } = opened
  for (const name of ['/1', '/2', '/3', '/4', '/5']) log.record(call(name))
  await log.flush()
  await log.removeOld()
  assert.deepEqual(await addresses(), ['/5', '/4', '/3'])
  clock.advance(weekMs - 1)
  await log.removeOld()
  assert.equal((await addresses()).length, 3)
  clock.advance(2)
  await log.removeOld()
  assert.deepEqual(await addresses(), [])
})

test('ids keep ascending after a restart, also when the clock went back', async () => {
  await using opened = await openLog()
  const { log, context, clock } = opened
  log.record(call('/before'))
  await log.close()
  clock.advance(-weekMs)
  const next = createRequestLog(context)
  next.record(call('/after'))
  await next.close()
  const found = await listCalls(context, { filter: {}, limit: 10 })
  assert.deepEqual(
    found.map(({ address }) => address),
    ['/after', '/before'],
  )
})

test('when the log is off nothing is recorded, and earlier records are deleted', async () => {
  await using opened = await openLog()
  const { log, context, addresses, clock } = opened
  log.record(call('/earlier'))
  await log.close()
  clock.advance(1_000)
  const off = createRequestLog({ ...context, settings: { ...context.settings, requestLog: 'off' } })
  assert.equal(off.isOn, false)
  off.record(call('/never'))
  await off.flush()
  assert.deepEqual(await addresses(), ['/earlier'])
  await off.removeOld()
  assert.deepEqual(await addresses(), [])
})

/** A table that can be neither written nor read. */
const withoutRequestLog = (storage: Storage): Storage => ({
  ...storage,
  read: (sql, params) =>
    sql.includes('request_log') ? Promise.reject(new Error('disk I/O error')) : storage.read(sql, params),
  transact: (work) =>
    storage.transact((transaction) =>
      work({
        ...transaction,
        write: (sql, params) =>
          sql.includes('request_log') ? Promise.reject(new Error('disk I/O error')) : transaction.write(sql, params),
      }),
    ),
})

test('a log that cannot be written breaks no payment, and the loss is logged', async (t) => {
  const logged = await openLoggedGateway({ wrapStorage: withoutRequestLog })
  t.after(logged.close)
  const ticket = await authenticate(logged)
  const answer = await logged.ask(approvalPath, ticketBody(ticket))
  assert.partialDeepStrictEqual(await answer.json(), { ResultCode: '3001' })
  await logged.requestLog.flush()
  const lost = lostIn(logged.lines).reduce((total, one) => total + one, 0)
  assert.ok(lost > 10, String(lost))
  assert.deepEqual(await logged.calls(), [])
})

test('an approval does not wait for its record', async (t) => {
  let release = (): void => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let isHeld = false
  const logged = await openLoggedGateway({
    wrapStorage: (storage) => ({
      ...storage,
      read: async (sql, params) => {
        if (sql.includes('request_log') && isHeld) await held
        return storage.read(sql, params)
      },
    }),
  })
  t.after(logged.close)
  isHeld = true
  const ticket = await authenticate(logged)
  const answer = await logged.ask(approvalPath, ticketBody(ticket))
  assert.partialDeepStrictEqual(await answer.json(), { ResultCode: '3001' })
  isHeld = false
  release()
  assert.ok((await logged.calls()).length > 10)
})

test('an answer has the same bytes with and without a log', async (t) => {
  const [on, off] = await Promise.all([openLoggedGateway(), openLoggedGateway({ settings: { requestLog: 'off' } })])
  t.after(() => Promise.all([on.close(), off.close()]))
  const body = String(new URLSearchParams({ ...requestForm(), EncryptData: 'wrong' }))
  for (const [path, type] of [
    [approvalPath, 'application/json'],
    ['/payment/approval/cancel.do', 'application/json'],
    ['/payment/nowhere', 'application/json'],
  ] as const) {
    const [one, other] = await Promise.all([on.ask(path, body, type), off.ask(path, body, type)])
    assert.deepEqual(
      [one.status, [...one.headers], await one.text()],
      [other.status, [...other.headers], await other.text()],
    )
  }
  assert.equal((await on.calls()).length, 3)
  assert.deepEqual(await off.calls(), [])
})

test('a gateway applies the retention when it opens, and closes its log before its database', async (t) => {
  const world = await createTestContext({ settings: { requestLog: { keepMs: weekMs, mostRows: 10 } } })
  t.after(world.close)
  const log = createRequestLog(world.context)
  log.record(call('/old', new Date('2025-01-02T03:04:05+09:00')))
  await log.close()
  await world.context.storage.close()
  const options = {
    place: await testPlace(world.folder),
    cardNetworkUrl: 'http://127.0.0.1:1',
    identityUrl: 'http://127.0.0.1:1',
    rootKey: new Secret(testRootKey),
    settings: world.context.settings,
    logDestination: { write() {} },
  }
  const gateway = await openGateway(options)
  await gateway.fetch(new Request(`http://localhost${approvalPath}`, { method: 'POST', body: '{}' }))
  await gateway.close()
  await using again = closing(await openGateway(options))
  const kept = await listCalls(again.context, { filter: {}, limit: 10 })
  assert.deepEqual(
    kept.map(({ code }) => code),
    ['S010'],
  )
})
