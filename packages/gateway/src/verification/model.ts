import type { RecordProblem } from '../archive/record.ts'

/**
 * `payment_missing`: other rows name a payment that is not in the database. `payment_changed`: the payment is not in
 * the state of its last event.
 */
export type Finding =
  | ({ readonly transactionId: string } & RecordProblem)
  | { readonly transactionId: string; readonly problem: 'payment_missing'; readonly namedIn: TraceTable }

/** Tables whose rows belong to a payment. The request log counts with the calls to the card network. */
export const traceTables = ['payment_events', 'notifications', 'cancellations', 'request_log'] as const

export type TraceTable = (typeof traceTables)[number]

/** Intact when there is neither a file problem nor a finding. */
export interface VerifiedDatabase {
  readonly payments: number
  readonly events: number
  /** What SQLite says about the structure of its file. */
  readonly fileProblems: readonly string[]
  readonly found: number
  /** The first hundred. */
  readonly findings: readonly Finding[]
}

export const isIntact = ({ found, fileProblems }: VerifiedDatabase): boolean => found + fileProblems.length === 0
