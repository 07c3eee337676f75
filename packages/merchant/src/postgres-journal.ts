import type { PaymentJournal } from './journal.ts'
import {
  find,
  findOpen,
  giveUp,
  intend,
  isCreditable,
  know,
  markCredited,
  type Row,
  readKnown,
  readOpenEntry,
  readStanding,
  reopen,
  type Statement,
  settle,
} from './journal-sql.ts'

/** What the journal uses of a connection of `pg`. */
export interface PostgresClient {
  /** `command`: what the server says it did. */
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[]; readonly command?: string }>
}

/** What the journal uses of `PoolClient` from `pg`; the `update` of `creditOnce` gets it as the shop's own type. */
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
 * The `update` of `creditOnce` gets the client of its transaction and must send its statements there; `creditOnce` inside it, for the same
 * payment, would wait for itself. The other methods take a connection of their own from the pool, so that a transaction of the shop that
 * is rolled back takes nothing of theirs along. Durable with `synchronous_commit = on`, the default. Any number of processes may share the table.
 */
export function postgresJournal<Client extends PooledPostgresClient>(
  pool: PostgresPool<Client>,
  { now = () => new Date() }: PostgresJournalOptions = {},
): PaymentJournal<Client> {
  return {
    async intend(entry) {
      const added = await run(pool, intend(entry))
      if (added.length > 0) return 'new'
      await run(pool, reopen(entry))
      return readStanding(await run(pool, find(entry.transactionId)))
    },
    find: async (transactionId) => readKnown(await run(pool, find(transactionId))),
    async settle(transactionId, settlement) {
      await run(pool, settle(transactionId, settlement, now()))
    },
    async giveUp(transactionId) {
      return (await run(pool, giveUp(transactionId))).length > 0
    },
    async openEntries() {
      return (await run(pool, findOpen)).map(readOpenEntry)
    },
    credit(payment, update) {
      return inTransaction(pool, async (client) => {
        await run(client, know(payment, now()))
        const marked = await run(client, markCredited(payment)).catch(noRowWhenOrderIsCredited)
        if (!isCreditable(payment, marked)) return false
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
function noRowWhenOrderIsCredited(error: unknown): readonly Row[] {
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
