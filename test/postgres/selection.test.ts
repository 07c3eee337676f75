import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { repository } from '../source/files.ts'
import { testsOnBothEngines, testsThatOpenSqlite } from './select-tests.ts'
import { sqliteOnly } from './sqlite-only.ts'

test('what opens SQLite whatever the run is about is in the table, with its reason', () => {
  assert.deepEqual(
    testsThatOpenSqlite().filter((path) => !(path in sqliteOnly)),
    [],
  )
})

test('every journey, and the tests of every folder of the gateway with a store, run on both engines', () => {
  const selected = testsOnBothEngines()
  for (const folder of ['journeys', 'approval', 'archive', 'cancellation', 'notifications', 'passkeys', 'request-log'])
    assert.ok(
      selected.some((path) => path.includes(`/${folder}/`)),
      folder,
    )
})

test('the table names tests that exist', () => {
  const gone = Object.keys(sqliteOnly).filter((path) => !existsSync(resolve(repository, path)))
  assert.deepEqual(gone, [])
})
