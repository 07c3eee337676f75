import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encryptedTables, keptColumns } from '../../src/key-rotation/model.ts'
import { tableNames } from '../test-storage.ts'
import { createRotationTest } from './support.ts'

const named = encryptedTables.flatMap(({ table, encrypted }) =>
  Object.entries(encrypted).flatMap(([column, { fingerprint }]) =>
    [column, ...(fingerprint === undefined ? [] : [fingerprint.column])].map((name) => `${table}.${name}`),
  ),
)

test('every column of ciphertext, and every fingerprint and hash, is rotated or is kept for a reason', async (t) => {
  const world = await createRotationTest()
  t.after(world.close)
  const { storage } = world.context
  // A table without a row shows no columns, and the proof of its context would be missing.
  await storage.transact((transaction) =>
    transaction.write(`insert into root_keys (key_id, first_used_at, former_encrypted) values ('test', 0, 'test')`),
  )
  await storage.transact((transaction) =>
    transaction.write(
      `insert into passkey_challenges (challenge_id, purpose, session_hash, member_id, transaction_id, order_id, amount,
         host, random, expires_at) values ('test', '', '', '', '', '', 0, '', '', 0)`,
    ),
  )
  const columns: string[] = []
  const empty: string[] = []
  for (const table of await tableNames(storage)) {
    const rows = await storage.read(`select * from ${table}`)
    for (const column of Object.keys(rows[0] ?? {})) {
      if (!/_(encrypted|fingerprint|hash)$/.test(column)) continue
      columns.push(`${table}.${column}`)
      if (rows.every((row) => row[column] === null)) empty.push(`${table}.${column}`)
    }
  }
  assert.deepEqual(columns.toSorted(), [...named, ...Object.keys(keptColumns)].toSorted())
  assert.deepEqual(empty, [], 'columns that the tests of the rotation have nothing in')
})
