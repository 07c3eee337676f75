import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shortMembers } from './members-by-size.ts'
import { plantedBugs } from './planted-bugs.ts'
import { simulateMembers } from './simulate-members.ts'

/** A world that exposes each of them, most after a few members. */
const world = { seed: 'kept.5', members: shortMembers }

for (const [name, { bug, found }] of Object.entries(plantedBugs))
  test(`the short part finds: ${name}`, async () => {
    const { problems } = await simulateMembers(world, { bug: bug(), stopsAt: found })
    assert.ok(
      problems.some((problem) => found.test(problem)),
      problems.join('\n') || 'no problem was found',
    )
  })

test('the world that exposes them is well without them', async () => {
  assert.deepEqual((await simulateMembers(world)).problems, [])
})
