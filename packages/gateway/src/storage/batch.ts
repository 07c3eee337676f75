const largestBatch = 256

interface Waiting<Item, Result> {
  readonly item: Item
  resolve(result: Result): void
  reject(cause: unknown): void
}

/**
 * Turns a set-based statement into a function for one item: calls that wait together become one `run`. `run` answers in the
 * order of its items. When it throws, every item of the batch is run alone, so that one bad item fails only its own caller;
 * `run` must therefore be all or nothing, as a transaction is.
 */
export function collect<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = []

  const drain = (): void => {
    const batches = waiting
    waiting = []
    for (let from = 0; from < batches.length; from += largestBatch) {
      void runBatch(run, batches.slice(from, from + largestBatch))
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(drain)
      waiting.push({ item, resolve, reject })
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
    if (batch.length === 1) batch[0]?.reject(cause)
    else await Promise.all(batch.map((one) => runBatch(run, [one])))
  }
}
