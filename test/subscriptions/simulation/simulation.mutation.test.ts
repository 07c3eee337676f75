import assert from 'node:assert/strict'
import { test } from 'node:test'
import { injectedBugs } from './injected-bugs.ts'
import { simulateBilling } from './simulate-billing.ts'
import { shortOrder } from './sizes.ts'

const mostRuns = 60

for (const [name, bug] of Object.entries(injectedBugs))
  test(`found: ${name}`, async (t) => {
    for (let run = 0; run < mostRuns; run++) {
      const { problems } = await simulateBilling({ ...shortOrder, seed: `bugs.${run}` }, bug())
      if (problems.length === 0) continue
      t.diagnostic(`run ${run}, ${problems.length} problems: ${problems[0]?.split('\n')[0]}`)
      return
    }
    assert.fail(`not found in ${mostRuns} runs`)
  })
