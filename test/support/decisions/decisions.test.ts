import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { createJournalTable, sqliteJournal } from '@sspay/merchant'
import { everyCell, runCell } from './cells.ts'
import type { Cell, CellResult } from './model.ts'
import { expectedOf } from './oracle.ts'

interface Run {
  readonly cell: Cell
  readonly result: CellResult
}

const runs: Run[] = []
for (const cell of everyCell()) runs.push({ cell, result: await runCell(cell) })

const shown = (cell: Cell, result: CellResult): string =>
  `${Object.values(cell).join(' ')}: ${result.outcome}, journal ${result.after}, reported ${result.reported}, asked ${result.calls.join(' ')}`

/** The cells that do not end as the rules want it. */
const wrongIn = (given: readonly Run[]): readonly string[] =>
  given.flatMap(({ cell, result }) => {
    const [found, wanted] = [shown(cell, result), shown(cell, expectedOf(cell))]
    return found === wanted ? [] : [`${found}\n  by the rules ${wanted}`]
  })

test('every cell of the decision table ends as the rules want it', () => {
  assert.equal(wrongIn(runs).join('\n'), '')
})

test('the table is the size that its page says, and no cell is there twice', () => {
  assert.ok(runs.length > 898, String(runs.length))
  assert.equal(new Set(runs.map(({ cell }) => JSON.stringify(cell))).size, runs.length)
})

test('a journal in SQLite decides as one in memory', async () => {
  using database = new DatabaseSync(':memory:')
  database.exec(createJournalTable)
  const journal = sqliteJournal(database)
  for (const { cell, result } of runs) {
    database.exec('delete from sspay_journal')
    assert.deepEqual(await runCell(cell, journal), result, shown(cell, result))
  }
})

const otherOutcomes = { approve: ['approved', 'declined', 'unknown'], recover: ['approved', 'declined', 'cancelled'] }
const otherStates = ['absent', 'begun', 'approved', 'abandoned', 'approved_abandoned', 'declined', 'cancelled']

/** Every result that differs from this one in one thing. */
const changesOf = ({ cell, result }: Run): readonly CellResult[] => [
  ...otherOutcomes[cell.verb].filter((other) => other !== result.outcome).map((outcome) => ({ ...result, outcome })),
  ...otherStates.filter((other) => other !== result.after).map((after) => ({ ...result, after })),
  { ...result, reported: result.reported === '' ? 'declined' : '' },
  { ...result, calls: [...result.calls, 'approval'] },
]

test('a change of any one cell is found', () => {
  for (const run of runs) {
    for (const result of changesOf(run)) assert.equal(wrongIn([{ ...run, result }]).length, 1, shown(run.cell, result))
  }
})
