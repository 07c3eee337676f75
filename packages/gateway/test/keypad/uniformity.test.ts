import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { test } from 'node:test'
import { bySize } from '../../../../test/support/proof-size.ts'
import { shuffledLayout } from '../../src/keypad/create-keypad.ts'
import type { Layout } from '../../src/keypad/model.ts'
import { type Runtime, randomBelow, realRuntime } from '../../src/runtime.ts'
import { chiSquare, deviationsOf, isChance } from './chi-square.ts'

const draws = bySize({ short: 300_000, medium: 1_000_000, thorough: 1_000_000 })
const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
const orders = 3_628_800
/**
 * 720 orders each. As quotient a bucket is the first four keys; as remainder it is how the last seven lie to each
 * other.
 */
const buckets = 5_040

/** The machine's generator, asked for 64 KiB at a time: a million layouts need nine million draws. */
function bufferedRandomness(): Runtime['randomBytes'] {
  const pool = Buffer.alloc(65_536)
  let used = pool.length
  return (length) => {
    if (used + length > pool.length) {
      randomFillSync(pool)
      used = 0
    }
    used += length
    return pool.subarray(used - length, used)
  }
}

const runtime: Runtime = { ...realRuntime, randomBytes: bufferedRandomness() }

/** Place of the order among all 10!, from 0. */
function rankOf(layout: Layout): number {
  let rank = 0
  for (let key = 0; key < 10; key++) {
    let smaller = 0
    for (let later = key + 1; later < 10; later++) if ((layout[later] as number) < (layout[key] as number)) smaller += 1
    rank = rank * (10 - key) + smaller
  }
  return rank
}

interface Deviations {
  readonly byPosition: number
  readonly byFirstKeys: number
  readonly byLastKeys: number
}

/** Standard deviations from chance: which digit on which key, and which order in which bucket. */
function measure(draw: () => Layout): Deviations {
  const positions = new Uint32Array(100)
  const firstKeys = new Uint32Array(buckets)
  const lastKeys = new Uint32Array(buckets)
  const increase = (counts: Uint32Array, index: number) => {
    counts[index] = (counts[index] as number) + 1
  }
  for (let drawn = 0; drawn < draws; drawn++) {
    const layout = draw()
    for (let key = 0; key < 10; key++) increase(positions, key * 10 + (layout[key] as number))
    const rank = rankOf(layout)
    increase(firstKeys, Math.floor(rank / (orders / buckets)))
    increase(lastKeys, rank % buckets)
  }
  // Each row and each column of the table sums to the draws: 81 of 100 cells are free, and the sum shrinks by a tenth.
  const byPosition = deviationsOf(chiSquare(positions, draws / 10) * 0.9, 81)
  const perBucket = draws / buckets
  return {
    byPosition,
    byFirstKeys: deviationsOf(chiSquare(firstKeys, perBucket), buckets - 1),
    byLastKeys: deviationsOf(chiSquare(lastKeys, perBucket), buckets - 1),
  }
}

const faultsIn = (deviations: Deviations): readonly string[] =>
  Object.entries(deviations)
    .filter(([, deviation]) => !isChance(deviation))
    .map(([name]) => name)

function swapping(chooseFor: (key: number) => number): Layout {
  const layout = [...digits]
  for (let key = 9; key >= 0; key--) {
    const chosen = chooseFor(key)
    const digit = layout[chosen] as number
    layout[chosen] = layout[key] as number
    layout[key] = digit
  }
  return layout
}

test('ranks count the orders from first to last', () => {
  assert.equal(rankOf(digits), 0)
  assert.equal(rankOf([0, 1, 2, 3, 4, 5, 6, 7, 9, 8]), 1)
  assert.equal(rankOf([...digits].reverse()), orders - 1)
})

/**
 * Chance alone fails one draw in 330 (three tests at 0.001); a draw that fails may be repeated once, which leaves one
 * run in 110,000. A bias as small as the injected ones fails both.
 */
test(`${draws} layouts are uniform by position and over the orders of all ten keys`, (t) => {
  const drawAll = () => measure(() => shuffledLayout(runtime))
  const first = drawAll()
  t.diagnostic(`standard deviations from chance: ${JSON.stringify(first)}`)
  const faults = faultsIn(first).length === 0 ? [] : faultsIn(drawAll())
  assert.deepEqual(faults, [], JSON.stringify(first))
})

const biased: readonly { readonly name: string; readonly draw: () => Layout; readonly fault: keyof Deviations }[] = [
  {
    name: 'each key swapped with any key',
    draw: () => swapping(() => randomBelow(runtime, 10)),
    fault: 'byPosition',
  },
  {
    name: 'a byte modulo the keys left',
    draw: () => swapping((key) => (runtime.randomBytes(1)[0] as number) % (key + 1)),
    fault: 'byPosition',
  },
  {
    name: 'no digit stays where it was',
    draw: () => swapping((key) => (key === 0 ? 0 : randomBelow(runtime, key))),
    fault: 'byPosition',
  },
  {
    name: 'a row of digits that only begins somewhere else',
    draw: () => {
      const start = randomBelow(runtime, 10)
      return digits.map((digit) => (digit + start) % 10)
    },
    fault: 'byFirstKeys',
  },
]

for (const { name, draw, fault } of biased) {
  test(`a injected bias is found: ${name}`, (t) => {
    const measured = measure(draw)
    t.diagnostic(JSON.stringify(measured))
    assert.ok(faultsIn(measured).includes(fault), JSON.stringify(measured))
  })
}

test('a draw above the last whole multiple is drawn again, so that no remainder is favoured', () => {
  const drawn = [0xff_ff_ff_ff, 0xff_ff_ff_fa, 0xff_ff_ff_f9].map((value) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return bytes
  })
  const stub: Runtime = { ...realRuntime, randomBytes: () => drawn.shift() ?? Buffer.alloc(4) }
  assert.equal(randomBelow(stub, 10), 9)
  assert.equal(drawn.length, 0)
})
