import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

test('no regular expression looks for the end of a run from each of its characters on, which is quadratic', () => {
  const folder = new URL('../../src/diagnosis/', import.meta.url)
  const lines = readdirSync(folder).flatMap((file) => readFileSync(new URL(file, folder), 'utf8').split('\n'))
  const toTheEnd = lines.filter((line) => /[+*]\)?\$[/)]/.test(line))
  assert.ok(toTheEnd.length > 0)
  assert.deepEqual(
    toTheEnd.filter((line) => !line.includes('/^')),
    [],
  )
})
