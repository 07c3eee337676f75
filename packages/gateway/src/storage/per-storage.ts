import type { Storage } from './storage.ts'

interface Stored {
  readonly storage: Storage
}

/** What calls on one storage share: made by `create` at the first of them, gone with the storage. */
export function perStorage<Given extends Stored, Made extends object>(
  create: (given: Given) => Made,
): (given: Given) => Made {
  const made = new WeakMap<Storage, Made>()
  return (given) => {
    const known = made.get(given.storage)
    if (known !== undefined) return known
    const fresh = create(given)
    made.set(given.storage, fresh)
    return fresh
  }
}
