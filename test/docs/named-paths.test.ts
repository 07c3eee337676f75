import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { repository } from '../source/files.ts'

/** Folders of the repository, without what a build makes. */
const folders = globSync('*/', { cwd: repository })
  .map((path) => path.replace(/\/$/, ''))
  .filter((folder) => !/^(dist|node_modules)$/.test(folder))
const place = new RegExp(`\`((?:${folders.join('|')}|\\.github)/[^\` ]*)\``, 'g')

/** Paths that a page names in its sentences and that lead nowhere. `NAME` and `NNNN` stand for any name. */
const missingIn = (text: string): readonly string[] =>
  [...text.matchAll(place)]
    .map(([, path = '']) => path)
    .filter((path) => globSync(path.replaceAll(/NAME|NNNN-name|…/g, '*'), { cwd: repository }).length === 0)

for (const page of ['CONTRIBUTING.md', 'ARCHITECTURE.md', 'SECURITY.md', 'CHANGELOG.md', '.changeset/README.md'])
  test(`every path that ${page} names is there`, () => {
    assert.deepEqual(missingIn(readFileSync(resolve(repository, page), 'utf8')), [])
  })

test('an injected path is found', () => {
  const text = '`tools/gone.ts`, `tools/build.ts`, `docs/start/{ko,en}/index.md`, `examples/NAME/`, `npm run docs/x`'
  assert.deepEqual(missingIn(text), ['tools/gone.ts'])
})
