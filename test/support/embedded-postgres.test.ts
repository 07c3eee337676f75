import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

const modules = {
  'a PostgreSQL of the tests': ['packages/merchant/test/postgres.ts', 'startPostgres'],
  'one that dies on command': ['test/cluster/mortal-postgres.ts', 'startMortalPostgres'],
} as const

function runScript(script: string): { readonly status: number | null; readonly output: string } {
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script]
  // Its own server, not that of the run.
  const { SSPAY_TEST_POSTGRES: _, NODE_TEST_CONTEXT: __, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env })
  return { status, output: stdout + stderr }
}

for (const [name, [file, start]] of Object.entries(modules)) {
  const useServer = `
    const { ${start} } = await import('${new URL(`../../${file}`, import.meta.url)}')
    await (await ${start}()).stop()`
  for (const [end, code] of [
    ['process.exitCode = 3', 3],
    ['', 0],
  ] as const)
    test(`a script that has started ${name} ends with ${code}`, () => {
      const { status, output } = runScript(`${useServer}\n${end}`)
      assert.equal(status, code, output)
    })

  test(`a test that waits for a timer without a reference runs to its end beside ${name}`, () => {
    const { output } = runScript(`
      import { test } from 'node:test'
      test('first', async () => {${useServer}})
      test('second', () => new Promise((resolve) => setTimeout(resolve, 50).unref()))`)
    assert.match(output, /✔ second|ok 2 - second/)
  })
}
