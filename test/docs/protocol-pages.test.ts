import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { documentTable } from '../../packages/protocol/src/document-table.ts'
import { tables } from '../../packages/protocol/test/tables.ts'

const generator = join(import.meta.dirname, '../../tools/generate-docs.ts')
const generate = (...options: readonly string[]) =>
  spawnSync(process.execPath, [generator, ...options], { encoding: 'utf8' })

test('docs/protocol says what the tables say', () => {
  const { status, stderr } = generate('--check')
  assert.equal(status, 0, stderr)
})

test('the check names every page that drifted, is missing or is too many', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sspay-docs-'))
  t.after(() => rmSync(folder, { recursive: true }))
  assert.equal(generate(folder).status, 0)

  appendFileSync(join(folder, 'result-codes.md'), 'x')
  rmSync(join(folder, 'endpoints.md'))
  writeFileSync(join(folder, 'stray.md'), '')
  const { status, stderr } = generate('--check', folder)
  assert.equal(status, 1)
  for (const name of ['result-codes.md', 'endpoints.md', 'stray.md']) assert.ok(stderr.includes(name), stderr)
  assert.ok(!stderr.includes('payment-request.md'))
})

for (const [name, table] of tables) {
  test(`${name} as Markdown has one row per field and as many cells as its head`, () => {
    const lines = documentTable(table).split('\n')
    assert.equal(lines.length, Object.keys(table).length + 2)
    const cellsOf = (line: string): number => line.replaceAll('\\|', '').split('|').length
    for (const line of lines) assert.equal(cellsOf(line), cellsOf(lines[0] ?? ''), line)
  })
}
