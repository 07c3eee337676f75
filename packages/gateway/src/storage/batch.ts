import { CommitUnknownError } from './commit-unknown.ts'
import { DatabaseAwayError } from './database-away.ts'
import { gather } from './gather.ts'

const largestBatch = 256

interface Waiting<Item, Result> {
  readonly item: Item
  resolve(result: Result): void
  reject(cause: unknown): void
}

let waitingInAll = 0

/** Items of this process that wait for the next set of theirs. */
export const waitingItems = (): number => waitingInAll

/**
 * Turns a set-based statement into a function for one item: calls that wait together become one `run`, and at most `lanes` of them run at the
 * same time. `run` answers in the order of its items. When it throws, the batch is halved and each half run again, one after the
 * other in the same lane, so that one bad item fails only its own caller and the bound holds; `run` must therefore be all or nothing,
 * as a transaction is. What is wrong with the database and not with an item is not tried again: it has used the retry budget up.
 */
export function collect<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  lanes: number,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = []
  let running = 0
  let isGathering = false

  const drain = (): void => {
    while (waiting.length > 0 && running < lanes) {
      const share = Number.isFinite(lanes) ? Math.ceil(waiting.length / (lanes - running)) : largestBatch
      running++
      const batch = waiting.splice(0, Math.min(largestBatch, share))
      waitingInAll -= batch.length
      void runBatch(run, batch).finally(() => {
        running--
        if (!isGathering) drain()
      })
    }
  }

  const gatherAndDrain = async (): Promise<void> => {
    isGathering = true
    await gather(() => waiting.length)
    isGathering = false
    drain()
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      waitingInAll++
      if (!isGathering) void gatherAndDrain()
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
    if (middle > 0 && !isOfDatabase(cause)) {
      await runBatch(run, batch.slice(0, middle))
      await runBatch(run, batch.slice(middle))
    } else for (const { reject } of batch) reject(cause)
  }
}

const isOfDatabase = (cause: unknown): boolean =>
  cause instanceof DatabaseAwayError || cause instanceof CommitUnknownError
