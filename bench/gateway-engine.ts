import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { transitionPayment } from '../packages/gateway/src/approval/transition.ts'
import type { Context } from '../packages/gateway/src/context.ts'
import { createKeyRing } from '../packages/gateway/src/keyring.ts'
import { realRuntime } from '../packages/gateway/src/runtime.ts'
import { Secret } from '../packages/gateway/src/secret.ts'
import { migrate } from '../packages/gateway/src/storage/migrate.ts'
import { openPostgres } from '../packages/gateway/src/storage/postgres.ts'
import type { Storage } from '../packages/gateway/src/storage/storage.ts'
import { tellError } from './command.ts'
import { type Load, load } from './stats.ts'

/** Something that takes durable approvals. */
export interface Engine {
  readonly name: string
  /** Takes so many with so many under way, of payments whose buyers have authenticated before. */
  measure(count: number, atOnce: number): Promise<Load>
  close(): Promise<void>
}

const keyRing = createKeyRing(realRuntime, new Secret('5a'.repeat(32)))
const answer = JSON.stringify(
  Object.fromEntries(Array.from({ length: 26 }, (_, index) => [`Field${index}`, 'value 값'])),
)

const merchantId = 'ssptest01m'
const authenticatedHead = { sequence: 2, hash: '' }

/** The gateway's own code on a storage that has its tables. Closes the storage, and then `end`s what it stands on. */
export const gatewayEngine = (name: string, storage: Storage, end = async (): Promise<void> => {}): Engine => ({
  name,
  async measure(count, atOnce) {
    const ids = newIds(count)
    await insertAuthenticated(storage, ids)
    return load(count, atOnce, (index) => approve({ storage, keyRing }, ids[index] ?? ''))
  },
  async close() {
    await storage.close()
    await end()
  },
})

function newIds(count: number): readonly string[] {
  const prefix = randomBytes(5).toString('hex')
  return Array.from({ length: count }, (_, index) => `${prefix}01${String(index).padStart(18, '0')}`)
}

/** Payments whose buyers have authenticated, without what no approval reads. */
export async function insertAuthenticated(storage: Storage, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += 2_000) {
    const rows = ids.slice(from, from + 2_000).map((transaction_id) => ({ transaction_id }))
    await storage.transact((transaction) =>
      transaction.write(
        `insert into payments (transaction_id, merchant_id, order_id, amount, state, request_public, request_encrypted,
           requested_at, state_changed_at, window_expires_at, event_sequence, event_hash)
         select transaction_id, '${merchantId}', 'ORDER', 1004, 'authenticated', '{}', '', 1, 1, 1,
           ${authenticatedHead.sequence}, '${authenticatedHead.hash}'
         from ${transaction.rows({ transaction_id: 'text' }, '?1')} as given where true`,
        [rows],
      ),
    )
  }
}

async function approve(context: Pick<Context, 'storage' | 'keyRing'>, transactionId: string): Promise<void> {
  const begin = { transactionId, at: realRuntime.now() }
  const claim = { ...begin, from: 'authenticated', event: 'approvalRequested' } as const
  const claimed = await transitionPayment(context, { ...claim, expected: { merchantId, head: authenticatedHead } })
  if (claimed === undefined) throw new Error(`${transactionId} was claimed by another caller`)
  const recorded = await transitionPayment(context, {
    ...{ ...begin, from: 'approving', event: 'networkApproved', expected: { merchantId, head: claimed } },
    changes: { approvalNumber: '30001234', answer },
    notification: 'answer',
  })
  if (recorded === undefined) throw new Error(`${transactionId} was changed by another caller`)
}

const storedBefore = 20_000

/**
 * On a PostgreSQL of its own. It gets payments of the past and the statistics of them: a planner that knows nothing of
 * its tables takes them for small ones, which is so in the first minute of a gateway's life only. Its log has been
 * written once around.
 */
export async function openEngineAt(name: string, url: string, end?: () => Promise<void>): Promise<Engine> {
  const options = { runtime: realRuntime, connections: 8, retryBudgetMs: 5_000, onError: tellError }
  const storage = openPostgres({ ...options, url })
  await migrate(storage)
  await insertAuthenticated(storage, newIds(storedBefore))
  await storage.read('analyze payments')
  await writeLogOnce(url)
  return gatewayEngine(name, storage, end)
}

/**
 * A server makes each file of its log once, at two writes and a flush more, and from its first gigabyte on writes over
 * them, as the bare file and SQLite do here from the start.
 */
export async function writeLogOnce(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query('create table filler (text text)')
    for (let hundredMegabytes = 0; hundredMegabytes < 11; hundredMegabytes++)
      await client.query("insert into filler select repeat('x', 1000) from generate_series(1, 90000)")
    await client.query('drop table filler')
    await client.query('checkpoint')
  } finally {
    await client.end()
  }
}
