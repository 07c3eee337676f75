import type { ApprovalOutcome, ExpectedPayment } from './approval-outcome.ts'
import { isChargedOtherwise } from './order-mismatch.ts'

/** A payment that the shop has asked for, or is about to. */
export interface PaymentIntent {
  /** 거래번호: 30 characters. */
  readonly transactionId: string
  readonly expected: ExpectedPayment
  readonly begunAt: Date
}

/** What a journal keeps of a payment. */
export interface JournalEntry extends PaymentIntent {
  /** Secret: who has it can have the payment approved. Kept because a crash needs it, forgotten when the entry is closed. */
  readonly approvalTicket: string
}

/** A payment whose order is not credited yet: `recover` goes on with it. */
export interface OpenEntry extends JournalEntry {
  /** The service has said that the money was taken. */
  readonly isApproved: boolean
  /** The shop no longer wants it: it is never credited, and money that was taken goes back. */
  readonly isAbandoned: boolean
}

/**
 * What became of a payment. `approved`: the money is the shop's, and the entry stays open until the order is credited.
 * `declined`, `reversed`, `cancelled`: certainly no money is with the shop, and the entry is closed.
 */
export type RecordedOutcome = 'approved' | 'declined' | 'reversed' | 'cancelled'

/**
 * Where an entry stands. `approved_abandoned`: the service has called the payment approved and the shop does not want it, so its money goes
 * back.
 */
export type JournalState =
  | 'begun'
  | 'approved'
  | 'abandoned'
  | 'approved_abandoned'
  | 'paid'
  | Exclude<RecordedOutcome, 'approved'>

/** What the journal knows of a transaction. */
export interface KnownPayment {
  readonly state: JournalState
  /** Absent of a payment of which only the cancellation is known. */
  readonly expected?: ExpectedPayment
}

/** A payment as `approve`, `recover` or a notice tell it, to be credited. */
export interface PaidPayment {
  readonly transactionId: string
  readonly orderId: string
  /** Won. */
  readonly amount: number
}

/** `new`: written now, so nobody has asked for it yet. `closed`: given up or cancelled; it must not be approved. `known`: all others. */
export type Standing = 'new' | 'known' | 'closed'

/**
 * Where a shop writes down which payments it has asked for, so that a crash loses none (guide, STEP 3: nothing but the answer of the
 * approval says whether money moved). An entry is open from its intent until the order is credited or certainly nothing was paid.
 *
 * | state | by | open |
 * |---|---|---|
 * | begun | `begin` | yes |
 * | approved | `recordOutcome`, from begun | yes |
 * | abandoned | `abandon`, from begun | yes |
 * | approved and abandoned | `abandon` from approved, `recordOutcome` from abandoned | yes |
 * | paid | `markPaid`, from begun, approved and declined | no |
 * | declined, reversed | `recordOutcome`, from begun and abandoned: never of a payment that was approved | no |
 * | cancelled | `recordOutcome`, from every state | no |
 *
 * Every method is safe to repeat and safe from several processes at once. A journal rejects when its store is in trouble.
 */
export interface PaymentJournal<Connection = unknown> {
  /**
   * Resolves once the entry is durable. A known transaction stays as it is, except that a declined one is open again: it is about to be
   * asked for once more.
   */
  begin(entry: JournalEntry): Promise<Standing>
  /** Undefined when the journal has never heard of the transaction. */
  find(transactionId: string): Promise<KnownPayment | undefined>
  /**
   * Changes nothing that is final, and no payment that was approved to `declined` or `reversed`. `cancelled` of an unknown transaction is
   * remembered, so that it is never credited.
   */
  recordOutcome(transactionId: string, recordedOutcome: RecordedOutcome): Promise<void>
  /** False when the entry is closed, for example credited meanwhile: then the payment stands. */
  abandon(transactionId: string): Promise<boolean>
  /** Oldest first. */
  openEntries(): Promise<readonly OpenEntry[]>
  /** Runs `update` and marks the payment credited, both or neither. See {@link markPaidOnce}. */
  markPaid(payment: PaidPayment, update: (connection: Connection) => unknown): Promise<boolean>
}

/** Throws when a payment is about to be credited to another order, or with another amount, than was intended. */
export function requireSameOrder({ transactionId, orderId, amount }: PaidPayment, begun: ExpectedPayment): void {
  if (begun.orderId === orderId && begun.amount === amount) return
  throw new Error(
    `${transactionId} is intended for order ${begun.orderId} over ${begun.amount} won, not for order ${orderId} over ${amount} won`,
  )
}

/** What an outcome settles; nothing while it is unknown whether money was taken. */
export function recordedOutcomeOf(outcome: ApprovalOutcome): RecordedOutcome | undefined {
  switch (outcome.outcome) {
    case 'approved':
      return 'approved'
    case 'declined':
      if (outcome.reason === 'already_cancelled') return 'cancelled'
      return outcome.reason === 'payment_reversed' ? 'reversed' : 'declined'
    case 'unknown':
      return isChargedOtherwise(outcome) ? 'approved' : undefined
  }
}
