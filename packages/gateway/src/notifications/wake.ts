import { perStorage } from '../storage/batching.ts'
import type { Storage } from '../storage/storage.ts'

const listenersOf = perStorage(() => new Set<() => void>())

/** Call it after a commit that enqueued notifications, so that they need not wait for the next poll. */
export function wakeDelivery(storage: Storage): void {
  for (const wake of listenersOf({ storage })) wake()
}

/** Returns how to unsubscribe. */
export function onWake(storage: Storage, wake: () => void): () => void {
  const listeners = listenersOf({ storage })
  listeners.add(wake)
  return () => void listeners.delete(wake)
}
