import type { Limits } from './limits.ts'
import { countRefusal } from './refusals.ts'

export interface WorkLimit {
  /** Runs `work`, or gives undefined without running it when too much is running, in all or for this key. */
  run<Result>(key: string, work: () => Promise<Result>): Promise<Result | undefined>
}

export interface WorkBounds {
  readonly inAll: number
  readonly perKey: number
}

/** Bounds what runs at the same time. Nothing waits: who is refused may come again. */
export function createWorkLimit(
  { inAll, perKey }: WorkBounds,
  onRefused: (bound: keyof WorkBounds) => void = () => {},
): WorkLimit {
  const running = new Map<string, number>()
  let total = 0

  const count = (key: string, change: 1 | -1): void => {
    total += change
    const left = (running.get(key) ?? 0) + change
    if (left === 0) running.delete(key)
    else running.set(key, left)
  }

  const limitReached = (key: string): 'inAll' | 'perKey' | undefined => {
    if (total >= inAll) return 'inAll'
    return (running.get(key) ?? 0) >= perKey ? 'perKey' : undefined
  }

  return {
    async run(key, work) {
      const reached = limitReached(key)
      if (reached !== undefined) {
        onRefused(reached)
        return undefined
      }
      count(key, 1)
      try {
        return await work()
      } finally {
        count(key, -1)
      }
    },
  }
}

/** How many times the approvals' share of the work each kind of call to the API may have. */
export const callShares = { approval: 1, inquiry: 4, cancellation: 1, 'member-deletion': 1 } as const

/** The bound of one kind of call, by merchant. What it refuses is counted. */
export function createCallLimit(
  { approvalsAtOnce, approvalsPerMerchantAtOnce }: Limits,
  kind: keyof typeof callShares,
): WorkLimit {
  const share = callShares[kind]
  return createWorkLimit({ inAll: share * approvalsAtOnce, perKey: share * approvalsPerMerchantAtOnce }, (bound) =>
    countRefusal(kind, bound === 'inAll' ? 'in_all' : 'per_merchant'),
  )
}
