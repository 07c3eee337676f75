export interface Call {
  begin(slot: Slot): void
  /** There was no place in time: nothing of the call may happen. */
  shed(): void
  /** Nobody waits for the answer any more. */
  isGone(): boolean
}

/** The place of a call that has begun. */
export interface Slot {
  /** While `work` runs the call waits for another service: it holds no place, and the time does not count as latency of this process. */
  releaseSlotWhile<Result>(work: () => Promise<Result>): Promise<Result>
  /** The call has ended; later calls of this function do nothing. */
  release(): void
}

/** The calls of one key. */
export interface Flow {
  readonly key: string
  readonly waiting: { readonly call: Call; readonly sinceMs: number }[]
  inFlight: number
}

/**
 * Fair queueing: each key has a queue, and the keys take turns. Of one key the newest call goes first, since the oldest has the least time left
 * before it is shed.
 */
export function createFairQueue() {
  const flows = new Map<string, Flow>()
  /** Those with waiting calls, the next one first. */
  const turns = new Set<Flow>()

  const forgetIfEmpty = (flow: Flow): void => {
    if (flow.waiting.length > 0) return
    turns.delete(flow)
    if (flow.inFlight === 0) flows.delete(flow.key)
  }
  const shedOldest = (flow: Flow): void => {
    flow.waiting.shift()?.call.shed()
    forgetIfEmpty(flow)
  }
  /** The next turn of this key comes after one of every other key. */
  const newestOf = (flow: Flow): Call | undefined => {
    const newest = flow.waiting.pop()?.call
    turns.delete(flow)
    if (flow.waiting.length > 0) turns.add(flow)
    return newest
  }

  return {
    add(key: string, call: Call, sinceMs: number): Flow {
      const flow = flows.get(key) ?? { key, waiting: [], inFlight: 0 }
      flows.set(key, flow)
      flow.waiting.push({ call, sinceMs })
      turns.add(flow)
      return flow
    },
    /** The next call of a key that may begin one. */
    take(mayBegin: (flow: Flow) => boolean): { readonly flow: Flow; readonly call: Call } | undefined {
      for (const flow of turns) {
        if (!mayBegin(flow)) continue
        const call = newestOf(flow)
        if (call?.isGone() === false) return { flow, call }
        forgetIfEmpty(flow)
      }
      return undefined
    },
    shedOldest,
    /** Sheds what has waited since the time that `sinceOf` gives for its key, in milliseconds. */
    shedSince(sinceOf: (flow: Flow) => number): void {
      for (const flow of turns) {
        const timeMs = sinceOf(flow)
        while ((flow.waiting[0]?.sinceMs ?? Number.POSITIVE_INFINITY) <= timeMs) shedOldest(flow)
      }
    },
    /** Keys with calls. */
    size: (): number => flows.size,
    /** A call of this key has ended. */
    forgetIfEmpty,
    isEmpty: (): boolean => turns.size === 0,
  }
}
