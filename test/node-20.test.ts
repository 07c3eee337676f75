import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { matchesGlob } from 'node:path'
import { test } from 'node:test'
import { suites } from '../tools/test/suites.ts'
import { readSources, repository, type SourceFile } from './source/files.ts'
import { type Import, importsOf, reachableFrom } from './source/imports.ts'

const known = new Map<string, SourceFile | undefined>()

function find(path: string): SourceFile | undefined {
  if (!known.has(path)) known.set(path, readSources(path)[0])
  return known.get(path)
}

const isLoaded = ({ isTypeOnly }: Import): boolean => !isTypeOnly

/** The files that load `node:sqlite` when the tests run. Node 20 has no such module. */
const sqliteUsers = (tests: readonly string[]): readonly string[] =>
  reachableFrom(tests, find, isLoaded)
    .filter((file) => importsOf(file).some((found) => isLoaded(found) && found.specifier === 'node:sqlite'))
    .map(({ path }) => path)

test('the suite of Node 20 has no file that loads node:sqlite, and lacks no other', () => {
  const { files, without } = suites['node-20']
  const given = globSync(files, { cwd: repository }).sort()
  const left = given.filter((file) => !without.some((pattern) => matchesGlob(file, pattern)))
  assert.ok(left.length > 0)
  assert.deepEqual(sqliteUsers(left), [])
  const onNode22 = suites['node-22'].without
  const onlyHere = given.filter(
    (file) => !left.includes(file) && !onNode22.some((pattern) => matchesGlob(file, pattern)),
  )
  assert.deepEqual(
    onlyHere.filter((file) => sqliteUsers([file]).length === 0),
    [],
  )
})
