import type { Runtime } from '../runtime.ts'

/** How often something has happened lately: one of it is forgotten after each `forgetEveryMs`. */
export interface DecayingCount {
  add(key: string): void
  /** Takes one back that {@link add} counted. */
  remove(key: string): void
  of(key: string): number
  /** Milliseconds since the last {@link add}; Infinity for what is not remembered. */
  sinceLast(key: string): number
  /** Keys that are remembered, never more than the bound. */
  readonly size: number
}

interface DecayingCountOptions {
  readonly forgetEveryMs: number
  /** Beyond it the key that nothing was added to for longest is forgotten. */
  readonly mostKeys: number
}

interface Remembered {
  /** When all of it will be forgotten: says how many there are. */
  readonly clearAt: number
  readonly lastAt: number
}

export function createDecayingCount(
  { now }: Pick<Runtime, 'now'>,
  { forgetEveryMs, mostKeys }: DecayingCountOptions,
): DecayingCount {
  const remembered = new Map<string, Remembered>()

  const countOf = (key: string, at: number): number =>
    Math.max(0, Math.ceil(((remembered.get(key)?.clearAt ?? at) - at) / forgetEveryMs))

  /** The map is in order of the last addition, so what can be forgotten comes first. */
  const forgetOldest = (at: number): void => {
    for (const [key, { clearAt }] of remembered) {
      if (clearAt > at && remembered.size <= mostKeys) return
      remembered.delete(key)
    }
  }

  return {
    add(key) {
      const at = now().getTime()
      const clearAt = Math.max(remembered.get(key)?.clearAt ?? at, at) + forgetEveryMs
      remembered.delete(key)
      remembered.set(key, { clearAt, lastAt: at })
      forgetOldest(at)
    },
    remove(key) {
      const known = remembered.get(key)
      if (known !== undefined) remembered.set(key, { ...known, clearAt: known.clearAt - forgetEveryMs })
    },
    of: (key) => countOf(key, now().getTime()),
    sinceLast: (key) => now().getTime() - (remembered.get(key)?.lastAt ?? Number.NEGATIVE_INFINITY),
    get size() {
      return remembered.size
    },
  }
}
