import type { Open, Opened } from './encryption-modes.ts'

export type OpenWhole = (open: Open, encrypted: Uint8Array, key: Uint8Array) => Opened | undefined

/** Opens nothing more once it would have opened more than `mostBytes` in all. */
export function openWithin(mostBytes: number): OpenWhole {
  let left = mostBytes
  return (open, encrypted, key) => {
    if (encrypted.length > left) return undefined
    left -= encrypted.length
    return open(encrypted, key)
  }
}
