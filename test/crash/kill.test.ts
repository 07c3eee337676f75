import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bySize, proofSize } from '../support/proof-size.ts'
import { flowOf, someFlows, twentiethOfEachFlow } from './choose-points.ts'
import { discoverPoints, type KillOptions, type PointsOfStories, replayCommand, runKills } from './run-kills.ts'
import { stories } from './stories.ts'

const thoroughKills = 600
const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)

test('a gateway killed at any point loses nothing acknowledged, charges nothing twice and leaves nothing half done', async (t) => {
  const all = await discoverPoints()
  const points = bySize({ short: someFlows, medium: twentiethOfEachFlow, thorough: everyPoint })(all, seed)
  const isThorough = proofSize === 'thorough'
  t.diagnostic(`seed ${seed}: ${points.size} of ${all.size} named points`)
  assert.ok(all.size >= 25, `only ${all.size} named points`)
  assert.deepEqual(new Set([...all.values()].flat()), new Set(Object.keys(stories)), 'every story has points')

  const killed = new Set<string>()
  const kill = async (options: Pick<KillOptions, 'points' | 'kills' | 'mostCases'>): Promise<number> => {
    const report = await runKills({ ...options, seed, lanes: 3 })
    for (const { failed, cause } of report.failures) {
      t.diagnostic(`replay: ${replayCommand(failed)}`)
      t.diagnostic(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))
    }
    assert.equal(report.failures.length, 0, report.failures.map(({ failed }) => replayCommand(failed)).join('\n'))
    t.diagnostic(`${report.kills} kills at ${report.killedAt.size} points`)
    for (const point of report.killedAt) killed.add(point)
    return report.kills
  }
  // A gateway that dies again counts as well, so a number of kills would end the round before it has come by every
  // point.
  const once = (some: PointsOfStories) => ({ points: some, kills: Number.POSITIVE_INFINITY, mostCases: some.size })
  const kills = await kill(isThorough ? { points, kills: thoroughKills } : once(points))
  if (isThorough) assert.ok(kills >= thoroughKills)

  // Whether a run passes a point also depends on timing, so missed points are tried again.
  const spared = () => [...points].filter(([point]) => !killed.has(point))
  for (let tries = 0; tries < 5 && spared().length > 0; tries++) await kill(once(new Map(spared())))
  t.diagnostic(`killed at ${killed.size} of ${points.size} points; spared: ${spared().map(([point]) => point)}`)
  assert.ok(killed.size >= 0.9 * points.size, `killed at ${killed.size} of ${points.size} points only`)
  const flows = new Set([...killed].map(flowOf))
  assert.deepEqual(
    spared().filter(([point]) => !flows.has(flowOf(point))),
    [],
    'no gateway died in these flows',
  )
})

const everyPoint = (points: PointsOfStories): PointsOfStories => points
