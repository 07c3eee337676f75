import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { test } from 'node:test'
import { repository } from './source/files.ts'

const lines = (count: number, line: string): string => `${line}\n`.repeat(count)

/** A function with twenty branches. */
const tangled = `export function a(b: number): number {\n${lines(20, '  if (b > 1) b')}  return b\n}\n`

/** File → what stands in it, and the rules that report it; a file without rules is allowed as it is. */
const injected: Readonly<Record<string, readonly [source: string, ...rules: string[]]>> = {
  'packages/gateway/src/save.ts': ['export async function save(): Promise<boolean> {\n  return await read()\n}\n'],
  'packages/gateway/src/floating.ts': [
    "import { save } from './save.ts'\n\nexport function a(): void {\n  save()\n}\n",
    'noFloatingPromises',
  ],
  'packages/gateway/src/misused.ts': [
    "import { save } from './save.ts'\n\nexport const a = (): number => (save() ? 1 : 2)\n",
    'noMisusedPromises',
  ],
  'packages/gateway/src/useless-await.ts': [
    'export const a = async (): Promise<number> => await 1\n',
    'useAwaitThenable',
  ],
  'packages/gateway/src/cycle.ts': [
    "import type { B } from './other-half.ts'\n\nexport type A = B | 1\n",
    'noImportCycles',
  ],
  'packages/gateway/src/other-half.ts': [
    "import type { A } from './cycle.ts'\n\nexport type B = A | 2\n",
    'noImportCycles',
  ],
  'packages/gateway/src/tangled.ts': [tangled, 'noExcessiveCognitiveComplexity'],
  'packages/gateway/src/long-function.ts': [
    `export function a(): void {\n${lines(61, '  a()')}}\n`,
    'noExcessiveLinesPerFunction',
  ],
  'packages/gateway/test/long-function.ts': [`export function a(): void {\n${lines(61, '  a()')}}\n`],
  'packages/gateway/src/long-file.ts': [lines(301, 'read()'), 'noExcessiveLinesPerFile'],
  'packages/gateway/src/default-export.ts': ['export default 1\n', 'noDefaultExport'],
  'examples/next/app/page.ts': ['export default 1\n'],
  'packages/gateway/src/barrel.ts': ["export { save } from './save.ts'\n", 'noBarrelFile'],
  'packages/gateway/src/whole-barrel.ts': ["export * from './save.ts'\n", 'noBarrelFile', 'noReExportAll'],
  'packages/gateway/src/index.ts': ["export { save } from './save.ts'\n"],
  'packages/gateway/src/Payment.ts': ['export const a = 1\n', 'useFilenamingConvention'],
  'packages/gateway/src/thrown.ts': ["export function a(): never {\n  throw 'b'\n}\n", 'useThrowOnlyError'],
}

interface Report {
  readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: unknown } }[]
}

async function lint(folder: string): Promise<Report> {
  const biome = resolve(repository, 'node_modules/@biomejs/biome/bin/biome')
  const given = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.']
  const output = await new Promise<string>((done) => {
    execFile(process.execPath, given, { cwd: folder, maxBuffer: 2 ** 26 }, (_, stdout) => done(stdout))
  })
  return JSON.parse(output)
}

test('Biome finds each injected violation under the configuration of the repository', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-lint-'))
  t.after(() => rm(folder, { recursive: true }))
  const config = JSON.parse(await readFile(resolve(repository, 'biome.json'), 'utf8'))
  await writeFile(join(folder, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }))
  for (const [path, [source]] of Object.entries(injected)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), source)
  }
  const { diagnostics } = await lint(folder)
  const found = diagnostics.map(({ category, location }) => `${location.path}: ${category.split('/').at(-1)}`)
  const expected = Object.entries(injected).flatMap(([path, [, ...rules]]) => rules.map((rule) => `${path}: ${rule}`))
  assert.deepEqual(found.toSorted(), expected.toSorted())
})
