import { probePayments } from '../approval/store.ts'
import type { Runtime } from '../runtime.ts'
import type { Storage } from '../storage/storage.ts'
import { withinOr } from '../within.ts'
import type { TransactionOutcome } from './measure-storage.ts'

/** Why a load balancer should not send requests here. */
type NotReady = 'draining' | 'database_corrupt' | 'database_unreadable' | 'database_rejects_writes' | 'database_stalled'

export type Readiness = ReturnType<typeof createReadiness>

const cachedMs = 1_000
const timeoutMs = 1_000
/** After a rejected write, requests are let in again after this time, to find out whether writes work. */
const retryWritesAfterMs = 5_000
/** Transactions are stalled when in this time some ran and none was accepted. */
const stalledAfterMs = 2_000

/**
 * Readiness probe. Times by timers, since the clock may be set, and the sandbox moves it.
 *
 * @param storage unmeasured: a probe that is accepted does not prove that a payment would be
 */
export function createReadiness(runtime: Pick<Runtime, 'schedule'>, storage: Pick<Storage, 'read' | 'transact'>) {
  let isDraining = false
  let isCorrupt = false
  let clearRejection: (() => void) | undefined
  const stall = createStallDetector(runtime)

  const isReadable = probing(runtime, () => storage.read('select 1 as one'))
  const isWritable = probing(runtime, () => probePayments(storage))

  return {
    onTransactionBegin: stall.onBegin,
    onTransactionEnd(outcome: TransactionOutcome): void {
      stall.onEnd(outcome === 'accepted')
      if (outcome === 'failed') return
      clearRejection?.()
      clearRejection = undefined
      if (outcome === 'accepted') return
      clearRejection = runtime.schedule(retryWritesAfterMs, () => {
        clearRejection = undefined
      })
    },
    /** Not ready until a restart, which checks the file. */
    onCorruption(): void {
      isCorrupt = true
    },
    /** Undefined when ready. Queries the database at most once a second, with a timeout of one second. */
    async reasonNotReady(): Promise<NotReady | undefined> {
      if (isDraining) return 'draining'
      if (isCorrupt) return 'database_corrupt'
      if (!(await isReadable())) return 'database_unreadable'
      if (clearRejection !== undefined || !(await isWritable())) return 'database_rejects_writes'
      return stall.isStalled() ? 'database_stalled' : undefined
    },
    /** Not ready from now on. */
    drain(): void {
      isDraining = true
    },
  }
}

/** Probes at most once a second, and never while the last probe still runs. */
function probing(runtime: Pick<Runtime, 'schedule'>, probe: () => Promise<unknown>): () => Promise<boolean> {
  let running: Promise<boolean> | undefined
  return cachedFor(runtime, cachedMs, () => {
    running ??= probe()
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        running = undefined
      })
    return withinOr(runtime, timeoutMs, running, () => false)
  })
}

/** One timer at a time, however many transactions there are: it looks whether any of them was accepted meanwhile. */
function createStallDetector(runtime: Pick<Runtime, 'schedule'>) {
  let running = 0
  let accepted = 0
  let isStalled = false
  let isWatching = false

  const watch = (): void => {
    isWatching = true
    const acceptedBefore = accepted
    runtime.schedule(stalledAfterMs, () => {
      isStalled = running > 0 && accepted === acceptedBefore
      isWatching = false
      if (running > 0) watch()
    })
  }

  return {
    onBegin(): void {
      running++
      if (!isWatching) watch()
    },
    onEnd(isAccepted: boolean): void {
      running--
      if (isAccepted) accepted++
      if (isAccepted || running === 0) isStalled = false
    },
    isStalled: () => isStalled,
  }
}

/** Caches the result of `ask`, errors included, for `ttlMs`; concurrent callers share one call (single flight). */
export function cachedFor<Result>(
  runtime: Pick<Runtime, 'schedule'>,
  ttlMs: number,
  ask: () => Promise<Result>,
): () => Promise<Result> {
  let cached: Promise<Result> | undefined
  const expireLater = (): void => {
    runtime.schedule(ttlMs, () => {
      cached = undefined
    })
  }
  return () => {
    if (cached === undefined) {
      cached = ask()
      cached.then(expireLater, expireLater)
    }
    return cached
  }
}
