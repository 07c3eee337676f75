import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { repository } from './source/files.ts'

const read = (path: string): string => readFileSync(resolve(repository, path), 'utf8')

const blocksOf = (path: string): readonly string[] =>
  [...read(path).matchAll(/```ts\n([\s\S]*?)\n```/g)].map(([, code = '']) => code)

/** The examples are compiled with everything else, so what a guide shows compiles. */
const examples = globSync('examples/*.ts', { cwd: repository }).map(read)

const guides = globSync('docs/guides/*/*.md', { cwd: repository })

for (const guide of guides)
  test(`every TypeScript block of ${guide} stands in an example`, () => {
    for (const block of blocksOf(guide))
      assert.ok(
        examples.some((example) => example.includes(block)),
        block,
      )
  })

for (const guide of guides.filter((path) => path.includes('/ko/')))
  test(`${guide} shows the same code in English`, () => {
    assert.deepEqual(blocksOf(guide), blocksOf(guide.replace('/ko/', '/en/')))
  })

test('the guide to recovery shows code', () => {
  assert.ok(blocksOf('docs/guides/ko/recovery.md').length >= 6)
})
