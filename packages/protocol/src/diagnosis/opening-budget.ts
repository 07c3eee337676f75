import type { Open, Opened } from './sealing-modes.ts'

export type OpenWhole = (open: Open, sealed: Uint8Array, key: Uint8Array) => Opened | undefined

/** Opens nothing more once it would have opened more than `mostBytes` in all. */
export function openWithin(mostBytes: number): OpenWhole {
  let left = mostBytes
  return (open, sealed, key) => {
    if (sealed.length > left) return undefined
    left -= sealed.length
    return open(sealed, key)
  }
}
