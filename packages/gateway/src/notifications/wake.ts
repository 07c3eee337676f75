import type { Storage } from '../storage/storage.ts'

const sleepers = new WeakMap<Storage, Set<() => void>>()

/** Call it once a transaction that enqueued notices is durable: the first delivery need not wait for the next look. */
export function wakeDelivery(storage: Storage): void {
  for (const wake of sleepers.get(storage) ?? []) wake()
}

/** Runs `wake` after each {@link wakeDelivery}; the returned function ends that. */
export function onWake(storage: Storage, wake: () => void): () => void {
  const waiting = sleepers.get(storage) ?? new Set()
  sleepers.set(storage, waiting.add(wake))
  return () => void waiting.delete(wake)
}
