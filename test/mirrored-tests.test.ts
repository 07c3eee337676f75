import assert from 'node:assert/strict'
import { existsSync, globSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { test } from 'node:test'
import { repository } from './source/files.ts'

/** Why a test file does not lie where the code it tests lies; undefined when it does. */
function misplaced(path: string, folders: ReadonlySet<string>): string | undefined {
  const [, name = '', inner = ''] = /^packages\/([^/]+)\/test\/(.+)$/.exec(path) ?? []
  const folder = dirname(inner)
  if (folder !== '.') return folders.has(`${name}/${folder}`) ? undefined : `${path}: src has no folder ${folder}`
  const better = [...folders].find((one) => inner.startsWith(`${one.slice(name.length + 1)}-`) && one.startsWith(name))
  const isOfFile = existsSync(resolve(repository, `packages/${name}/src`, inner.replace(/\.test\.ts$/, '.ts')))
  return better === undefined || isOfFile ? undefined : `${path} belongs into the folder of ${better}`
}

const folders = new Set(
  globSync('packages/*/src/**/', { cwd: repository }).map((path) => path.replace(/^packages\/([^/]+)\/src\/?/, '$1/')),
)

test('test folders mirror the folders of src', () => {
  const faults = globSync('packages/*/test/**/*.ts', { cwd: repository }).flatMap(
    (path) => misplaced(path, folders) ?? [],
  )
  assert.deepEqual(faults, [])
})

for (const [path, fault] of [
  ['packages/gateway/test/vaults/a.test.ts', /src has no folder vaults/],
  ['packages/gateway/test/keypad-a.test.ts', /belongs into the folder of gateway\/keypad/],
] as const) {
  test(`a misplaced test is found: ${path}`, () => assert.match(String(misplaced(path, folders)), fault))
}
