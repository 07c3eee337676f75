import type { Runtime } from '../runtime.ts'
import type { Reader } from '../storage/storage.ts'
import { within } from '../within.ts'

/** Why a load balancer should not send requests here. */
type NotReady = 'draining' | 'database_unreadable' | 'database_rejects_writes'

export type Readiness = ReturnType<typeof createReadiness>

const cachedMs = 1_000
const timeoutMs = 1_000
/** After a rejected write, requests are let in again after this time, to find out whether writes work. */
const retryWritesAfterMs = 5_000

/** Readiness probe. Times by timers, since the clock may be set, and the sandbox moves it. */
export function createReadiness(runtime: Pick<Runtime, 'schedule'>, database: () => Pick<Reader, 'read'>) {
  let isDraining = false
  let clearRejection: (() => void) | undefined

  const isReadable = cachedFor(runtime, cachedMs, () =>
    within(runtime, timeoutMs, database().read('select 1 as one')).then(
      () => true,
      () => false,
    ),
  )

  return {
    onTransaction(isAccepted: boolean): void {
      clearRejection?.()
      clearRejection = undefined
      if (isAccepted) return
      clearRejection = runtime.schedule(retryWritesAfterMs, () => {
        clearRejection = undefined
      })
    },
    /** Undefined when ready. Queries the database at most once a second, with a timeout of one second. */
    async reasonNotReady(): Promise<NotReady | undefined> {
      if (isDraining) return 'draining'
      if (!(await isReadable())) return 'database_unreadable'
      return clearRejection === undefined ? undefined : 'database_rejects_writes'
    },
    /** Not ready from now on. */
    drain(): void {
      isDraining = true
    },
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
