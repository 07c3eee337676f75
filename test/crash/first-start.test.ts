import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bySize } from '../support/proof-size.ts'
import { createDice } from './dice.ts'
import { killFirstStarts } from './run-kills.ts'

test('a gateway killed anywhere in its first start on a new folder starts again, and takes payments', async (t) => {
  const some = (points: readonly string[]) => createDice(Date.now()).shuffle(points).slice(0, 3)
  const all = (points: readonly string[]) => points
  const points = await killFirstStarts(bySize({ short: some, medium: all, thorough: all }))
  t.diagnostic(`${points.length} points of the start`)
  assert.ok(points.length >= 8, points.join(' '))
})
