import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { languages } from '../../tools/docs/language.ts'
import { headingsOf } from '../../tools/docs/markdown.ts'
import { headingIn, renderAsvsPage } from '../../tools/docs/security/asvs-page.ts'
import {
  asvsChapters,
  everyChapter,
  leastProven,
  levels,
  requirementsOfLevel,
  summarize,
} from '../../tools/docs/security/ledger.ts'
import { asvsLevels } from '../../tools/docs/security/levels.ts'
import { documented, type Requirement, tested } from '../../tools/docs/security/model.ts'
import { repository } from '../source/files.ts'
import { tokensOf } from '../source/tokens.ts'

const readText = (path: string): string | undefined =>
  existsSync(resolve(repository, path)) ? readFileSync(resolve(repository, path), 'utf8') : undefined

const namesByFile = new Map<string, ReadonlySet<string>>()

/** Names of the tests of a file, holes of a template as `\0`. */
function testNamesIn(file: string): ReadonlySet<string> {
  const known = namesByFile.get(file)
  if (known !== undefined) return known
  const code = tokensOf(readText(file) ?? '').filter(({ kind }) => kind !== 'comment')
  const names = code.flatMap(({ kind, text }, index) => {
    const [opener, verb] = [code[index - 1], code[index - 2]]
    const isName = kind === 'text' && opener?.text === '(' && verb?.kind === 'word' && /^(test|it)$/.test(verb.text)
    return isName ? [text] : []
  })
  const found = new Set(names)
  namesByFile.set(file, found)
  return found
}

/** The problem with the evidence of a row, or undefined. */
function faultOf({ evidence }: Requirement): string | undefined {
  switch (evidence.status) {
    case 'test': {
      const { file, name } = evidence
      const source = readText(file)
      if (source === undefined || !/\.test\.ts$/.test(file)) return `${file} is no file of tests`
      const isThere = source.includes(name) && testNamesIn(file).has(name.replaceAll(/\$\{[^}]*\}/g, '\0'))
      return isThere ? undefined : `${file} has no test “${name}”`
    }
    case 'document':
      try {
        for (const language of languages) headingIn(language, evidence.file, evidence.heading, readText)
        return undefined
      } catch (cause) {
        return String(cause)
      }
    case 'not applicable':
      return isSaid(evidence.reason) ? undefined : 'no reason in both languages'
    case 'gap':
      return isSaid(evidence.missing) ? undefined : 'not said in both languages what is missing'
  }
}

const isSaid = ({ ko, en }: { readonly ko: string; readonly en: string }): boolean =>
  /[가-힣]/.test(ko) && /[a-z]/.test(en) && !/[가-힣]/.test(en)

const rows = everyChapter.flatMap(({ requirements }) => Object.entries(requirements))

test('the ledger has every requirement of the chapters of ASVS 5.0.0 that apply, in its order', () => {
  const ids = asvsChapters.flatMap(({ requirements }) => Object.keys(requirements))
  assert.deepEqual(ids, [...asvsLevels.keys()])
  assert.equal(ids.length, 277)
  assert.deepEqual(
    levels.map((level) => requirementsOfLevel(level).length),
    [57, 144, 76],
  )
})

test('every id stands once in the tables', () => {
  const texts = globSync('tools/docs/security/{asvs-*,pci-dss}.ts', { cwd: repository }).map(readText)
  const ids = texts.flatMap((text = '') => [...text.matchAll(/^ {2}'(V?\d[\d.]*)':/gm)].map(([, id]) => id))
  assert.equal(ids.length, rows.length)
  assert.equal(new Set(ids).size, ids.length)
})

test('every row names a test or a heading that is there, a reason, or what is missing', () => {
  const faults = rows.flatMap(([id, requirement]) => {
    const fault = faultOf(requirement)
    return fault === undefined ? [] : [`${id}: ${fault}`]
  })
  assert.equal(faults.join('\n'), '')
})

test('a row is said in both languages, in at most a dozen words', () => {
  for (const [id, { ko, en }] of rows) {
    assert.match(en, /^[^가-힣]+$/, id)
    assert.match(ko, /[가-힣A-Za-z]/, id)
    assert.ok(en.split(' ').length <= 12 && ko.split(' ').length <= 12, id)
  }
})

test('tests and documents prove what each level asks for', () => {
  for (const level of levels) {
    const { applicable, gaps } = summarize(requirementsOfLevel(level))
    const proven = (applicable - gaps) / applicable
    assert.ok(proven >= (leastProven[level] ?? 0), `level ${level}: ${proven}`)
  }
})

test('the pages say what the tables say', () => {
  assert.equal(readText('docs/security/asvs.md'), renderAsvsPage('en', readText))
  assert.equal(readText('docs/security/asvs.ko.md'), renderAsvsPage('ko', readText))
})

test('the pages about security that have a Korean twin have the same headings', () => {
  const twins = globSync('docs/security/*.ko.md', { cwd: repository })
  assert.ok(twins.length >= 2)
  for (const twin of twins) {
    const pages = [twin, twin.replace('.ko.md', '.md')].map((path) => headingsOf(readText(path) ?? ''))
    const [korean, english] = pages.map((headings) => headings.map(({ level }) => level))
    assert.deepEqual(korean, english, twin)
  }
})

const file = 'packages/gateway/test/keyring.test.ts'
const wrong: Readonly<Record<string, Requirement>> = {
  'a wrong name of a test': tested('가', 'a', file, 'any changed bit is accepted'),
  'a text of a file that names no test': tested('가', 'a', file, 'node:assert/strict'),
  'a file that is gone': tested('가', 'a', 'packages/gateway/test/gone.test.ts', 'any changed bit is rejected'),
  'a heading that is gone': documented('가', 'a', 'docs/security/controls.md', 'Gone'),
}

for (const [name, requirement] of Object.entries(wrong))
  test(`injected: ${name} is found`, () => assert.notEqual(faultOf(requirement), undefined))
