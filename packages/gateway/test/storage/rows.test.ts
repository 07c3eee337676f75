import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { rowsOf, tuplesOf } from '../../src/storage/sqlite-statements.ts'

const connection = new DatabaseSync(':memory:')
after(() => connection.close())

const withoutBinaryEach = {
  prepare: () => {
    throw new Error('no such table: jsonb_each')
  },
}
const columns = { id: 'text', amount: 'integer' } as const
const found = [
  { id: 'quote\'" 한글', amount: 1_700_000_000_000 },
  { id: '007', amount: null },
]

const read = (rows: string, given: string | Uint8Array): readonly object[] =>
  connection
    .prepare(`select id, amount from ${rows} as given`)
    .all(given)
    .map((row) => ({ ...row }))

test('a SQLite without jsonb_each reads the same rows', () => {
  const older = rowsOf(withoutBinaryEach)(columns, '?1')
  const given = JSON.stringify([found[0], { id: '007', unknown: [1] }])
  assert.ok(!older.includes('jsonb_each'))
  for (const rows of [older, rowsOf(connection)(columns, '?1')]) assert.deepEqual(read(rows, given), found)
})

test('and the same tuples, in binary', () => {
  const json = JSON.stringify(found.map(({ id, amount }) => [id, amount]))
  const given = connection.prepare('select jsonb(?1) as read').get(json)?.read as Uint8Array
  for (const tuples of [tuplesOf(withoutBinaryEach), tuplesOf(connection)])
    assert.deepEqual(read(tuples(columns, '?1'), given), found)
})
