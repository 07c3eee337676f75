import { createHash } from 'node:crypto'

/** Repeatable chance: the same seed rolls the same, whatever else happens. */
export interface Dice {
  /** Uniform in [0, 1). */
  next(): number
  /** Whole number in [0, limit). */
  below(limit: number): number
  /** Whole number in [from, to]. */
  between(from: number, to: number): number
  chance(probability: number): boolean
  /** Each name as often as its weight says. */
  pick<Name extends string>(weights: Readonly<Partial<Record<Name, number>>>): Name
  bytes(length: number): Uint8Array
}

/** xoshiro128**, seeded by a SHA-256 of the words. */
export function rollDice(...words: readonly (string | number)[]): Dice {
  const digest = createHash('sha256').update(words.join('\0')).digest()
  const state = new Uint32Array(digest.buffer.slice(digest.byteOffset, digest.byteOffset + 16))

  const draw = (): number => {
    const [a = 0, b = 0, c = 0, d = 0] = state
    const product = Math.imul(b, 5)
    const drawn = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    const mixed = d ^ b
    state[0] = a ^ mixed
    state[1] = b ^ c ^ a
    state[2] = c ^ a ^ (b << 9)
    state[3] = (mixed << 11) | (mixed >>> 21)
    return drawn
  }

  const next = (): number => draw() / 2 ** 32
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    below,
    between: (from, to) => from + below(to - from + 1),
    chance: (probability) => next() < probability,
    pick: (weights) => pickByWeight(weights, next()),
    bytes: (length) => {
      const words = Uint32Array.from({ length: Math.ceil(length / 4) }, draw)
      return new Uint8Array(words.buffer).slice(0, length)
    },
  }
}

function pickByWeight<Name extends string>(weights: Readonly<Partial<Record<Name, number>>>, drawn: number): Name {
  const entries = Object.entries(weights) as [Name, number][]
  let left = drawn * entries.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [name, weight] of entries) {
    left -= weight
    if (left < 0) return name
  }
  throw new RangeError('nothing to pick from')
}
