import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { recover, sqliteJournal, type Transport, type TransportResult } from '@sspay/merchant'
import { testMerchant } from '@sspay/sandbox'
import { billKeyEncryption } from '../../../examples/subscriptions/bill-key-encryption.ts'
import { type BillingShop, billingRecovery, runBilling } from '../../../examples/subscriptions/billing.ts'
import type { Day } from '../../../examples/subscriptions/calendar.ts'
import { merchantAt } from '../../../packages/merchant/test/samples.ts'
import { createPower, type Power } from '../../faults/fixture/power.ts'
import type { BillingFixture } from './fixture.ts'

export const encryption = billKeyEncryption(Buffer.alloc(32, 7).toString('base64'))

/** The SDK remembers, for its process, which cancel passwords an address has accepted: each shop has its own. */
let opened = 0

/** A process of the shop: what it does has no effect once it died. What it committed stays. */
export function startShop(fixture: BillingFixture, power: Power): BillingShop {
  const { clock, shop: disk, bug } = fixture
  const db = poweredConnection(disk, power)
  opened += 1
  return {
    merchant: merchantAt(`http://gateway-${opened}.test`, {
      now: clock.now,
      transport: overLinks(fixture, power),
      connectTimeoutMs: 2_000,
      readTimeoutMs: 10_000,
    }),
    db,
    journal: bug.wrapJournal(sqliteJournal(db, { now: clock.now })) as BillingShop['journal'],
    encryption,
  }
}

export function powerOfShop({ shop: disk, tally }: BillingFixture, stepsToLive: number): Power {
  return createPower(
    () => stepsToLive,
    () => {
      tally.add('shop died')
      if (disk.isTransaction) disk.exec('rollback')
    },
  )
}

/** The cron job of the example: recovery first, then the cycles that are due. */
export async function bill(fixture: BillingFixture, today: Day, stepsToLive: number): Promise<void> {
  const power = powerOfShop(fixture, stepsToLive)
  const run = async (): Promise<void> => {
    const shop = startShop(fixture, power)
    const { pending } = await recover(shop.merchant, billingRecovery(shop, today, testMerchant.cancelPassword.expose()))
    const { failed, ...report } = await runBilling(shop, today)
    if (!power.isOn) return
    for (const { reason } of failed) throw reason
    fixture.trace(JSON.stringify([today, pending.map(({ orderId, reason }) => [orderId, reason]), report]))
  }
  await Promise.race([run().catch((cause) => (power.isOn ? Promise.reject(cause) : undefined)), power.off])
}

const overLinks =
  ({ gateway, travel, bug }: BillingFixture, power: Power): Transport =>
  async ({ url, body, connectTimeoutMs, readTimeoutMs }): Promise<TransportResult> => {
    const { pathname } = new URL(url)
    const crossing = await power.through(() =>
      travel(pathname.slice(pathname.lastIndexOf('/') + 1), '', connectTimeoutMs + readTimeoutMs, () =>
        gateway.deliver(pathname, body, 'application/json'),
      ),
    )
    return bug.readGatewayAnswer(
      crossing.result === 'answered' ? { outcome: 'answered', ...crossing.answer } : { outcome: crossing.result },
    )
  }

const died = new Error('the shop died')

/** Each statement is a step before and after it. */
function poweredConnection(disk: DatabaseSync, power: Power): DatabaseSync {
  const step = <Result>(work: () => Result): Result => {
    if (power.isOn) power.step()
    if (!power.isOn) throw died
    const result = work()
    power.step()
    if (!power.isOn) throw died
    return result
  }
  const connection: Pick<DatabaseSync, 'exec' | 'isTransaction'> & { prepare(sql: string): unknown } = {
    exec: (sql) => step(() => disk.exec(sql)),
    get isTransaction() {
      return disk.isTransaction
    },
    prepare(sql) {
      const statement = prepare(disk, sql)
      return {
        all: (...values: SQLInputValue[]) => step(() => statement.all(...values)),
        get: (...values: SQLInputValue[]) => step(() => statement.get(...values)),
        run: (...values: SQLInputValue[]) => step(() => statement.run(...values)),
      }
    },
  }
  return connection as DatabaseSync
}

const prepared = new WeakMap<DatabaseSync, Map<string, ReturnType<DatabaseSync['prepare']>>>()

/** The processes share their statements, because preparing one takes longer than running it. */
function prepare(disk: DatabaseSync, sql: string) {
  const known = prepared.get(disk) ?? new Map()
  prepared.set(disk, known)
  const statement = known.get(sql) ?? disk.prepare(sql)
  known.set(sql, statement)
  return statement
}
