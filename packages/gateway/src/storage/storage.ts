/** Retry budget: how long work waits for a database that is failing over, which is less than a shop waits for its answer. */
export const retryBudgetMs = 6_000

/** What a column holds. */
export type SqlValue = string | number | null

/** Integers for money and milliseconds, text for everything else; sealed and hashed values are text too. */
export type Row = Readonly<Record<string, SqlValue>>

export type ColumnType = 'text' | 'integer'

export type Columns = Readonly<Record<string, ColumnType>>

/** A row that is handed over; what is undefined is null. */
export type GivenRow = Readonly<Record<string, SqlValue | undefined>>

/**
 * Portable SQL only (see docs/decisions): `?1`-style parameters, `insert … on conflict`, `returning`, `update … from`.
 * The one fragment an engine spells itself is a set of rows handed over as one parameter.
 */
export interface Reader {
  read<Found extends Row>(sql: string, params?: readonly Parameter[]): Promise<readonly Found[]>
  /**
   * A table expression over a parameter that is a set of rows, for example
   * `insert into t select a, b from ${rows({ a: 'text', b: 'integer' }, '?1')} as given`.
   */
  rows(columns: Columns, parameter: string): string
}

export type Parameter = SqlValue | readonly GivenRow[]

/** A change of what a set of rows names, and what follows for each row whose change came about. */
export interface ChangeSet {
  readonly columns: Columns
  /** The column that tells the rows apart, of the set and of the changed table. */
  readonly key: string
  readonly rows: readonly GivenRow[]
  /** `update … from given where …`, `given` being the rows. Its condition must not hold any more for what it has changed. */
  readonly change: string
  /** Statements like `insert into … select … from changed`, `changed` being the rows whose change came about. */
  readonly consequences: readonly string[]
  /** No statement of the transaction follows, so that an engine may send all of it at once. */
  readonly isLast: boolean
}

/** The database inside a transaction. */
export interface Transaction extends Reader {
  /** Runs one statement and returns how many rows it changed. */
  write(sql: string, params?: readonly Parameter[]): Promise<number>
  /** The keys of the rows whose change came about. */
  changeSet(changeSet: ChangeSet): Promise<ReadonlySet<string>>
  /**
   * What an engine with many writers adds at the end of a `select`, so that what it found stays until the transaction ends: `wait` for who
   * has a row now, or `skip` such rows. Nothing where transactions run one after another.
   */
  readonly lock: { readonly wait: string; readonly skip: string }
}

/** How busy an engine is at this moment. */
export interface StorageLoad {
  /** Connections that work; of an engine with one writer, whether it commits. */
  readonly used: number
  readonly most: number
  /** Transactions and reads that wait for one. */
  readonly waiting: number
}

/** Hears that a commit of so many transactions begins; what it returns hears that it has ended, well or not. */
export type CommitWatch = (transactions: number) => () => void

/** A database: reads, and transactions that are durable when they resolve. */
export interface Storage extends Reader {
  /** How many statements over a set of rows it takes at the same time; what waits beyond that goes into the next set. */
  readonly lanes: number
  /** How a migration says that a table has no order but its primary key's, where the engine can spare it a second one. */
  readonly byKey: string
  /** First in the transaction of a migration: other processes that migrate wait for its end. */
  lockSchema(transaction: Transaction): Promise<void>
  /**
   * Runs `work` and resolves only when it is durable; rolls back when `work` throws. Transactions that wait together may share
   * one flush to disk. `work` awaits nothing but the transaction.
   */
  transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>
  load(): StorageLoad
  /** Only where transactions share commits. A second watch replaces the first. */
  watchCommits?(watch: CommitWatch): void
  close(): Promise<void>
}
