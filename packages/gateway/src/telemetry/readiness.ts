import type { Runtime } from '../runtime.ts'
import type { Reader } from '../storage/storage.ts'
import { within } from '../within.ts'
import { atMostEvery } from './at-most-every.ts'
import type { StorageWatch } from './measure-storage.ts'

/** Why a balancer should send its requests elsewhere. */
type NotReady = 'draining' | 'database_unreadable' | 'database_rejects_writes'

export interface Readiness extends StorageWatch {
  /** Undefined when ready. Asks the database at most once a second, and waits for it at most one second. */
  reasonNotReady(): Promise<NotReady | undefined>
  /** From now on not ready. */
  drain(): void
}

const keptMs = 1_000
const retryBudgetMs = 1_000
/** Then requests are let in again, to see whether the database takes them: nothing else would tell. */
const restMs = 5_000

/** Times by timers: the clock may be set, and the sandbox moves it. */
export function createReadiness(runtime: Pick<Runtime, 'schedule'>, database: () => Pick<Reader, 'read'>): Readiness {
  let isDraining = false
  let endRejection: (() => void) | undefined

  const isReadable = atMostEvery(runtime, keptMs, () =>
    within(runtime, retryBudgetMs, database().read('select 1 as one')).then(
      () => true,
      () => false,
    ),
  )

  return {
    onTransaction(isTaken) {
      endRejection?.()
      endRejection = undefined
      if (isTaken) return
      endRejection = runtime.schedule(restMs, () => {
        endRejection = undefined
      })
    },
    async reasonNotReady() {
      if (isDraining) return 'draining'
      if (!(await isReadable())) return 'database_unreadable'
      return endRejection === undefined ? undefined : 'database_rejects_writes'
    },
    drain() {
      isDraining = true
    },
  }
}
