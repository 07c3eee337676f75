import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { headingsOf } from '../../tools/docs/markdown.ts'
import { repository } from '../source/files.ts'
import { readPages } from './pages.ts'

/** Its releases have the same parts. */
const pages = readPages().filter(({ path }) => !path.endsWith('CHANGELOG.md'))

const repeatedIn = (text: string): readonly string[] =>
  headingsOf(text)
    .map(({ text: heading }) => heading)
    .filter((heading, index, all) => all.indexOf(heading) !== index)

const hasEmptyHeader = (text: string): boolean => /^\|(\s*\|)+\s*\n\|\s*:?-/m.test(text)

const otherVoices = /십시오|이 쪽에서/

test('no page has a heading twice', () => {
  assert.deepEqual(
    pages.flatMap(({ path, text }) => repeatedIn(text).map((heading) => `${path}: ${heading}`)),
    [],
  )
  assert.deepEqual(repeatedIn('## A\n\n### B\n\n## A\n'), ['A'])
})

test('every table has headings', () => {
  assert.deepEqual(
    pages.filter(({ text }) => hasEmptyHeader(text)).map(({ path }) => path),
    [],
  )
  assert.ok(hasEmptyHeader('|  |  |\n|---|---|\n| a | b |'))
})

test('documents, programs and examples ask with 하세요', () => {
  const sources = globSync(
    ['packages/*/src/**/*.ts', 'examples/**/*.{ts,tsx,js,php,py,java}', 'docs/site/.vitepress/*.mts'],
    { cwd: repository, exclude: ['**/node_modules/**', '**/.next/**'] },
  ).map((path) => ({ path, text: readFileSync(resolve(repository, path), 'utf8') }))
  assert.ok(sources.length > 300)
  const found = [...pages, ...sources].filter(({ text }) => otherVoices.test(text)).map(({ path }) => path)
  assert.deepEqual(found, [])
})

test('the questions and answers know what an old Node.js says of a shop in TypeScript', () => {
  for (const [path, cause, cure] of [
    ['docs/guides/ko/faq.md', /22\.18보다 낮으면/, /node@24`를 한 번 실행하고 `npx node shop\.ts`/],
    ['docs/guides/en/faq.md', /before 22\.18 does not run/, /node@24` once.*`npx node shop\.ts`/],
  ] as const) {
    const text = pages.find((page) => page.path === path)?.text ?? ''
    const [, answer = ''] = /Unknown file extension "\.ts"[^\n]*\n\n([^\n]*)/.exec(text) ?? []
    assert.match(answer, cause)
    assert.match(answer, cure)
  }
})
