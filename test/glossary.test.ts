import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { readSources, report, repository, sourceFile, type Violation } from './source/files.ts'
import { shortCommentLines } from './tidy/comments.ts'
import {
  commentsOfGlossary,
  documentOfGlossary,
  exportedNamesOfGlossary,
  namesOfGlossary,
  pathsOfGlossary,
  readGlossary,
  readPlaces,
  textsOfGlossary,
  titlesOfGlossary,
} from './tidy/glossary.ts'

const glossaryPath = 'docs/glossary.md'
const read = (path: string): string => readFileSync(resolve(repository, path), 'utf8')
const glossary = readGlossary(read(glossaryPath))

const sources = readSources('packages/*/{src,test}/**/*.ts', '{test,tools,bench,examples}/**/*.ts')
const published = sources.filter(({ path }) => /^packages\/\w+\/src\//.test(path))
const documentation = readSources('tools/docs/**/*.ts')
const others = sources.filter(({ path }) => !/^packages\/\w+\/src\//.test(path))
const documents = globSync(['*.md', 'docs/*.md', 'docs/**/en/**/*.md', 'docs/decisions/*.md', 'packages/*/README.md'], {
  cwd: repository,
  exclude: ['docs/site/{content,dist,node_modules}/**'],
})
  .filter((path) => path !== glossaryPath && path !== 'README.md' && !path.endsWith('.ko.md'))
  .sort()
  .map((path) => ({ path, text: read(path) }))

const assertNone = (found: readonly Violation[]): void => assert.ok(found.length === 0, `\n${report(found)}`)

test('names in the packages use the words of the glossary', () =>
  assertNone(published.flatMap(namesOfGlossary(glossary))))

test('exported names in tests and tools use the words of the glossary', () =>
  assertNone(others.flatMap(exportedNamesOfGlossary(glossary))))

test('file names use the words of the glossary', () =>
  assertNone([...sources, ...documents].flatMap(pathsOfGlossary(glossary))))

test('texts for shops, buyers and operators use the words of the glossary', () =>
  assertNone([...published, ...documentation].flatMap(textsOfGlossary(glossary))))

test('comments use the words of the glossary', () => assertNone(sources.flatMap(commentsOfGlossary(glossary))))

test('titles of tests use the words of the glossary', () => assertNone(others.flatMap(titlesOfGlossary(glossary))))

test('English documents use the words of the glossary', () =>
  assertNone(documents.flatMap((document) => documentOfGlossary(glossary, document))))

test('comment lines end at 120 columns', () => assertNone(sources.flatMap(shortCommentLines)))

test('each term of the glossary is near the top of the file that it names', () => {
  const places = readPlaces(read(glossaryPath))
  assert.ok(places.length >= 20)
  const wordsOf = (text: string): string => text.toLowerCase().replace(/[\s/*-]+/g, ' ')
  assertNone(
    places.flatMap(({ term, path }): readonly Violation[] => {
      if (!existsSync(resolve(repository, path))) return [{ path, line: 1, message: `${term}: there is no such file` }]
      const top = wordsOf(read(path).split('\n').slice(0, 40).join('\n'))
      return top.includes(wordsOf(term)) ? [] : [{ path, line: 1, message: `${term}: not in the first 40 lines` }]
    }),
  )
})

const found = (rule: (file: ReturnType<typeof sourceFile>) => readonly Violation[], source: string, path = 'a/b.ts') =>
  rule(sourceFile(path, source)).map(({ line, message }) => `${line} ${message}`)

test('excluded words are found in names, comments and documents', () => {
  assert.deepEqual(found(namesOfGlossary(glossary), 'const a = 1\nconst refusedCard = b.refusedCard'), ['2 refused'])
  assert.deepEqual(found(namesOfGlossary(glossary), "log.warn('notice_sent')"), ['1 notice'])
  assert.deepEqual(found(exportedNamesOfGlossary(glossary), '\nexport async function openWorld() {}'), ['2 world'])
  assert.deepEqual(found(pathsOfGlossary(glossary), '', 'test/a/planted-bug.ts'), ['1 planted'])
  assert.deepEqual(found(commentsOfGlossary(glossary), '/**\n * A stand-in that settles.\n */'), [
    '2 settles',
    '2 stand-in',
  ])
  const text = 'const a = { en: \'You may refuse.\' }\nconst b = html`<p class="notice">It was refused.</p>`'
  assert.deepEqual(found(textsOfGlossary(glossary), text), ['1 refuse', '2 refused'])
  const document = { path: 'a.md', text: 'Refused\n```\nrefused\n```\n`refused` [a](refused.md) notices' }
  assert.deepEqual(
    documentOfGlossary(glossary, document).map(({ line, message }) => `${line} ${message}`),
    ['1 Refused', '5 notices'],
  )
})

test('excluded words are found in titles of tests', () => {
  const source = "test('it is refused', () => 'refused')\nt.test.skip(`notices settled`)\nit(b)\nfind('notice')"
  assert.deepEqual(found(titlesOfGlossary(glossary), source), ['1 refused', '2 notices, settled'])
})

test('words that only look like excluded ones, and the exceptions of the glossary, are left alone', () => {
  assert.deepEqual(found(namesOfGlossary(glossary), "const noticeable = sealedBody(['credit'], creditCard)"), [])
  assert.deepEqual(found(commentsOfGlossary(glossary), '// A credit card changes without notice: `refused`.'), [])
})

test('a comment line beyond 120 columns is found, unless an address makes it long', () => {
  const long = `// ${'word '.repeat(30)}`
  assert.deepEqual(found(shortCommentLines, `const a = 1\n${long}`), ['2 a comment line of 153 columns'])
  assert.deepEqual(found(shortCommentLines, `// https://example.com/${'a'.repeat(120)}`), [])
})
