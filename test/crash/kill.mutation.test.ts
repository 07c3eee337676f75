import assert from 'node:assert/strict'
import { test } from 'node:test'
import { someFlows } from './choose-points.ts'
import { discoverPoints, runKills } from './run-kills.ts'

const bug = 'acknowledges_before_commit'
const lostClaim = /: authenticated with 0 won here, [1-9]\d* won at the network/

test(`the short proof finds a gateway that ${bug}`, async (t) => {
  const seed = Date.now() % 1_000_000
  const points = someFlows(await discoverPoints(bug), seed)
  const once = { points, kills: Number.POSITIVE_INFINITY, mostCases: points.size, mostFailures: 1, lanes: 3 }
  const causes: string[] = []
  // As in the proof: whether a story comes by its point is a matter of time too, so it is repeated.
  for (let tries = 0; tries < 5 && !causes.some((cause) => lostClaim.test(cause)); tries++) {
    const { failures } = await runKills({ ...once, seed: seed + tries, injectedBug: bug })
    causes.push(...failures.map(({ failed, cause }) => `killed at ${failed.point}: ${cause}`))
  }
  t.diagnostic(`seed ${seed}: ${causes.join('\n')}`)
  assert.match(causes.join('\n'), lostClaim)
})
