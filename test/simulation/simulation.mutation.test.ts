import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noBugs } from '../faults/fixture/injected-bug.ts'
import { proofSize } from '../support/proof-size.ts'
import { injectedBugs } from './injected-bugs.ts'
import { keptSeeds } from './kept-seeds.ts'
import { type RunOrder, simulateRun } from './simulate-run.ts'

const seed = process.env.SSPAY_SEED ?? 'bugs'
const larger = [80, 240, 960].map(
  (payments): RunOrder => ({ seed: `${seed}.${payments}`, payments, intensity: 'heavy' }),
)

/** Found by a run that never comes to rest, which takes long to tell: played only when there is time for all. */
const neverAtRest: Readonly<Record<string, string>> = {
  'what is dated ahead of the clock waits for that date': 'day.22',
  'recovery closes an approved payment as declined when the gateway does not know it': 'day.6',
}

/** A long run that does not find the bug costs much: one that finds it comes first. */
const playedFirst: Readonly<Record<string, string>> = {
  'a cancellation asked for again goes out under a new sequence': 'day.6',
  ...neverAtRest,
}

function ordersFor(bug: string): readonly RunOrder[] {
  const isFirst = ({ seed: kept }: RunOrder): boolean => kept === playedFirst[bug]
  return [...keptSeeds.filter(isFirst), ...keptSeeds.filter((order) => !isFirst(order)), ...larger]
}

for (const [name, plant] of Object.entries(injectedBugs)) {
  if (proofSize !== 'thorough' && Object.hasOwn(neverAtRest, name)) continue
  test(`found: ${name}`, async (t) => {
    for (const order of ordersFor(name)) {
      const { problems } = await simulateRun(order, { ...noBugs, ...plant() })
      if (problems.length === 0) continue
      t.diagnostic(
        `${problems.length} problems in ${order.payments} payments of ${order.seed}: ${problems[0]?.split('\n')[0]}`,
      )
      return
    }
    assert.fail(`not found, SSPAY_SEED=${seed}`)
  })
}
