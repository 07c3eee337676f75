/** How long work waits for a database that is failing over: less than a shop waits for its answer. */
export const retryBudgetMs = 6_000

/** The database stayed unreachable or locked for the whole retry budget; the statement itself may be correct. */
export class DatabaseAwayError extends Error {}

/** The connection broke during a commit: whether the database has committed is unknown. */
export class CommitUnknownError extends Error {}

/** Other sessions have used the tables of a migration for the whole time that it may wait. */
export class SchemaBlockedError extends Error {}

export interface SchemaWait {
  readonly forMs: number
  /** Called before each pause. */
  onBlocked(): void
}

/** What a column holds. */
export type SqlValue = string | number | null

/** Integers for money and milliseconds, text for everything else; ciphertexts and hashes are text too. */
export type Row = Readonly<Record<string, SqlValue>>

export type ColumnType = 'text' | 'integer'

export type Columns = Readonly<Record<string, ColumnType>>

/** A row of a parameter; undefined stands for null. */
export type GivenRow = Readonly<Record<string, SqlValue | undefined>>

/**
 * Portable SQL only (see docs/decisions): `?1`-style parameters, `insert … on conflict`, `returning`, `update … from`.
 * Only a set of rows as one parameter is spelled by the engine.
 */
export interface Reader {
  read<Found extends Row>(sql: string, params?: readonly Parameter[]): Promise<readonly Found[]>
  /**
   * A table expression over a parameter that is a set of rows, for example `insert into t select a, b from ${rows({ a:
   * 'text', b: 'integer' }, '?1')} as given`.
   */
  rows(columns: Columns, parameter: string): string
}

/** A database of which nothing is changed. */
export interface ClosableReader extends Reader {
  close(): Promise<void>
}

export type Parameter = SqlValue | readonly GivenRow[]

/**
 * An update of one row for each given row, as far as its condition holds, and follow-ups for the rows that it has
 * changed.
 */
export interface ConditionalUpdate {
  readonly columns: Columns
  /** The column that identifies a row, in `rows` and in the updated table. */
  readonly key: string
  readonly rows: readonly GivenRow[]
  /**
   * `update … from given where …`; `given` are the rows. The condition must be false for a row that it has changed: a
   * retry runs it again.
   */
  readonly update: string
  /** Statements `insert into … select … from changed`; `changed` are the given rows whose update took place. */
  readonly followUps: readonly string[]
  /** No statement of the transaction follows, so that an engine may send the whole transaction as one statement. */
  readonly isLast: boolean
}

/** The database inside a transaction. */
export interface Transaction extends Reader {
  /** Runs one statement and returns how many rows it changed. */
  write(sql: string, params?: readonly Parameter[]): Promise<number>
  /** Compare-and-set over a set of rows; returns the keys of the changed ones. */
  updateWhere(update: ConditionalUpdate): Promise<ReadonlySet<string>>
  /**
   * Ends a `select` of rows that must not change until the transaction ends: `wait` for a row that is locked, or `skip`
   * it. Empty where transactions run one after another.
   */
  readonly lock: { readonly wait: string; readonly skip: string }
}

/** How busy an engine is at this moment. */
export interface StorageLoad {
  /** Busy connections; of an engine with one writer, whether it commits. */
  readonly used: number
  readonly most: number
  /** Transactions and reads that wait for a connection. */
  readonly waiting: number
}

/**
 * Called when a commit of so many transactions begins; the returned function is called when it has ended, with or
 * without success.
 */
export type CommitWatch = (transactions: number) => () => void

/** A database: reads, and transactions that are durable when they resolve. */
export interface Storage extends Reader {
  /** How many set-based statements run at the same time; further items wait for the next batch. */
  readonly maxConcurrentBatches: number
  /** The clause of a migration for a table without any order but that of its primary key, where the engine has one. */
  readonly byKey: string
  /**
   * The transaction of a migration: it has no time limit, and waits while another process changes the schema. Where it
   * needs a table that other sessions use, it gives up its place in the queue after a moment, so that payments do not
   * wait behind it, and begins again. Rejects with `SchemaBlockedError` after `wait`.
   */
  changeSchema<Result>(work: (transaction: Transaction) => Promise<Result>, wait: SchemaWait): Promise<Result>
  /**
   * Resolves once `work` is durable, rolls back when it throws. Transactions that wait at the same time may share one
   * flush to disk. `work` awaits nothing but the transaction.
   */
  transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>
  load(): StorageLoad
  /** Only where transactions share commits. A second watch replaces the first. */
  watchCommits?(watch: CommitWatch): void
  close(): Promise<void>
}

/** One statement as a transaction. Whether it changed exactly one row. */
export const changesOne = async (
  storage: Pick<Storage, 'transact'>,
  sql: string,
  params: readonly Parameter[],
): Promise<boolean> => (await storage.transact((transaction) => transaction.write(sql, params))) === 1

/** How many rows wait, and since when the oldest of them does. */
export interface WaitingRows {
  readonly count: number
  readonly oldestAt: Date | undefined
}

/** The one row of a `select count(*) as count, min(…) as oldest`. */
export type CountRow = { readonly count: number; readonly oldest: number | null }

export const waitingRowsOf = ([found]: readonly CountRow[]): WaitingRows => ({
  count: found?.count ?? 0,
  oldestAt: typeof found?.oldest === 'number' ? new Date(found.oldest) : undefined,
})

/**
 * One address for each host; throws, without showing the password, when `url` is not a database address. A password
 * with a raw `@`, `/`, `?` or `#` would make a host name of a part of it.
 */
export function addressesOf(url: string): readonly string[] {
  const [, scheme, user = '', hosts = '', rest = ''] =
    /^(postgres(?:ql)?:\/\/)([^@/?#]*@)?([^@/?#]+)([^@#]*)$/.exec(url) ?? []
  const addresses = hosts.split(',').map((host) => `${scheme}${user}${host}${rest}`)
  if (scheme === undefined || !isPercentEncoded(user) || addresses.some((address) => !URL.canParse(address)))
    throw new Error(
      'The database address is not postgres://user:password@host:port/database, with @ / ? # % in the password written as %40 %2F %3F %23 %25.',
    )
  return addresses
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
