import { audit, requireFinished } from './audit.ts'
import { createDice, type Dice } from './dice.ts'
import type { GatewayBug } from './planted-bugs.ts'
import { stories } from './stories.ts'
import { openWorld, type Profile, type World } from './world.ts'

/** One story with one kill in it, or two. Everything random in it comes from the seed. */
export interface Case {
  readonly story: string
  readonly point: string
  readonly profile: Profile
  readonly seed: number
}

export interface Failure {
  readonly failed: Case
  readonly cause: unknown
}

export interface KillReport {
  readonly kills: number
  /** The named points at which a gateway has died. */
  readonly killedAt: ReadonlySet<string>
  readonly failures: readonly Failure[]
}

/** Point → the stories that reach it. */
export type PointsOfStories = ReadonlyMap<string, readonly string[]>

export interface KillOptions {
  readonly points: PointsOfStories
  readonly kills: number
  readonly seed: number
  /** How many gateways die at the same time. */
  readonly lanes: number
  /** Ends after so many cases, whether their gateways died or not. */
  readonly mostCases?: number
  /** Ends after so many failures; 3 when absent. */
  readonly mostFailures?: number
  readonly plantedBug?: GatewayBug | undefined
  readonly onProgress?: (kills: number) => void
}

const casesPerWorld = 60

export const replayCommand = ({ story, point, profile, seed }: Case): string =>
  `node test/crash/long-run.ts --story ${story} --point ${point} --profile ${profile} --case-seed ${seed}`

/** Tells every story once without a kill. */
export async function discoverPoints(plantedBug?: GatewayBug): Promise<PointsOfStories> {
  const points = new Map<string, readonly string[]>()
  const world = await openWorld({ profile: 'replay', onRestart: async () => {}, plantedBug })
  try {
    for (const [name, story] of Object.entries(stories)) {
      await world.child().ask({ verb: 'report' })
      await story(world, createDice(1))
      await requireWhole(world)
      for (const point of new Set(await world.child().ask({ verb: 'report' })))
        if (!/^(start|quick|register)\//.test(point)) points.set(point, [...(points.get(point) ?? []), name])
    }
  } finally {
    await world.close()
  }
  return points
}

/** Nothing is lost, doubled or left half done. */
export async function requireWhole(world: World): Promise<void> {
  requireFinished(await audit(world))
}

/** Kills at every point in turn, in an order that the seed decides, until so many gateways have died or cases were told. */
export async function runKills(options: KillOptions): Promise<KillReport> {
  const { points, kills: wanted, seed, lanes, mostCases = Number.POSITIVE_INFINITY, onProgress } = options
  const { mostFailures = 3, plantedBug } = options
  const killedAt = new Set<string>()
  const failures: Failure[] = []
  let kills = 0
  const cases = endlessCases(points, createDice(seed))

  let begun = 0
  const goesOn = (): boolean => kills < wanted && begun < mostCases && failures.length < mostFailures

  const count = (point: string, died: number): void => {
    if (died === 0) return
    kills += died
    killedAt.add(point)
    onProgress?.(kills)
  }

  /** Ends with the first failure: the world is not what the next case expects. */
  const runCases = async (run: RunCase, profile: Profile): Promise<void> => {
    for (let told = 0; told < casesPerWorld && goesOn(); told++) {
      begun++
      const next: Case = { ...cases(), profile }
      try {
        count(next.point, await run(next))
      } catch (cause) {
        failures.push({ failed: next, cause })
        return
      }
    }
  }

  const lane = async (number: number): Promise<void> => {
    const profile: Profile = number % 2 === 0 ? 'replay' : 'reject'
    while (goesOn()) await inOneWorld(profile, (run) => runCases(run, profile), plantedBug)
  }
  await Promise.all(Array.from({ length: Math.min(lanes, mostCases) }, (_, number) => lane(number)))
  return { kills, killedAt, failures }
}

/** Each round has every point once. */
function endlessCases(points: PointsOfStories, dice: Dice): () => Omit<Case, 'profile'> {
  let round: (readonly [string, readonly string[]])[] = []
  return () => {
    if (round.length === 0) round = [...dice.shuffle([...points])]
    const [point, reachedBy] = round.pop() ?? ['', []]
    return { story: dice.pick(reachedBy), point, seed: dice.below(2 ** 31) }
  }
}

/** Resolves with how often the gateway died; rejects with what was broken. */
export type RunCase = (given: Case) => Promise<number>

export async function inOneWorld<Result>(
  profile: Profile,
  work: (run: RunCase) => Promise<Result>,
  plantedBug?: GatewayBug,
): Promise<Result> {
  let again: number | undefined
  const onRestart = async (world: World): Promise<void> => {
    await audit(world)
    await world.child().ask({ verb: 'arm', target: again })
    again = undefined
  }
  const world = await openWorld({ profile, onRestart, plantedBug })
  const run: RunCase = async ({ story, point, seed }) => {
    const dice = createDice(seed)
    const killsBefore = world.kills()
    // Now and then the gateway that has just come back dies too.
    again = dice.below(6) === 0 ? 1 + dice.below(8) : undefined
    await world.child().ask({ verb: 'arm', target: point })
    const tell = stories[story]
    if (tell === undefined) throw new Error(`there is no story ${story}`)
    await tell(world, dice)
    again = undefined
    await world.until(() => world.child().ask({ verb: 'arm' }))
    await requireWhole(world)
    return world.kills() - killsBefore
  }
  try {
    return await work(run)
  } finally {
    await world.close()
  }
}
