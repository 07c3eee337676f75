import { perStorage } from '../storage/batching.ts'
import type { Storage } from '../storage/storage.ts'

const sleepersOf = perStorage(() => new Set<() => void>())

/** Call it once a transaction that enqueued notices is durable: the first delivery need not wait for the next look. */
export function wakeDelivery(storage: Storage): void {
  for (const wake of sleepersOf({ storage })) wake()
}

/** Runs `wake` after each {@link wakeDelivery}; the returned function ends that. */
export function onWake(storage: Storage, wake: () => void): () => void {
  const sleepers = sleepersOf({ storage })
  sleepers.add(wake)
  return () => void sleepers.delete(wake)
}
