import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { parse } from 'acorn'

test('the built drop-in script is ES5 and at most 3 kB gzip', async () => {
  const script = await readFile(new URL('../dist/smartropay.js', import.meta.url), 'utf8')
  parse(script, { ecmaVersion: 5 })
  assert.ok(gzipSync(script).length <= 3072)
  assert.equal(/[^\x20-\x7e\n]/.test(script), false, 'pages in every charset may include it')
  for (const newer of ['Promise', 'fetch(', 'URL(', 'Object.assign', 'hasOwn(', '.includes(', '.closest(', 'Symbol'])
    assert.equal(script.includes(newer), false, newer)
})
