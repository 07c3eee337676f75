import { createDice } from './dice.ts'
import type { GatewayBug } from './planted-bugs.ts'
import { requireWhole } from './run-kills.ts'
import { stories } from './stories.ts'
import { openWorld } from './world.ts'

export interface FirstStarts {
  /** All points of the start. */
  readonly points: readonly string[]
  readonly failures: readonly { readonly point: string; readonly cause: unknown }[]
}

/** Kills the first gateway on a new folder at the points of its start that `choose` picks; each time the next one serves. */
export async function killFirstStarts(
  choose: (points: readonly string[]) => readonly string[],
  plantedBug?: GatewayBug,
): Promise<FirstStarts> {
  const whole = await openWorld({ profile: 'replay', onRestart: async () => {}, plantedBug })
  const crossed = (await whole.child().ask({ verb: 'report' })).filter((point) => point.startsWith('start/'))
  await whole.close()
  const points = [...new Set(crossed)]
  const failures: FirstStarts['failures'][number][] = []
  const waiting = choose(points).values()
  const lane = async (): Promise<void> => {
    for (const point of waiting)
      await killFirstStart(point, plantedBug).catch((cause: unknown) => failures.push({ point, cause }))
  }
  await Promise.all([lane(), lane()])
  return { points, failures }
}

async function killFirstStart(point: string, plantedBug: GatewayBug | undefined): Promise<void> {
  const world = await openWorld({ profile: 'replay', diesAtStart: point, onRestart: async () => {}, plantedBug })
  try {
    if (world.kills() !== 1) throw new Error(`${point}: the first start did not die`)
    await stories.approve?.(world, createDice(1))
    await requireWhole(world)
  } finally {
    await world.close()
  }
}
