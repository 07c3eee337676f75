import { parseArgs } from 'node:util'
import { discoverPoints, inOneWorld, replayCommand, runKills } from './run-kills.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '3000' },
    seed: { type: 'string' },
    lanes: { type: 'string', default: '3' },
    story: { type: 'string' },
    point: { type: 'string' },
    profile: { type: 'string', default: 'replay' },
    'case-seed': { type: 'string', default: '1' },
  },
})

const print = (line: string): void => void process.stdout.write(`${line}\n`)

async function replay(story: string, point: string): Promise<number> {
  const profile = values.profile === 'refuse' ? 'refuse' : 'replay'
  const seed = Number(values['case-seed'])
  const kills = await inOneWorld(profile, (run) => run({ story, point, profile, seed }))
  print(kills === 0 ? `${point} was not reached` : `held: ${kills} killed at ${point}`)
  return kills === 0 ? 2 : 0
}

async function killMany(): Promise<number> {
  const seed = Number(values.seed ?? Date.now() % 2 ** 31)
  const wanted = Number(values.kills)
  const points = await discoverPoints()
  print(`seed ${seed}: ${wanted} kills at ${points.size} named points`)
  const startedAt = performance.now()
  let nextLine = 100
  const report = await runKills({
    ...{ points, kills: wanted, seed, lanes: Number(values.lanes) },
    onProgress(kills) {
      if (kills < nextLine) return
      nextLine += 100
      print(`${kills} killed after ${Math.round((performance.now() - startedAt) / 1000)} s`)
    },
  })
  for (const { failed, cause } of report.failures) {
    print(`${cause instanceof Error ? cause.stack : cause}\nreplay: ${replayCommand(failed)}`)
  }
  print(`${report.kills} kills at ${report.killedAt.size} points, ${report.failures.length} failures, seed ${seed}`)
  return report.failures.length === 0 ? 0 : 1
}

process.exitCode =
  values.point === undefined || values.story === undefined ? await killMany() : await replay(values.story, values.point)
