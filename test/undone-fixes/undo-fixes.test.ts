import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import type { Edit, UndoneFixes } from './model.ts'
import type { Undone } from './undo-fixes.ts'

const source = 'export const limit = 3\nexport const name = "limit"\n'
const tests = `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limit } from './source.ts'
test('the limit is 3', () => assert.equal(limit, 3))
test(\`the limit is \${'3'} for all\`, () => assert.equal(limit, 3))
test('there is a limit', () => assert.ok(limit > 0))
test('nothing is right', () => assert.fail())
test('it throws', () => {
  if (limit !== 3) throw new Error('not by an assertion')
})
`

const edit = (find: string, replacement: string): readonly Edit[] => [['source.ts', find, replacement]]
const raised = edit('limit = 3', 'limit = 4')
const fixes: UndoneFixes = {
  found: { edits: raised, test: ['source.test.ts', 'the limit is 3'] },
  'found by a title with a hole': { edits: raised, test: ['source.test.ts', 'the limit is … for all'] },
  'text that is not there': { edits: edit('limit = 5', 'limit = 4'), test: ['source.test.ts', 'the limit is 3'] },
  'text that is there twice': { edits: edit('export', ''), test: ['source.test.ts', 'the limit is 3'] },
  'no such test': { edits: raised, test: ['source.test.ts', 'the limit is 4'] },
  'a test that always fails': { edits: raised, test: ['source.test.ts', 'nothing is right'] },
  'a test that never fails': { edits: raised, test: ['source.test.ts', 'there is a limit'] },
  'a test that throws': { edits: raised, test: ['source.test.ts', 'it throws'] },
  'a syntax error': { edits: edit('limit = 3', 'limit = = 4'), test: ['source.test.ts', 'the limit is 3'] },
  'a missing export': { edits: edit('limit = 3', 'most = 3'), test: ['source.test.ts', 'the limit is 3'] },
}

test('each way to fail is distinguished from a test that finds the undone fix', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-undone-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(join(folder, 'source.ts'), source)
  await writeFile(join(folder, 'source.test.ts'), tests)

  const script = join(folder, 'undo.ts')
  await writeFile(
    script,
    `import { undoFixes } from ${JSON.stringify(import.meta.resolve('./undo-fixes.ts'))}
     const undone = await undoFixes(${JSON.stringify(fixes)}, { copies: [import.meta.dirname] })
     console.log(JSON.stringify(undone))`,
  )
  // A process of its own: node:test runs no files inside a test.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env, timeout: 120_000 })
  const undone: readonly Undone[] = JSON.parse(stdout)
  assert.deepEqual(Object.fromEntries(undone.map(({ fault, verdict }) => [fault, verdict])), {
    found: 'found',
    'found by a title with a hole': 'found',
    'text that is not there': 'edit_not_found',
    'text that is there twice': 'edit_not_found',
    'no such test': 'test_missing',
    'a test that always fails': 'fails_without_edit',
    'a test that never fails': 'stays_green',
    'a test that throws': 'no_assertion',
    'a syntax error': 'no_assertion',
    'a missing export': 'no_assertion',
  })
  assert.equal(await readFile(join(folder, 'source.ts'), 'utf8'), source)
})
