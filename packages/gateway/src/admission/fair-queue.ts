import type { WaitExcluder } from '../logging/current-request.ts'

export interface Call {
  begin(slot: Slot): void
  /** Rejects the call for overload; it must do no work. */
  shed(): void
  /** The client has disconnected. */
  isGone(): boolean
}

/** Held by a call that has begun. */
export interface Slot extends WaitExcluder {
  /** Ends the call. Idempotent. */
  release(): void
}

/** The calls of one key. */
export interface Flow {
  readonly key: string
  readonly waiting: { readonly call: Call; readonly sinceMs: number }[]
  inFlight: number
}

/**
 * Fair queueing: one queue per key, served round robin, so that a flood of one merchant does not delay the others.
 * Within a key LIFO: under overload the newest call still has time to be answered, while the oldest is about to be
 * shed.
 */
export function createFairQueue() {
  const flows = new Map<string, Flow>()
  /** Keys with waiting calls, in round-robin order. */
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
    /** The next call whose key `mayBegin`. */
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
    /** Sheds calls that have waited since `sinceOf(flow)` or longer, in milliseconds. */
    shedSince(sinceOf: (flow: Flow) => number): void {
      for (const flow of turns) {
        const timeMs = sinceOf(flow)
        while ((flow.waiting[0]?.sinceMs ?? Number.POSITIVE_INFINITY) <= timeMs) shedOldest(flow)
      }
    },
    /** Keys with waiting or in-flight calls. */
    size: (): number => flows.size,
    forgetIfEmpty,
    isEmpty: (): boolean => turns.size === 0,
  }
}
