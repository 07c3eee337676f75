import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { matchesGlob, resolve } from 'node:path'
import { test } from 'node:test'
import { suites } from '../tools/test/suites.ts'
import { repository, sourceFile } from './source/files.ts'
import { importsOf, resolveRelative } from './source/imports.ts'

const loads = new Map<string, boolean>()

/** Whether a file loads `node:sqlite`, itself or through what it imports. Node 20 has no such module. */
function loadsSqlite(path: string): boolean {
  const known = loads.get(path)
  if (known !== undefined) return known
  loads.set(path, false)
  const file = resolve(repository, path)
  const needs =
    existsSync(file) &&
    importsOf(sourceFile(path, readFileSync(file, 'utf8')))
      .filter(({ isTypeOnly }) => !isTypeOnly)
      .some(({ specifier }) =>
        specifier.startsWith('.') ? loadsSqlite(resolveRelative(path, specifier)) : specifier === 'node:sqlite',
      )
  loads.set(path, needs)
  return needs
}

test('the suite of Node 20 has no file that loads node:sqlite, and lacks no other', () => {
  const { files, without } = suites['node-20']
  const given = globSync(files, { cwd: repository }).sort()
  const left = given.filter((file) => !without.some((pattern) => matchesGlob(file, pattern)))
  assert.ok(left.length > 0)
  assert.deepEqual(left.filter(loadsSqlite), [])
  const onNode22 = suites['node-22'].without
  const onlyHere = given.filter(
    (file) => !left.includes(file) && !onNode22.some((pattern) => matchesGlob(file, pattern)),
  )
  assert.deepEqual(
    onlyHere.filter((file) => !loadsSqlite(file)),
    [],
  )
})
