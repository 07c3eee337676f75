import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isThorough } from '../support/thorough.ts'
import { discoverShopPoints, runShopKills } from './run-shop-kills.ts'

const seed = Number(process.env.CRASH_SEED ?? 20250102)

test('a shop killed anywhere in its return handler credits exactly what was captured, once', async (t) => {
  const points = await discoverShopPoints()
  for (const step of ['intend', 'urlCallApproval', 'settle', 'credit', 'order-update', 'answer'])
    assert.ok(
      points.some((point) => point.includes(`/${step}-`)),
      `no point at ${step}`,
    )
  const died = await runShopKills(isThorough ? 120 : points.length, seed)
  t.diagnostic(`seed ${seed}: ${[...died].map(([point, times]) => `${point} ${times}`).join(', ')}`)
  assert.deepEqual(
    [...died].filter(([, times]) => times === 0),
    [],
    'no shop died there',
  )
  assert.deepEqual(new Set(died.keys()), new Set(points))
})
