import assert from 'node:assert/strict'
import { stripTypeScriptTypes } from 'node:module'
import { test } from 'node:test'
import { parse, tokTypes } from 'acorn'
import { readSources } from './source/files.ts'
import { tokensOf } from './source/tokens.ts'
import { bySize } from './support/proof-size.ts'

/** Strings and regular expressions as a real parser sees them. */
function literalsByParser(source: string): readonly string[] {
  const literals: string[] = []
  parse(source, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    onToken({ type, start, end }) {
      if (type === tokTypes.string) literals.push(`text ${source.slice(start + 1, end - 1)}`)
      if (type === tokTypes.regexp) literals.push(`pattern ${source.slice(start, end)}`)
    },
  })
  return literals
}

test('strings and regular expressions of source files are distinguished as by a parser', () => {
  // Nest's decorators and parameter properties are more than types, so they cannot be stripped.
  const sources = readSources('packages/*/{src,test}/**/*.ts', '{test,tools,examples}/**/*.ts').filter(
    ({ path }) => !path.startsWith('examples/nest/'),
  )
  assert.ok(sources.length > 50)
  const step = bySize({ short: 20, medium: 5, thorough: 1 })
  const offset = Date.now() % step
  for (const { path, text } of sources.filter((_source, index) => index % step === offset)) {
    const source = stripTypeScriptTypes(text.replace(/^#!/, '//'))
    const own = new Set(tokensOf(source).map((token) => `${token.kind} ${token.text}`))
    assert.deepEqual(
      literalsByParser(source).filter((literal) => !own.has(literal)),
      [],
      path,
    )
  }
})

test('a template is one text, its holes are code', () => {
  const tokens = tokensOf(`a(\`x \${b ? \`y \${c}\` : '}'} z\`); // d\n/e\`/.test(f)`)
  const kinds = tokens.map(({ kind, text, line }) => `${line} ${kind} ${text.replaceAll('\0', '…')}`)
  assert.deepEqual(
    kinds.filter((kind) => !kind.includes('sign')),
    [
      '1 word a',
      '1 text x … z',
      '1 word b',
      '1 text y …',
      '1 word c',
      '1 text }',
      '1 comment // d',
      '2 pattern /e`/',
      '2 word test',
      '2 word f',
    ],
  )
})
