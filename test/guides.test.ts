import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { headingsOf } from '../tools/docs/markdown.ts'
import { readPages, type Snippet, snippetsOf } from './docs/pages.ts'
import { kindOf } from './docs/snippets.ts'
import { repository } from './source/files.ts'

const pages = readPages().filter(({ path }) => /^docs\/(guides|start|reference)\/ko\//.test(path))
const english = new Map(readPages().map((page) => [page.path, page]))

/** Code of an example is the same for both readers; other code speaks to its reader. */
const sameCode = (snippet: Snippet): string =>
  kindOf(snippet) === 'region' ? `${snippet.language}\n${snippet.code}` : `${snippet.language} ${snippet.note}`

for (const page of pages) {
  test(`${page.path} has an English twin with the same parts and the same code`, () => {
    const twin = english.get(page.path.replace('/ko/', '/en/'))
    assert.ok(twin, 'no twin')
    assert.deepEqual(snippetsOf(page).map(sameCode), snippetsOf(twin).map(sameCode))
    const levels = [page, twin].map(({ text }) => headingsOf(text).map(({ level }) => level))
    assert.deepEqual(levels[0], levels[1])
  })
}

test('there is no English page without a Korean one', () => {
  const alone = [...english.keys()].filter(
    (path) =>
      /^docs\/(guides|start|reference)\/en\//.test(path) &&
      !existsSync(resolve(repository, path.replace('/en/', '/ko/'))),
  )
  assert.deepEqual(alone, [])
})

test('the guide to recovery shows code', () => {
  const recovery = pages.find(({ path }) => path === 'docs/guides/ko/recovery.md')
  assert.ok(recovery)
  assert.ok(snippetsOf(recovery).filter((snippet) => kindOf(snippet) === 'region').length >= 6)
})
