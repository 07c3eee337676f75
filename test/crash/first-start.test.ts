import assert from 'node:assert/strict'
import { test } from 'node:test'
import { killFirstStarts } from './run-kills.ts'

test('a gateway killed anywhere in its first start on a new folder starts again, and takes payments', async (t) => {
  const points = await killFirstStarts()
  t.diagnostic(`${points.length} points of the start`)
  assert.ok(points.length >= 8, points.join(' '))
})
