/** What is refused when there is too much of it, and by which of its bounds. */
const bounds = {
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
  step: ['overloaded'],
  page: ['overloaded'],
  console: ['overloaded'],
} as const

export type Rejectable = keyof typeof bounds
export type Bound = (typeof bounds)[Rejectable][number]

export interface RejectionCount {
  readonly what: Rejectable
  readonly bound: Bound
  readonly count: number
}

const counts = new Map<string, number>()

/** Adds one to what this process has refused since it started. */
export function countRejection(what: Rejectable, bound: Bound): void {
  const key = `${what} ${bound}`
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** Every bound there is, also those that have refused nothing. */
export const rejectionCounts = (): readonly RejectionCount[] =>
  (Object.keys(bounds) as Rejectable[]).flatMap((what) =>
    bounds[what].map((bound) => ({ what, bound, count: counts.get(`${what} ${bound}`) ?? 0 })),
  )
