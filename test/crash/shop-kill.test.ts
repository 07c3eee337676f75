import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bySize } from '../support/proof-size.ts'
import { discoverShopPoints, runShopKills } from './run-shop-kills.ts'

const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)

test('a shop killed anywhere in its return handler credits exactly what was captured, once', async (t) => {
  const all = await discoverShopPoints()
  const oneEach = ['intend', 'urlCallApproval', 'settle', 'credit', 'order-update', 'answer'].map((step) => {
    const points = all.filter((point) => point.includes(`/${step}-`))
    assert.ok(points.length > 0, `no point at ${step}`)
    return points[seed % points.length] as string
  })
  const points = bySize({ short: oneEach, medium: all, thorough: all })
  const died = await runShopKills(points, bySize({ short: 6, medium: all.length, thorough: 120 }), seed)
  t.diagnostic(`seed ${seed}: ${[...died].map(([point, times]) => `${point} ${times}`).join(', ')}`)
  assert.deepEqual(
    [...died].filter(([, times]) => times === 0),
    [],
    'no shop died there',
  )
  assert.deepEqual(new Set(died.keys()), new Set(points))
})
