import type { PaymentJournal } from './journal.ts'
import {
  abandon,
  begin,
  find,
  findOpen,
  know,
  mayBeMarkedPaid,
  type Row,
  readKnown,
  readOpenEntry,
  readStanding,
  recordOutcome,
  reopen,
  type Statement,
  writePaid,
} from './journal-sql.ts'

/** What the journal uses of a connection of `pg`. */
export interface PostgresClient {
  /** `command`: what the server says it did. */
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[]; readonly command?: string }>
}

/** What the journal uses of `PoolClient` from `pg`; the `update` of `markPaidOnce` gets it as the shop's own type. */
export interface PooledPostgresClient extends PostgresClient {
  release(isBroken?: boolean): void
}

/** What the journal uses of `Pool` from `pg`. */
export interface PostgresPool<Client extends PooledPostgresClient> extends PostgresClient {
  connect(): Promise<Client>
}

/** Settings of {@link postgresJournal}. */
export interface PostgresJournalOptions {
  /** Dates what the journal first hears of by a notice. Default: the machine's clock. */
  readonly now?: () => Date
}

/**
 * A journal in the shop's own PostgreSQL database, on the shop's own pool (`new Pool(…)` of `pg`). Create its table with
 * `createJournalTable` first. Open entries hold approval tickets, which are secret: keep the table as the shop keeps its customers.
 *
 * The `update` of `markPaidOnce` gets the client of its transaction and must send its statements there; `markPaidOnce` inside it, for the same
 * payment, would wait for itself. The other methods take a connection of their own from the pool, so that a transaction of the shop that
 * is rolled back takes nothing of theirs along. Durable with `synchronous_commit = on`, the default. Any number of processes may share the table.
 */
export function postgresJournal<Client extends PooledPostgresClient>(
  pool: PostgresPool<Client>,
  { now = () => new Date() }: PostgresJournalOptions = {},
): PaymentJournal<Client> {
  return {
    async begin(entry) {
      const added = await run(pool, begin(entry))
      if (added.length > 0) return 'new'
      await run(pool, reopen(entry))
      return readStanding(await run(pool, find(entry.transactionId)))
    },
    find: async (transactionId) => readKnown(await run(pool, find(transactionId))),
    async recordOutcome(transactionId, recordedOutcome) {
      await run(pool, recordOutcome(transactionId, recordedOutcome, now()))
    },
    async abandon(transactionId) {
      return (await run(pool, abandon(transactionId))).length > 0
    },
    async openEntries() {
      return (await run(pool, findOpen)).map(readOpenEntry)
    },
    markPaid(payment, update) {
      return inTransaction(pool, async (client) => {
        await run(client, know(payment, now()))
        const marked = await run(client, writePaid(payment)).catch(noRowWhenOrderIsPaid)
        if (!mayBeMarkedPaid(payment, marked)) return false
        await update(client)
        return true
      })
    },
  }
}

async function run(client: PostgresClient, { sql, values }: Statement): Promise<readonly Row[]> {
  const { rows } = await client.query(sql.replace(/\?(\d)/g, '$$$1'), [...values])
  return rows as Row[]
}

/** Two payments of one order credited in the same moment: neither sees the other's mark, the unique index does. */
function noRowWhenOrderIsPaid(error: unknown): readonly Row[] {
  if ((error as { readonly code?: unknown }).code === '23505') return []
  throw error
}

/** PostgreSQL takes everything back, without an error, when the commit follows a statement that failed: `update` may have caught it. */
function requireCommitted({ command }: { readonly command?: unknown }): void {
  if (command === 'ROLLBACK')
    throw new Error('a statement of the update failed, so that PostgreSQL took everything back: nothing was credited')
}

/** Commits what returned true; after false and after an error nothing has happened. */
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
