import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { repository } from '../source/files.ts'
import { applyEdit, titleInSource } from './model.ts'
import { undoneFixes } from './table.ts'

const read = (path: string): string => readFileSync(join(repository, path), 'utf8')

/** A test may be written in a neighbouring module that its file imports. */
const readWithNeighbours = (file: string): string =>
  [
    read(file),
    ...[...read(file).matchAll(/ from '(\.\/[^']+)'/g)].map(([, path = '']) => read(join(dirname(file), path))),
  ].join('\n')

for (const [
  fault,
  {
    edits,
    test: [file, title],
  },
] of Object.entries(undoneFixes))
  test(`the fix of this fault can be undone, and its test exists: ${fault}`, () => {
    for (const edit of edits) {
      const edited = applyEdit(read(edit[0]), edit)
      assert.ok(edited !== undefined, `not exactly once in ${edit[0]}: ${edit[1]}`)
      assert.notEqual(edited, read(edit[0]))
      stripTypeScriptTypes(edited)
    }
    assert.match(readWithNeighbours(file), titleInSource(title))
  })
