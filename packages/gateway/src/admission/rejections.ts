/** Limited resources, and the limiters of each. */
const limiters = {
  window: ['per_form', 'per_signature', 'per_share', 'per_merchant', 'per_address', 'overloaded'],
  'window-request': ['per_address', 'per_window', 'other_browser'],
  code: ['per_phone', 'per_window', 'per_address', 'per_merchant', 'in_all'],
  guess: ['per_address', 'per_merchant'],
  'card-verification': ['per_member', 'per_card', 'per_address'],
  password: ['in_all'],
  approval: ['overloaded'],
  inquiry: ['overloaded'],
  cancellation: ['overloaded'],
  'member-deletion': ['overloaded'],
  'bill-key-window': ['overloaded'],
  'bill-key-registration': ['overloaded'],
  'bill-key-payment': ['overloaded'],
  'bill-key-deletion': ['overloaded'],
  step: ['overloaded'],
  page: ['overloaded'],
  console: ['overloaded'],
} as const

export type LimitedResource = keyof typeof limiters
export type Limiter = (typeof limiters)[LimitedResource][number]

export interface RejectionCount {
  readonly resource: LimitedResource
  readonly limiter: Limiter
  readonly count: number
}

const counts = new Map<string, number>()

/** Counts a rejected request since the start of this process. */
export function countRejection(resource: LimitedResource, limiter: Limiter): void {
  const key = `${resource} ${limiter}`
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** Counts of all limiters, zeros included. */
export const rejectionCounts = (): readonly RejectionCount[] =>
  (Object.keys(limiters) as LimitedResource[]).flatMap((resource) =>
    limiters[resource].map((limiter) => ({ resource, limiter, count: counts.get(`${resource} ${limiter}`) ?? 0 })),
  )
