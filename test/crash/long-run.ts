import { parseArgs } from 'node:util'
import { discoverPoints, inOneFixture, replayCommand, runKills } from './run-kills.ts'
import { discoverShopPoints, openShopFixture, runShopKills } from './run-shop-kills.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '3000' },
    seed: { type: 'string' },
    lanes: { type: 'string', default: '3' },
    story: { type: 'string' },
    shop: { type: 'boolean', default: false },
    'shop-kills': { type: 'string', default: '600' },
    point: { type: 'string' },
    profile: { type: 'string', default: 'replay' },
    'case-seed': { type: 'string', default: '1' },
  },
})

const print = (line: string): void => void process.stdout.write(`${line}\n`)

const profile = values.profile === 'reject' ? 'reject' : 'replay'

async function replay(point: string): Promise<number> {
  const seed = Number(values['case-seed'])
  const story = values.story ?? ''
  const kills = values.shop
    ? await replayShop(point, seed)
    : await inOneFixture(profile, (run) => run({ story, point, profile, seed }))
  print(kills === 0 ? `${point} was not reached` : `held: ${kills} killed at ${point}`)
  return kills === 0 ? 2 : 0
}

async function replayShop(point: string, seed: number): Promise<number> {
  const fixture = await openShopFixture(profile)
  try {
    return await fixture.payAndKill(point, seed)
  } finally {
    await fixture.close()
  }
}

async function killMany(): Promise<number> {
  const seed = Number(values.seed ?? Date.now() % 2 ** 31)
  const wanted = Number(values.kills)
  const points = await discoverPoints()
  print(`seed ${seed}: ${wanted} kills at ${points.size} named points`)
  const startedAt = performance.now()
  let nextLine = 100
  const report = await runKills({
    points,
    kills: wanted,
    seed,
    lanes: Number(values.lanes),
    onProgress(kills) {
      if (kills < nextLine) return
      nextLine += 100
      print(`${kills} killed after ${Math.round((performance.now() - startedAt) / 1000)} s`)
    },
  })
  for (const { failed, cause } of report.failures) {
    print(`${cause instanceof Error ? cause.stack : cause}\nreplay: ${replayCommand(failed)}`)
  }
  print(`${report.kills} gateways killed at ${report.killedAt.size} points, ${report.failures.length} failures`)
  if (report.failures.length > 0) return 1

  const died = await runShopKills(await discoverShopPoints(), Number(values['shop-kills']), seed)
  const shopKills = [...died.values()].reduce((sum, times) => sum + times, 0)
  print(`${shopKills} shops killed at ${died.size} points, 0 failures; seed ${seed}`)
  return 0
}

process.exitCode = values.point === undefined ? await killMany() : await replay(values.point)
