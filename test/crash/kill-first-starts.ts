import { createDice } from './dice.ts'
import { openFixture } from './fixture.ts'
import type { GatewayBug } from './injected-bugs.ts'
import { requireWhole } from './run-kills.ts'
import { stories } from './stories.ts'

export interface FirstStarts {
  /** All points of the start. */
  readonly points: readonly string[]
  readonly failures: readonly { readonly point: string; readonly cause: unknown }[]
}

/**
 * Kills the first gateway on a new folder at the points of its start that `choose` picks; each time the next one
 * serves.
 */
export async function killFirstStarts(
  choose: (points: readonly string[]) => readonly string[],
  injectedBug?: GatewayBug,
): Promise<FirstStarts> {
  const whole = await openFixture({ profile: 'replay', onRestart: async () => {}, injectedBug })
  const crossed = (await whole.child().ask({ verb: 'report' })).filter((point) => point.startsWith('start/'))
  await whole.close()
  const points = [...new Set(crossed)]
  const failures: FirstStarts['failures'][number][] = []
  const waiting = choose(points).values()
  const lane = async (): Promise<void> => {
    for (const point of waiting)
      await killFirstStart(point, injectedBug).catch((cause: unknown) => failures.push({ point, cause }))
  }
  await Promise.all([lane(), lane()])
  return { points, failures }
}

async function killFirstStart(point: string, injectedBug: GatewayBug | undefined): Promise<void> {
  const fixture = await openFixture({ profile: 'replay', diesAtStart: point, onRestart: async () => {}, injectedBug })
  try {
    if (fixture.kills() !== 1) throw new Error(`${point}: the first start did not die`)
    await stories.approve?.(fixture, createDice(1))
    await requireWhole(fixture)
  } finally {
    await fixture.close()
  }
}
