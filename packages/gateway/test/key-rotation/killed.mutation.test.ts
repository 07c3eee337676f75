import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTheMiddleThenAnywhere } from './kill-points.ts'
import { createKillTest, rotateThroughKills } from './kill-rotation.ts'
import type { InjectedBug } from './killed-rotation.ts'
import { rotateWhileServing } from './rotate-while-serving.ts'

const throughKills: typeof rotateWhileServing = (test, bug) => rotateThroughKills(test, inTheMiddleThenAnywhere, bug)

const found: readonly (readonly [InjectedBug, RegExp, typeof rotateWhileServing])[] = [
  ['records_progress_before_commit', /rows under the old key/, throughKills],
  ['retires_the_old_key_first', /a gateway started without the old key/, throughKills],
  ['skips_what_changed_meanwhile', /rows under the old key/, rotateWhileServing],
  ['overwrites_what_changed_meanwhile', /an acknowledged approval has lost its answer/, rotateWhileServing],
]

for (const [bug, message, proof] of found)
  test(`the short proof finds a rotation that ${bug}`, async () => {
    await using test = await createKillTest()
    await assert.rejects(proof(test, bug), { code: 'ERR_ASSERTION', message })
  })
