/**
 * Micro-batching: concurrent requests share statements and commits, as in a DataLoader.
 *
 * Problem: a round trip, or a flush to disk, for each payment costs more than the work itself. Requests that arrive in
 * the same few turns of the event loop are collected and run as one set-based statement. There is no timer: the
 * collection ends with the first turn that brings nothing new, so a request that is alone waits for a single turn.
 * Under load batches grow by themselves, because what arrives while a batch runs goes into the next one. Trade-off: up
 * to eight turns of latency for throughput.
 */
import { CommitUnknownError, DatabaseAwayError, type Reader, type Row, type Storage } from './storage.ts'

const mostTurns = 8

/** Waits until a turn of the event loop adds nothing to `count`. */
export async function collectTurns(count: () => number): Promise<void> {
  for (let turn = 0, before = 0; turn < mostTurns && count() > before; turn++) {
    before = count()
    await new Promise(setImmediate)
  }
}

const largestBatch = 256

interface Waiting<Item, Result> {
  readonly item: Item
  resolve(result: Result): void
  reject(cause: unknown): void
}

let waitingInAll = 0

/** Items of this process that wait for a batch. */
export const waitingItems = (): number => waitingInAll

/**
 * Turns `run`, a set-based operation that answers in the order of its items, into a function for one item. At most
 * `mostAtOnce` batches run at the same time. `run` must be all or nothing, as a transaction is: when it throws, the
 * batch is halved and each half is run again, one after the other, so that a bad item fails alone. An unreachable
 * database is not retried: `run` has used the retry budget up.
 */
export function microBatch<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  mostAtOnce: number,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = []
  let running = 0
  let isCollecting = false

  const runWaiting = (): void => {
    while (waiting.length > 0 && running < mostAtOnce) {
      const share = Number.isFinite(mostAtOnce) ? Math.ceil(waiting.length / (mostAtOnce - running)) : largestBatch
      running++
      const batch = waiting.splice(0, Math.min(largestBatch, share))
      waitingInAll -= batch.length
      void runBatch(run, batch).finally(() => {
        running--
        if (!isCollecting) runWaiting()
      })
    }
  }

  const collectAndRun = async (): Promise<void> => {
    isCollecting = true
    await collectTurns(() => waiting.length)
    isCollecting = false
    runWaiting()
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      waitingInAll++
      if (!isCollecting) void collectAndRun()
    })
}

async function runBatch<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  batch: readonly Waiting<Item, Result>[],
): Promise<void> {
  try {
    const results = await run(batch.map(({ item }) => item))
    if (results.length !== batch.length) throw new Error(`${batch.length} items got ${results.length} results`)
    for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result)
  } catch (cause) {
    const middle = batch.length >> 1
    const isDatabaseError = cause instanceof DatabaseAwayError || cause instanceof CommitUnknownError
    if (middle > 0 && !isDatabaseError) {
      await runBatch(run, batch.slice(0, middle))
      await runBatch(run, batch.slice(middle))
    } else for (const { reject } of batch) reject(cause)
  }
}

interface Stored {
  readonly storage: Storage
}

/** One value for each storage, made by `create` on first use and collected with the storage. */
export function perStorage<Given extends Stored, Made extends object>(
  create: (given: Given) => Made,
): (given: Given) => Made {
  const made = new WeakMap<Storage, Made>()
  return (given) => {
    const known = made.get(given.storage)
    if (known !== undefined) return known
    const fresh = create(given)
    made.set(given.storage, fresh)
    return fresh
  }
}

const flightsOf = perStorage(() => new Map<string, Promise<unknown>>())

/** Single flight: a call while another one with the same key runs on the same storage shares its result. */
export function singleFlight<Result>(stored: Stored, key: string, work: () => Promise<Result>): Promise<Result> {
  const flights = flightsOf(stored)
  const running = flights.get(key) as Promise<Result> | undefined
  if (running !== undefined) return running
  const flight = work().finally(() => flights.delete(key))
  flights.set(key, flight)
  return flight
}

/** A table and its primary key. */
export interface KeyedTable {
  readonly table: string
  readonly column: string
}

type Read = (key: string) => Promise<Row | undefined>

const readsOf = perStorage(() => new Map<string, Read>())

/**
 * The row with that primary key. Concurrent calls share a statement (DataLoader); inside a transaction each call has
 * its own.
 */
export async function readByKey<Found extends Row>(
  storage: Reader | Storage,
  keyed: KeyedTable,
  key: string,
): Promise<Found | undefined> {
  if (!('maxConcurrentBatches' in storage)) {
    const { table, column } = keyed
    return (await storage.read<Found>(`select * from ${table} where ${column} = ?1`, [key]))[0]
  }
  const reads = readsOf({ storage })
  const read = reads.get(keyed.table) ?? batchReads(storage, keyed)
  reads.set(keyed.table, read)
  return read(key) as Promise<Found | undefined>
}

const batchReads = (storage: Storage, { table, column }: KeyedTable): Read =>
  microBatch(async (keys) => {
    const given = storage.rows({ wanted: 'text' }, '?1')
    const distinct = [...new Set(keys)].map((wanted) => ({ wanted }))
    const found = await storage.read(`select ${table}.* from ${given} as given join ${table} on ${column} = wanted`, [
      distinct,
    ])
    const rows = new Map(found.map((row) => [row[column], row]))
    return keys.map((key) => rows.get(key))
  }, storage.maxConcurrentBatches)
