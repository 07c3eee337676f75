import assert from 'node:assert/strict'
import { test } from 'node:test'
import { twoStepsOfShop } from './choose-points.ts'
import { discoverShopPoints, runShopKills } from './run-shop-kills.ts'

const bug = 'marks_paid_beside_the_journal'

test(`the short proof finds a shop that ${bug}`, async (t) => {
  const seed = Date.now() % 1_000_000
  const points = twoStepsOfShop(await discoverShopPoints(bug), seed)
  const failure = await runShopKills(points, points.length, seed, bug).then(
    () => assert.fail(`not found; seed ${seed}`),
    (cause: unknown) => cause,
  )
  assert.ok(failure instanceof Error && failure.cause instanceof Error, String(failure))
  t.diagnostic(failure.message)
  assert.match(failure.cause.message, /: marked paid 0 times, [1-9]\d* won captured/)
})
