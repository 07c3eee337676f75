import { audit, requireFinished } from './audit.ts'
import { createDice, type Dice } from './dice.ts'
import { type Fixture, openFixture, type Profile } from './fixture.ts'
import type { GatewayBug } from './injected-bugs.ts'
import { stories } from './stories.ts'

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
  readonly injectedBug?: GatewayBug | undefined
  readonly onProgress?: (kills: number) => void
}

const casesPerRun = 60

export const replayCommand = ({ story, point, profile, seed }: Case): string =>
  `node test/crash/long-run.ts --story ${story} --point ${point} --profile ${profile} --case-seed ${seed}`

/** Tells every story once without a kill. */
export async function discoverPoints(injectedBug?: GatewayBug): Promise<PointsOfStories> {
  const points = new Map<string, readonly string[]>()
  const fixture = await openFixture({ profile: 'replay', onRestart: async () => {}, injectedBug })
  try {
    for (const [name, story] of Object.entries(stories)) {
      await fixture.child().ask({ verb: 'report' })
      await story(fixture, createDice(1))
      await requireWhole(fixture)
      for (const point of new Set(await fixture.child().ask({ verb: 'report' })))
        if (!/^(start|quick|register)\//.test(point)) points.set(point, [...(points.get(point) ?? []), name])
    }
  } finally {
    await fixture.close()
  }
  return points
}

/** Nothing is lost, doubled or left half done. */
export async function requireWhole(fixture: Fixture): Promise<void> {
  requireFinished(await audit(fixture))
}

/**
 * Kills at every point in turn, in an order that the seed decides, until so many gateways have died or cases were run.
 */
export async function runKills(options: KillOptions): Promise<KillReport> {
  const { points, kills: wanted, seed, lanes, mostCases = Number.POSITIVE_INFINITY, onProgress } = options
  const { mostFailures = 3, injectedBug } = options
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

  /** Ends with the first failure: the fixture is not what the next case expects. */
  const runCases = async (run: RunCase, profile: Profile): Promise<void> => {
    for (let played = 0; played < casesPerRun && goesOn(); played++) {
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
    while (goesOn()) await inOneFixture(profile, (run) => runCases(run, profile), injectedBug)
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

export async function inOneFixture<Result>(
  profile: Profile,
  work: (run: RunCase) => Promise<Result>,
  injectedBug?: GatewayBug,
): Promise<Result> {
  let again: number | undefined
  const onRestart = async (fixture: Fixture): Promise<void> => {
    await audit(fixture)
    await fixture.child().ask({ verb: 'arm', target: again })
    again = undefined
  }
  const fixture = await openFixture({ profile, onRestart, injectedBug })
  const run: RunCase = async ({ story, point, seed }) => {
    const dice = createDice(seed)
    const killsBefore = fixture.kills()
    // Now and then the gateway that has just come back dies too.
    again = dice.below(6) === 0 ? 1 + dice.below(8) : undefined
    await fixture.child().ask({ verb: 'arm', target: point })
    const tell = stories[story]
    if (tell === undefined) throw new Error(`there is no story ${story}`)
    await tell(fixture, dice)
    again = undefined
    await fixture.until(() => fixture.child().ask({ verb: 'arm' }))
    await requireWhole(fixture)
    return fixture.kills() - killsBefore
  }
  try {
    return await work(run)
  } finally {
    await fixture.close()
  }
}
