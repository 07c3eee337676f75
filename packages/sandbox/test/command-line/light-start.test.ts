import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

const commandsUrl = new URL('../../src/commands.ts', import.meta.url).href

const program = `
import { registerHooks } from 'node:module'
const loaded = []
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
const { commands } = await import(${JSON.stringify(commandsUrl)})
for (const [name, load] of Object.entries(commands)) if (name !== 'sandbox') await load()
console.log(JSON.stringify(loaded))
`

test('every command but sandbox starts without server, storage and telemetry of a gateway', () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  })
  const loaded: readonly string[] = JSON.parse(stdout || assert.fail(stderr))
  assert.ok(loaded.some((url) => url.endsWith('/gateway/src/tools.ts')))
  assert.deepEqual(
    loaded.filter((url) =>
      /\/gateway\/src\/(gateway|storage|telemetry|index|internal)\b|\/node_modules\/hono\//.test(url),
    ),
    [],
  )
})
