import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bySize } from '../support/proof-size.ts'
import { someOfStart } from './choose-points.ts'
import { killFirstStarts } from './kill-first-starts.ts'

test('a gateway killed anywhere in its first start on a new folder starts again, and takes payments', async (t) => {
  const some = (points: readonly string[]) => someOfStart(points, Date.now())
  // Migrations that come later make more points; every second one, this time or the next.
  const turn = Date.now() % 2
  const half = (points: readonly string[]) => points.filter((_, index) => index % 2 === turn)
  const all = (points: readonly string[]) => points
  const { points, failures } = await killFirstStarts(bySize({ short: some, medium: half, thorough: all }))
  t.diagnostic(`${points.length} points of the start`)
  for (const { point, cause } of failures) throw new Error(`killed at ${point}`, { cause })
  assert.ok(points.length >= 8, points.join(' '))
})
