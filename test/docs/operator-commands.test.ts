import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { repository } from '../source/files.ts'

const pages = globSync('docs/{runbooks/*/*,guides/*/{operating,operating-tasks,backup,reconciliation}}.md', {
  cwd: repository,
})

/** `npx` runs what the folder has installed, else a package `sspay-gateway` of the registry, which is not ours. */
const downloadsIn = (text: string): readonly string[] =>
  text.split('\n').filter((line) => /npx sspay-gateway/.test(line) && !line.startsWith('SSPAY_DATA=.sspay '))

test('no page has an operator run npx, which may download a package that is not ours as root', () => {
  assert.ok(pages.length > 40)
  const found = pages.flatMap((path) =>
    downloadsIn(readFileSync(join(repository, path), 'utf8')).map((line) => `${path}: ${line}`),
  )
  assert.deepEqual(found, [])
  assert.deepEqual(downloadsIn('1. Run:\n   npx sspay-gateway check'), ['   npx sspay-gateway check'])
})
