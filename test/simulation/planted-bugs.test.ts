import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noBugs } from '../faults/world/planted-bug.ts'
import { plantedBugs } from './planted-bugs.ts'
import { simulateWorld } from './simulate-world.ts'

const seed = process.env.SSPAY_SEED ?? 'bugs'

for (const [name, plant] of Object.entries(plantedBugs)) {
  test(`found within 1280 payments that meet everything: ${name}`, async (t) => {
    for (const payments of [80, 240, 960]) {
      const { problems } = await simulateWorld(
        { seed: `${seed}.${payments}`, payments, intensity: 'heavy' },
        { ...noBugs, ...plant() },
      )
      if (problems.length === 0) continue
      t.diagnostic(`${problems.length} problems in ${payments} payments, such as ${problems[0]?.split('\n')[0]}`)
      return
    }
    assert.fail(`not found, SSPAY_SEED=${seed}`)
  })
}
