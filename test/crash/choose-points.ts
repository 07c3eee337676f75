import { createDice } from './dice.ts'
import type { PointsOfStories } from './run-kills.ts'

export const flowOf = (point: string): string => point.slice(0, point.indexOf('/'))

/** After the card network's answer only what was durable before it was asked is left of the intent. */
const afterAuthorize = { point: 'approve/network-authorize-1/after', story: 'approve' } as const

/** That point, another of an approval, and one of another flow: others in every run. */
export function someFlows(points: PointsOfStories, seed: number): PointsOfStories {
  if (!points.has(afterAuthorize.point)) throw new Error(`no story comes by ${afterAuthorize.point}`)
  const flows = Map.groupBy(createDice(seed).shuffle([...points]), ([point]) => flowOf(point))
  const approval = flows.get('approve') ?? []
  flows.delete('approve')
  const random = [approval, ...[...flows.values()].slice(0, 1)].flatMap((some) => some.slice(0, 1))
  return new Map([...random, [afterAuthorize.point, [afterAuthorize.story]]])
}

/** Others in every run. */
export function twentiethOfEachFlow(points: PointsOfStories, seed: number): PointsOfStories {
  const byFlow = Map.groupBy(createDice(seed).shuffle([...points]), ([point]) => flowOf(point))
  return new Map([...byFlow.values()].flatMap((some) => some.slice(0, Math.ceil(some.length / 20))))
}

/**
 * Between the two an order that is not updated in the transaction of the journal would be marked paid in the journal
 * only.
 */
const beforeUpdate = 'return/order-update-1/before'
const steps = ['begin', 'urlCallApproval', 'recordOutcome', 'markPaid', 'answer'] as const

/** The point before the update of the order, and one of each of so many other steps: others in every run. */
const pointsOfSteps =
  (count: number) =>
  (points: readonly string[], seed: number): readonly string[] => {
    if (!points.includes(beforeUpdate)) throw new Error(`no shop comes by ${beforeUpdate}`)
    const dice = createDice(seed)
    const random = dice
      .shuffle(steps)
      .slice(0, count)
      .map((step) => {
        const own = points.filter((point) => point.includes(`/${step}-`))
        if (own.length === 0) throw new Error(`no point at ${step}`)
        return dice.pick(own)
      })
    return [...random, beforeUpdate]
  }

export const twoStepsOfShop = pointsOfSteps(2)
export const onePointOfEachStep = pointsOfSteps(steps.length)

/** The first migration has committed here, or whatever else the second commit of a first start was. */
const afterSecondCommit = 'start/storage-2/after'

/** That point and another: another in every run. */
export function someOfStart(points: readonly string[], seed: number): readonly string[] {
  if (!points.includes(afterSecondCommit)) throw new Error(`no start comes by ${afterSecondCommit}`)
  const others = points.filter((point) => point !== afterSecondCommit)
  return [afterSecondCommit, ...createDice(seed).shuffle(others).slice(0, 1)]
}
