import assert from 'node:assert/strict'
import { type ColumnKeys, keysOfColumns, transactionsAhead } from './key-of-each-row.ts'
import { type NextKill, readTables } from './kill-rotation.ts'
import type { KillPoint } from './killed-rotation.ts'

const sides = ['before', 'after'] as const

function oneOf<Value>(some: readonly Value[]): Value {
  const [chosen] = some.slice(Math.floor(Math.random() * some.length))
  if (chosen === undefined) throw new Error('there is nothing to choose from')
  return chosen
}

export const requireBothKeys = (columns: readonly ColumnKeys[]): void =>
  assert.ok(
    columns.some((column) => column.old > 0 && column.new > 0),
    'no column has rows under either key',
  )

/** Before the commit of the second batch of a table, which then has rows under either key; next anywhere; no more. */
export const inTheMiddleThenAnywhere: NextKill = async (folder, turn) => {
  const ahead = await readTables(folder, transactionsAhead)
  if (turn === 0) {
    const seconds = ahead.flatMap((table, index) => (table === ahead[index - 1] ? [index] : []))
    return { side: 'before', commit: 1 + oneOf(seconds) }
  }
  if (turn > 1) return undefined
  requireBothKeys(await readTables(folder, keysOfColumns))
  return { side: oneOf(sides), commit: 1 + oneOf([...ahead.keys()]) }
}

/** Each run commits one batch, and is killed before the commit of the next one. */
export const batchByBatch: NextKill = async (folder) =>
  (await readTables(folder, transactionsAhead)).length > 2 ? { side: 'before', commit: 3 } : undefined

/** Three times in a row. */
export const atAnyMoment: NextKill = async (_, turn) => (turn < 3 ? { afterMs: Math.random() * 1_000 } : undefined)

/** Before and after every commit of a whole rotation: each alone. */
export async function atEveryCommit(folder: string): Promise<readonly NextKill[]> {
  const ahead = await readTables(folder, transactionsAhead)
  const points = ahead.flatMap((_, index) => sides.map((side): KillPoint => ({ side, commit: 1 + index })))
  return points.map((point) => async (_, turn) => (turn === 0 ? point : undefined))
}
