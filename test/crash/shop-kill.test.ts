import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bySize } from '../support/proof-size.ts'
import { onePointOfEachStep, twoStepsOfShop } from './choose-points.ts'
import { discoverShopPoints, runShopKills } from './run-shop-kills.ts'

const everyPoint = (points: readonly string[]): readonly string[] => points
const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)

test('a shop killed anywhere in its return handler marks paid exactly what was charged, once', async (t) => {
  const all = await discoverShopPoints()
  const points = bySize({ short: twoStepsOfShop, medium: onePointOfEachStep, thorough: everyPoint })(all, seed)
  const died = await runShopKills(points, bySize({ short: points.length, medium: points.length, thorough: 120 }), seed)
  t.diagnostic(`seed ${seed}: ${[...died].map(([point, times]) => `${point} ${times}`).join(', ')}`)
  assert.deepEqual(
    [...died].filter(([, times]) => times === 0),
    [],
    'no shop died there',
  )
  assert.deepEqual(new Set(died.keys()), new Set(points))
})
