import type { PaymentJournal } from './journal.ts'
import * as sql from './journal-sql.ts'

/** The part of a `pg` client that the journal uses. */
export interface PostgresClient {
  /** `command`: the command tag, for example `COMMIT`. */
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[]; readonly command?: string }>
}

/**
 * The part of `PoolClient` of `pg` that the journal uses; the `update` of `markPaid` gets it as the shop's own type.
 */
export interface PooledPostgresClient extends PostgresClient {
  release(isBroken?: boolean): void
}

/** The part of `Pool` of `pg` that the journal uses. */
export interface PostgresPool<Client extends PooledPostgresClient> extends PostgresClient {
  connect(): Promise<Client>
}

/** Options of {@link postgresJournal}. */
export interface PostgresJournalOptions {
  /** Clock for payments first known by a notification. Default: the system clock. */
  readonly now?: () => Date
}

/**
 * Keeps the journal in the shop's PostgreSQL database.
 *
 * Create the table with {@link createJournalTable} first, and protect it like customer data: pending payments hold
 * secret approval tickets. Durable with `synchronous_commit = on`, the default. Any number of processes may share it.
 *
 * The `update` of `markPaid` gets the client of its transaction and must send its statements there; a nested `markPaid`
 * of the same payment would deadlock. The other methods use a connection of their own, so that a rollback of the shop's
 * transaction does not undo them.
 *
 * @param pool - `new Pool(…)` of `pg`.
 * @example
 * ```ts
 * import { createJournalTable, type PooledPostgresClient, type PostgresPool, postgresJournal } from '@sspay/merchant'
 *
 * export async function openJournal(pool: PostgresPool<PooledPostgresClient>) {
 *   await pool.query(createJournalTable)
 *   return postgresJournal(pool)
 * }
 * ```
 */
export function postgresJournal<Client extends PooledPostgresClient>(
  pool: PostgresPool<Client>,
  { now = () => new Date() }: PostgresJournalOptions = {},
): PaymentJournal<Client> {
  return {
    async begin(entry) {
      const added = await run(pool, sql.begin(entry))
      if (added.length > 0) return 'new'
      await run(pool, sql.reopen(entry))
      return sql.readBeginResult(await run(pool, sql.find(entry.transactionId)))
    },
    find: async (transactionId) => sql.readRecorded(await run(pool, sql.find(transactionId))),
    async recordOutcome(transactionId, recordedOutcome) {
      await run(pool, sql.recordOutcome(transactionId, recordedOutcome, now()))
    },
    abandon: async (transactionId) => (await run(pool, sql.abandon(transactionId))).length > 0,
    pending: async () => (await run(pool, sql.findPending())).map(sql.readPending),
    pendingFor: async (orderId) => (await run(pool, sql.findPending(orderId))).map(sql.readPending),
    async markPaid(payment, update) {
      const isPaid = await inTransaction(pool, async (client) => {
        await run(client, sql.insertApproved(payment, now()))
        const marked = await run(client, sql.writePaid(payment)).catch(noRowIfOrderIsPaid)
        if (!sql.wasMarkedPaid(payment, marked)) return false
        await update(client)
        return true
      })
      if (!isPaid) await run(pool, sql.recordOutcome(payment.transactionId, 'approved', now()))
      return isPaid
    },
  }
}

async function run(client: PostgresClient, { sql: text, values }: sql.Statement): Promise<readonly sql.Row[]> {
  const { rows } = await client.query(text.replace(/\?(\d)/g, '$$$1'), [...values])
  return rows as sql.Row[]
}

/**
 * Two payments of one order marked paid concurrently do not see each other's row: the loser conflicts on the unique
 * index.
 */
function noRowIfOrderIsPaid(error: unknown): readonly sql.Row[] {
  if ((error as { readonly code?: unknown }).code === '23505') return []
  throw error
}

/** PostgreSQL answers COMMIT with ROLLBACK, and no error, if a statement failed whose error `update` caught. */
function requireCommitted({ command }: { readonly command?: unknown }): void {
  if (command === 'ROLLBACK')
    throw new Error('a statement of the update failed, so PostgreSQL rolled back: nothing was marked paid')
}

/** Commits if `work` returned true; rolls back after false and after an error. */
async function inTransaction<Client extends PooledPostgresClient>(
  pool: PostgresPool<Client>,
  work: (client: Client) => Promise<boolean>,
): Promise<boolean> {
  const client = await pool.connect()
  let isBroken = false
  try {
    await client.query('begin')
    const isDone = await work(client)
    const ended = await client.query(isDone ? 'commit' : 'rollback')
    if (isDone) requireCommitted(ended)
    return isDone
  } catch (error) {
    isBroken = await client.query('rollback').then(
      () => false,
      () => true,
    )
    throw error
  } finally {
    client.release(isBroken)
  }
}
