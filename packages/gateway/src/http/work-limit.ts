import type { Limits } from './limits.ts'

export interface WorkLimit {
  /** Runs `work`, or gives undefined without running it when too much is running, in all or for this key. */
  run<Result>(key: string, work: () => Promise<Result>): Promise<Result | undefined>
}

/** Bounds what runs at the same time. Nothing waits: who is refused may come again. */
export function createWorkLimit({ inAll, perKey }: { readonly inAll: number; readonly perKey: number }): WorkLimit {
  const running = new Map<string, number>()
  let total = 0

  const count = (key: string, change: 1 | -1): void => {
    total += change
    const left = (running.get(key) ?? 0) + change
    if (left === 0) running.delete(key)
    else running.set(key, left)
  }

  return {
    async run(key, work) {
      if (total >= inAll || (running.get(key) ?? 0) >= perKey) return undefined
      count(key, 1)
      try {
        return await work()
      } finally {
        count(key, -1)
      }
    },
  }
}

/** The bound of one kind of call to the API, by merchant: `share` times as many as approvals. */
export const createCallLimit = ({ approvalsAtOnce, approvalsPerMerchantAtOnce }: Limits, share = 1): WorkLimit =>
  createWorkLimit({ inAll: share * approvalsAtOnce, perKey: share * approvalsPerMerchantAtOnce })
