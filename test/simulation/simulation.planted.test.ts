import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noBugs } from '../faults/world/planted-bug.ts'
import { keptSeeds } from './kept-seeds.ts'
import { plantedBugs } from './planted-bugs.ts'
import { simulateWorld, type WorldOrder } from './simulate-world.ts'

const seed = process.env.SSPAY_SEED ?? 'bugs'
const larger = [80, 240, 960].map(
  (payments): WorldOrder => ({ seed: `${seed}.${payments}`, payments, intensity: 'heavy' }),
)

/** Its worlds run until what waits for a date a day ahead is given up: one of them is enough. */
const playedFirst: Readonly<Record<string, string>> = {
  'what is dated ahead of the clock waits for that date': 'day.53',
}

function ordersFor(bug: string): readonly WorldOrder[] {
  const isFirst = ({ seed: kept }: WorldOrder): boolean => kept === playedFirst[bug]
  return [...keptSeeds.filter(isFirst), ...keptSeeds.filter((order) => !isFirst(order)), ...larger]
}

for (const [name, plant] of Object.entries(plantedBugs)) {
  test(`found: ${name}`, async (t) => {
    for (const order of ordersFor(name)) {
      const { problems } = await simulateWorld(order, { ...noBugs, ...plant() })
      if (problems.length === 0) continue
      t.diagnostic(
        `${problems.length} problems in ${order.payments} payments of ${order.seed}: ${problems[0]?.split('\n')[0]}`,
      )
      return
    }
    assert.fail(`not found, SSPAY_SEED=${seed}`)
  })
}
