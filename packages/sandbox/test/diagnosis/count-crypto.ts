import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

export interface CryptoWork {
  /** Digests and decryptions begun. */
  readonly calls: number
  /** Bytes that were hashed or decrypted. */
  readonly bytes: number
}

const counted = ['hash', 'createHash', 'createHmac', 'createDecipheriv'] as const

interface Updated {
  update(data: string | Uint8Array): unknown
}

/** What the work costs, in units that are the same on every machine. */
export function countCrypto(work: () => unknown): CryptoWork {
  const originals = counted.map((name) => [name, crypto[name]] as const)
  let [calls, bytes] = [0, 0]
  const add = (data: unknown): void => {
    bytes += Buffer.byteLength(data as string | Uint8Array)
  }
  for (const [name, original] of originals) {
    const counting = (...args: readonly unknown[]): unknown => {
      calls++
      if (name === 'hash' || name === 'createHmac') add(args[1])
      const made = Reflect.apply(original, crypto, args)
      return name === 'hash' ? made : withCountedUpdate(made, add)
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

function withCountedUpdate(made: Updated, add: (data: unknown) => void): Updated {
  const update = made.update.bind(made)
  return Object.assign(made, {
    update(data: string | Uint8Array): unknown {
      add(data)
      return update(data)
    },
  })
}
