import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { bySize } from './proof-size.ts'

const codes: readonly (readonly [line: string, code: number])[] = [
  ['process.exitCode = 3', 3],
  ['', 0],
]

const modules = {
  'a PostgreSQL of the tests': ['packages/merchant/test/postgres.ts', 'startPostgres'],
  'one that dies on command': ['test/cluster/mortal-postgres.ts', 'startMortalPostgres'],
} as const

for (const [name, [file, start]] of Object.entries(modules)) {
  test(`a script that has started ${name} ends with the code that it gives`, () => {
    const url = new URL(`../../${file}`, import.meta.url)
    for (const [line, code] of bySize({ short: codes.slice(0, 1), medium: codes, thorough: codes })) {
      const script = `const { ${start} } = await import('${url}'); await (await ${start}()).stop(); ${line}`
      const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script]
      // Its own server, not that of the run.
      const { SSPAY_TEST_POSTGRES: _, ...env } = process.env
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env })
      assert.equal(status, code, stderr)
    }
  })
}
