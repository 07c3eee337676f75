import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { rowsOf } from '../src/storage/sqlite-statements.ts'

test('a SQLite without jsonb_each reads the same rows', () => {
  const connection = new DatabaseSync(':memory:')
  const older = rowsOf({
    prepare: () => {
      throw new Error('no such table: jsonb_each')
    },
  })
  const columns = { id: 'text', amount: 'integer' } as const
  const given = JSON.stringify([
    { id: 'quote\'" 한글', amount: 1_700_000_000_000 },
    { id: '007', unknown: [1] },
  ])
  const read = (rows: string) => connection.prepare(`select id, amount from ${rows} as given`).all(given)
  const found = read(older(columns, '?1'))
  assert.deepEqual(
    found.map((row) => ({ ...row })),
    [
      { id: 'quote\'" 한글', amount: 1_700_000_000_000 },
      { id: '007', amount: null },
    ],
  )
  assert.ok(!older(columns, '?1').includes('jsonb_each'))
  assert.deepEqual(read(rowsOf(connection)(columns, '?1')), found)
  connection.close()
})
