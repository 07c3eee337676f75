import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url))
const asNode22 = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '22.0.0' } })`

test('an older Node.js ends with exit code 2, so that no supervisor starts it again', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', `data:text/javascript,${asNode22}`, bin])
  assert.equal(status, 2)
  assert.match(String(stderr), /Node.js 24 이상이 필요합니다.*sspay-gateway needs Node.js 24 or later/s)
})
