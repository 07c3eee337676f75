import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isThorough } from '../support/thorough.ts'
import { discoverPoints, type KillOptions, replayCommand, runKills } from './run-kills.ts'
import { stories } from './stories.ts'

const seed = Number(process.env.CRASH_SEED ?? 20250102)

test('a gateway killed anywhere loses nothing it has told, charges nothing twice and leaves nothing half done', async (t) => {
  const points = await discoverPoints()
  t.diagnostic(`seed ${seed}: ${points.size} named points`)
  assert.ok(points.size >= 25, `only ${points.size} named points`)
  assert.deepEqual(new Set([...points.values()].flat()), new Set(Object.keys(stories)), 'every story has points')

  const wanted = isThorough ? 600 : points.size
  const killed = new Set<string>()
  const kill = async (options: Pick<KillOptions, 'points' | 'kills' | 'mostCases'>): Promise<number> => {
    const report = await runKills({ ...options, seed, lanes: 3 })
    for (const { failed, cause } of report.failures) {
      t.diagnostic(`replay: ${replayCommand(failed)}`)
      t.diagnostic(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))
    }
    assert.equal(report.failures.length, 0, report.failures.map(({ failed }) => replayCommand(failed)).join('\n'))
    t.diagnostic(`${report.kills} kills at ${report.killedAt.size} points`)
    for (const point of report.killedAt) killed.add(flowOf(point))
    return report.kills
  }
  assert.ok((await kill({ points, kills: wanted })) >= wanted)

  // Whether a story comes by a point is a matter of time too: flows that were spared are told again.
  const spared = () => [...points].filter(([point]) => !killed.has(flowOf(point)))
  for (let tries = 0; tries < 5 && spared().length > 0; tries++)
    await kill({ points: new Map(spared()), kills: spared().length, mostCases: spared().length })
  assert.deepEqual(spared(), [], 'no gateway died in these flows')
})

const flowOf = (point: string): string => point.slice(0, point.indexOf('/'))
