import { after, before, test } from 'node:test'
import { bySize } from '../../../../test/support/proof-size.ts'
import { atAnyMoment, atEveryCommit, batchByBatch, inTheMiddleThenAnywhere } from './kill-points.ts'
import { createKillTest, type KillTest, rotateThroughKills } from './kill-rotation.ts'
import { rotateWhileServing } from './rotate-while-serving.ts'

let killTest: KillTest

before(async () => {
  killTest = await createKillTest()
})
after(() => killTest.close())

test('killed anywhere, a rotation is finished by the next run: nothing is lost, and nothing needs the old key', async (t) => {
  const short = [inTheMiddleThenAnywhere]
  const medium = [batchByBatch, atAnyMoment]
  const everyCommit = await atEveryCommit(await killTest.copy())
  const thorough = [...short, ...medium, ...Array.from({ length: 21 }, () => atAnyMoment), ...everyCommit]
  let kills = 0
  for (const next of bySize({ short, medium, thorough })) kills += await rotateThroughKills(killTest, next)
  t.diagnostic(`${kills} kills`)
})

test('killed while a gateway approves with both keys, a rotation is finished by the next run, and no approval fails', async (t) => {
  for (let turn = 0; turn < bySize({ short: 1, medium: 2, thorough: 20 }); turn++)
    t.diagnostic(`${await rotateWhileServing(killTest)} approvals`)
})
