import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

const packageFolder = resolve(import.meta.dirname, '..')
const typescript = resolve(packageFolder, '../../node_modules/typescript/bin/tsc')

/** The `@example` blocks of a file, without the stars of their comment. */
const examplesIn = (text: string): readonly string[] =>
  [...text.matchAll(/@example\n +\* ```ts\n([\s\S]*?) +\* ```/g)].map(([, example = '']) =>
    example.replace(/^ +\* ?/gm, ''),
  )

test('the examples of the docstrings compile against the package', (t) => {
  const folder = mkdtempSync(join(packageFolder, 'test/.examples-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const sources = readdirSync(join(packageFolder, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  )
  const examples = sources.flatMap((path) => examplesIn(readFileSync(join(packageFolder, 'src', path), 'utf8')))
  assert.ok(examples.length >= 10, `${examples.length} examples`)
  for (const [index, example] of examples.entries()) writeFileSync(join(folder, `example-${index}.ts`), example)
  const config = {
    extends: '../../../../tsconfig.base.json',
    compilerOptions: { types: ['node'], skipLibCheck: true },
    include: ['*.ts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  try {
    execFileSync(process.execPath, [typescript, '-p', folder], { encoding: 'utf8' })
  } catch (error) {
    assert.fail((error as { readonly stdout: string }).stdout)
  }
})
