/** Runs a bounded number of works at once, lets a bounded number wait, and refuses the rest. */
export interface HashQueue {
  /** Undefined, and `work` is not run, when too many wait. */
  run<Result>(work: () => Promise<Result>): Promise<Result | undefined>
  readonly running: number
  readonly waiting: number
}

interface HashQueueOptions {
  readonly atOnce: number
  readonly mostWaiting: number
  /** Hears of each refusal. */
  readonly onRejected?: () => void
}

export function createHashQueue({ atOnce, mostWaiting, onRejected }: HashQueueOptions): HashQueue {
  const waiting: (() => void)[] = []
  let running = 0

  return {
    async run(work) {
      if (running >= atOnce) {
        if (waiting.length >= mostWaiting) {
          onRejected?.()
          return undefined
        }
        // The work that ends hands its place over, so nobody who comes later can take it.
        await new Promise<void>((resolve) => waiting.push(resolve))
      } else running += 1
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next === undefined) running -= 1
        else next()
      }
    },
    get running() {
      return running
    },
    get waiting() {
      return waiting.length
    },
  }
}
