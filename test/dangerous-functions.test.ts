import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSources, report, type SourceFile, sourceFile, type Violation } from './source/files.ts'
import { importsOf } from './source/imports.ts'
import { codeRule } from './tidy/rule.ts'

/** Code that runs in production, at an operator or at a shop. The sandbox runs on a developer's machine. */
const published = readSources('packages/{protocol,browser,merchant,gateway}/src/**/*.ts')

const dangerousModule = /^(?:node:)?(?:child_process|vm|repl|cluster|worker_threads)(?:\/|$)/
const browserStorage = /^(?:localStorage|sessionStorage|indexedDB|caches)$/

const dangerousCode = codeRule((code, index) => {
  const [token, next, after] = [code[index], code[index + 1], code[index + 2]]
  if (token?.kind !== 'word') return undefined
  if (token.text === 'eval' && next?.text === '(') return 'evaluates a text'
  if (token.text === 'Function' && next?.text === '(') return 'evaluates a text'
  if (browserStorage.test(token.text)) return 'keeps something in the browser'
  const isCookie = token.text === 'document' && next?.text === '.' && after?.text === 'cookie'
  return isCookie ? 'keeps something in the browser' : undefined
})

const dangerousImports = (file: SourceFile): readonly Violation[] =>
  importsOf(file)
    .filter(({ specifier }) => dangerousModule.test(specifier))
    .map(({ specifier, line }) => ({ path: file.path, line, message: `imports ${specifier}` }))

const dangersIn = (files: readonly SourceFile[]): readonly Violation[] =>
  files.flatMap((file) => [...dangerousCode(file), ...dangerousImports(file)])

/**
 * A pattern of a constant is made when its file is read, before there is any input. Elsewhere the names of constants
 * are all that it may hold.
 */
const patternsOfConstants: Readonly<Record<string, string>> = {
  'packages/gateway/src/payment-window/form-script.ts': 'attributes that the page of the window writes',
  'packages/gateway/src/share-of-call.ts': 'wire names of the field tables',
  'packages/protocol/src/formats.ts': 'the values that a row of the field tables lists',
}

function isConstant(file: SourceFile, line: number): boolean {
  const [text = ''] = file.text.split('\n').slice(line - 1)
  return /^(?:export )?const /.test(text)
}

const patternsIn = (file: SourceFile): readonly Violation[] =>
  codeRule((code, index) =>
    code[index]?.text === 'RegExp' && code[index - 1]?.text === 'new' ? 'a pattern is put together' : undefined,
  )(file).filter(({ line }) => !isConstant(file, line) && patternsOfConstants[file.path] === undefined)

test('published code runs no command, evaluates no text and keeps nothing in the browser', () => {
  assert.ok(published.length > 200)
  assert.equal(report(dangersIn(published)), '')
})

test('a regular expression is put together from constants only', () => {
  assert.equal(report(published.flatMap(patternsIn)), '')
  for (const path of Object.keys(patternsOfConstants))
    assert.ok(
      published.some((file) => file.path === path),
      path,
    )
})

const injected = [
  "import { exec } from 'node:child_process'",
  "const { runInNewContext } = await import('node:vm')",
  'export const a = (text: string) => eval(text)',
  'export const a = new Function(text)',
  'localStorage.setItem(name, text)',
  'document.cookie = text',
]

for (const text of injected)
  test(`injected code is found: ${text}`, () => {
    assert.equal(dangersIn([sourceFile('packages/gateway/src/injected.ts', text)]).length, 1)
  })

test('an injected pattern of an input is found, and that of a constant is not', () => {
  const inFunction = 'export function find(text: string) {\n  return new RegExp(text)\n}\n'
  assert.equal(patternsIn(sourceFile('packages/gateway/src/injected.ts', inFunction)).length, 1)
  assert.equal(patternsIn(sourceFile('packages/gateway/src/injected.ts', "const a = new RegExp('a')\n")).length, 0)
})
