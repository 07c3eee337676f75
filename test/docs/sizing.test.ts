import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { languages } from '../../tools/docs/language.ts'
import { repository } from '../source/files.ts'

const read = (path: string): string => readFileSync(resolve(repository, path), 'utf8')
const sectionOf = (page: string, heading: string): string =>
  page.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
const figuresIn = (text: string): readonly string[] => text.match(/\d[\d,]*(?:\.\d+)?/g) ?? []

const headings = { ko: '크기 정하기', en: 'Sizing' }

/** Figures of the rows, and of the sentences about bytes and the standby. */
const measuredIn = (section: string): readonly string[] =>
  section
    .split('\n')
    .filter((line) => /^\|.*\d|^- .*(2,971|0\.83)/.test(line))
    .flatMap(figuresIn)

test('every figure of the sizing tables is one of the benchmarks, and both languages have the same', () => {
  const benchmarks = figuresIn(read('docs/benchmarks.md'))
  const sections = languages.map((language) =>
    measuredIn(sectionOf(read(`docs/guides/${language}/operating-tasks.md`), headings[language])),
  )
  for (const figures of sections) {
    assert.ok(figures.length > 20)
    assert.deepEqual(
      figures.filter((figure) => !benchmarks.includes(figure)),
      [],
    )
  }
  assert.deepEqual(sections[0], sections[1])
})
