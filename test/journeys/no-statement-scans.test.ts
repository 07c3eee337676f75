import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { chargeBillKey, defineMerchant, deleteBillKey, memoryJournal, registerBillKey } from '@sspay/merchant'
import { startSandbox } from '../../packages/sandbox/src/sandbox.ts'
import { testMerchantConfig } from '../../packages/sandbox/src/test-merchant.ts'
import { run } from '../../packages/sandbox/test/command-line/support.ts'
import { until } from '../support/until.ts'
import { temporaryFolder } from './support.ts'

/**
 * Tables that hold more with every payment or member; the others have a row for each merchant, or only what is open at
 * the moment.
 */
const growing = [
  ...['payments', 'payment_events', 'notifications', 'cancellations', 'members', 'cards', 'passkeys'],
  ...['bill_keys', 'bill_key_charges'],
]

/** Indexes that hold only what somebody has to come back to. */
const ofOpenOnes = [
  'payments_open',
  'payments_indeterminate',
  'payments_unauthenticated',
  'cancellations_open',
  'notifications_pending',
  'members_pending',
]

/** Walks along an index from a place on: of all of them a statement reads no more than its limit. */
const walks: readonly RegExp[] = [
  // Listed, searched and summed in the console: each reads a bounded number.
  /^select .* from \(select .* from payments where (bill_key_id = \?8 and )?\(requested_at, transaction_id\) < /,
  /^select \* from \(select \* from bill_keys where \(issued_at, bill_key_id\) < /,
  /^select \* from \(select \* from notifications where state \|\| '' = '\w+' and \(enqueued_at, transaction_id, sequence\) < /,
]

const prepared = new Set<string>()
const { prepare } = DatabaseSync.prototype
const folder = await temporaryFolder()
const file = join(folder.path, 'gateway.db')

before(async () => {
  DatabaseSync.prototype.prepare = function (sql) {
    // The demo shop has a database of its own.
    if (this.location() === file) prepared.add(sql)
    return prepare.call(this, sql)
  }
  await payAndLookAround()
})

after(async () => {
  DatabaseSync.prototype.prepare = prepare
  await folder.remove()
})

/** The rounds of upkeep and delivery have prepared what they ask, once nothing new came for two and a half seconds. */
async function untilNothingNew(): Promise<void> {
  let [known, quietLooks] = [0, 0]
  const isQuiet = (): boolean => {
    quietLooks = prepared.size === known ? quietLooks + 1 : 0
    known = prepared.size
    return quietLooks >= 25
  }
  await until(isQuiet, { deadline: 120_000, every: 100, what: 'no new statement' })
}

/**
 * A buyer, a shop that cancels and deletes, an operator, and the work in the background: every statement of a gateway
 * is prepared.
 */
async function payAndLookAround(): Promise<void> {
  const sandbox = await startSandbox({
    dataFolder: folder.path,
    host: '127.0.0.1',
    ports: { shop: 0, gateway: 0, gatewayTls: 0, console: 0 },
  })
  try {
    const { gateway, console: operator } = sandbox.urls
    const env = { SSPAY_GATEWAY_PORT: new URL(gateway).port, SSPAY_CONSOLE_PORT: new URL(operator).port }
    for (const options of [
      ['--customer', 'buyer1', '--cancel-amount', '504'],
      ['--customer', 'buyer1'],
      ['--customer', 'buyer2', '--cancel'],
      ['--customer', 'buyer1', '--delete-member'],
    ]) {
      const { exitCode, errors } = await run(['pay', '--amount', '1004', ...options, '--json'], { environment: env })
      assert.equal(exitCode, 0, errors)
    }
    await subscribe(gateway)
    const database = new DatabaseSync(file, { readOnly: true })
    const payment = prepare.call(database, 'select transaction_id from payments limit 1').get()
    const key = prepare.call(database, 'select bill_key_id from bill_keys limit 1').get()
    database.close()
    for (const page of [
      '/',
      '/?before=1-x',
      '/?from=2020-01-01&until=2030-01-01',
      '/payments.csv',
      '/notifications',
      '/metrics',
      '/notifications?state=pending',
      '/notifications?state=delivered',
      '/requests',
      '/requests?kind=approval',
      `/payments/${payment?.transaction_id}`,
      '/bill-keys',
      '/bill-keys?state=active&text=KEY1',
      `/bill-keys/${key?.bill_key_id}`,
      '/requests.csv',
      '/requests.har',
    ])
      await (await fetch(operator + page)).arrayBuffer()
    await untilNothingNew()
  } finally {
    await sandbox.close()
  }
}

/** Of a member, by a shop with subscriptions. */
async function subscribe(gatewayUrl: string): Promise<void> {
  const merchant = defineMerchant(testMerchantConfig(gatewayUrl))
  const customerId = 'buyer2'
  const issued = await registerBillKey(merchant, {
    orderId: 'KEY1',
    customerId,
    cardNumber: '9406000000000001',
    cardExpiry: '4012',
    birthDateOrBusinessNumber: '900815',
    cardPasswordPrefix: '12',
  })
  assert.ok(issued.outcome === 'issued', JSON.stringify(issued))
  const billKey = issued.exposeBillKey()
  const charge = { billKey, orderId: 'CYCLE1', amount: 9900, customerId, goodsName: 'monthly', buyerName: '김구매' }
  assert.equal((await chargeBillKey(merchant, charge, { journal: memoryJournal() })).outcome, 'approved')
  assert.equal((await deleteBillKey(merchant, { billKey, customerId })).outcome, 'deleted')
}

interface Step {
  readonly sql: string
  readonly step: string
}

const grows = growing.join('|')
const isWhole = new RegExp(`^SCAN (${grows})\\b(?!.*(${ofOpenOnes.join('|')})\\b)`)
/** Begins at a place, but its first condition says not where to end. */
const isWalk = new RegExp(`^SEARCH (${grows})\\b(?!.*\\b(${ofOpenOnes.join('|')})\\b).*\\(\\(?\\w+(,\\w+)*\\)?[<>]`)

const migrations = globSync(join(import.meta.dirname, '../../packages/gateway/src/storage/migrations/*.sql'))
  .map((path) => readFileSync(path, 'utf8'))
  .join()

/** Every step of every statement that a running gateway prepares, as the engine plans it. */
function everyStep(): readonly Step[] {
  const database = new DatabaseSync(file)
  const statements = [...prepared].filter(
    (sql) => /^\s*(select|update|delete|insert|with)\b/i.test(sql) && !migrations.includes(sql),
  )
  assert.ok(statements.length > 60, `${statements.length} statements`)
  for (const table of growing)
    assert.ok(
      statements.some((sql) => sql.includes(table)),
      `a statement names ${table}`,
    )
  const steps = statements.flatMap((sql) => {
    const plan = prepare.call(database, `explain query plan ${sql}`).all()
    return plan.map(({ detail }) => ({ sql: sql.replace(/\s+/g, ' '), step: String(detail) }))
  })
  database.close()
  return steps
}

test('no statement of a running gateway reads a whole table that grows', () => {
  assert.deepEqual(
    everyStep().filter(({ step }) => isWhole.test(step)),
    [],
  )
})

test('what walks along an index ends after a page', () => {
  const found = everyStep().filter(({ step }) => isWalk.test(step))
  assert.deepEqual(
    found.filter(({ sql }) => !walks.some((walk) => walk.test(sql))),
    [],
  )
  for (const { sql } of found) assert.match(sql, / limit \?\d+/, sql)
})

test('a claim reads the notifications that are due, not all that wait', () => {
  const steps = everyStep()
    .filter(({ sql }) => sql.includes('update notifications set claimed_until'))
    .map(({ step }) => step)
  assert.ok(
    steps.some((step) => /^SEARCH due USING INDEX notifications_pending /.test(step)),
    steps.join('\n'),
  )
  assert.ok(
    steps.some((step) => /^SEARCH other USING .*\(transaction_id=\?\)/.test(step)),
    steps.join('\n'),
  )
})

test('a whole table and a walk are seen', () => {
  for (const step of ['SCAN payments', 'SCAN payments USING INDEX payments_by_time', 'SCAN notifications'])
    assert.match(step, isWhole)
  for (const step of ['SEARCH payments USING INDEX payments_by_time (requested_at>?)']) assert.match(step, isWalk)
  assert.doesNotMatch('SCAN payments USING INDEX payments_indeterminate', isWhole)
  assert.doesNotMatch('SEARCH payments USING INDEX sqlite_autoindex_payments_1 (transaction_id=?)', isWalk)
})
