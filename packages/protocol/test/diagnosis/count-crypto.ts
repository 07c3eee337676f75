import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

export interface CryptoWork {
  /** Digests and decryptions begun. */
  readonly calls: number
  /** Bytes that were hashed in one call, as nearly all are. */
  readonly bytes: number
}

const counted = ['hash', 'createHash', 'createHmac', 'createDecipheriv'] as const

/** What the work costs, in units that are the same on every machine. */
export function countCrypto(work: () => unknown): CryptoWork {
  const originals = counted.map((name) => [name, crypto[name]] as const)
  let [calls, bytes] = [0, 0]
  for (const [name, original] of originals) {
    const counting = (...args: readonly unknown[]): unknown => {
      calls++
      if (name === 'hash') bytes += Buffer.byteLength(args[1] as string | Uint8Array)
      return Reflect.apply(original, crypto, args)
    }
    Object.assign(crypto, { [name]: counting })
  }
  syncBuiltinESMExports()
  try {
    work()
  } finally {
    Object.assign(crypto, Object.fromEntries(originals))
    syncBuiltinESMExports()
  }
  return { calls, bytes }
}
