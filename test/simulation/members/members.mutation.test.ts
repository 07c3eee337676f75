import assert from 'node:assert/strict'
import { test } from 'node:test'
import { injectedBugs } from './injected-bugs.ts'
import { shortMembers } from './members-by-size.ts'
import { simulateMembers } from './simulate-members.ts'

/** A run that exposes each of them, most after a few members. */
const fixture = { seed: 'kept.5', members: shortMembers }

for (const [name, { bug, found }] of Object.entries(injectedBugs))
  test(`the short part finds: ${name}`, async () => {
    const { problems } = await simulateMembers(fixture, { bug: bug(), stopsAt: found })
    assert.ok(
      problems.some((problem) => found.test(problem)),
      problems.join('\n') || 'no problem was found',
    )
  })

test('the run that exposes them is well without them', async () => {
  assert.deepEqual((await simulateMembers(fixture)).problems, [])
})
