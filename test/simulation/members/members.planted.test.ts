import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shortMembers } from './members-by-size.ts'
import { plantedBugs } from './planted-bugs.ts'
import { simulateMembers } from './simulate-members.ts'

/** A bug that needs one order of visits may take a second world. */
const seeds = ['planted', 'planted again']

for (const [name, { bug, found }] of Object.entries(plantedBugs))
  test(`the short part finds: ${name}`, async (t) => {
    for (const seed of seeds) {
      const { problems } = await simulateMembers({ seed, members: shortMembers, stopsAtProblem: true }, bug())
      if (problems.length > 0) t.diagnostic(`${seed}: ${problems[0]}`)
      if (problems.some((problem) => found.test(problem))) return
    }
    assert.fail('not found')
  })
