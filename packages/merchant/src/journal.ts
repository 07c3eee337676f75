import type { ApprovalOutcome, ExpectedPayment } from './approval-outcome.ts'
import { isChargedOtherwise } from './order-mismatch.ts'

/** A payment whose approval the shop has begun, without its secret. */
export interface BegunPayment {
  /** 거래번호: 30 characters. */
  readonly transactionId: string
  readonly expected: ExpectedPayment
  readonly begunAt: Date
}

/** What a journal stores before an approval is requested. */
export interface JournalEntry extends BegunPayment {
  /**
   * TrAuthKey, the secret part of the approval ticket: its holder can have the payment approved. Recovery after a crash
   * needs it, so the journal keeps it while the payment is pending and forgets it afterwards. Of a bill key's charge:
   * the charge itself, encrypted, up to 4,096 characters.
   */
  readonly approvalTicket: string
}

/** A payment that is neither marked paid nor certainly unpaid: `recover` finishes it. */
export interface PendingPayment extends JournalEntry {
  /** The payment service has answered that the payment is approved. */
  readonly isApproved: boolean
  /** The shop does not want the payment any more: it is never marked paid, and an approval is refunded. */
  readonly isAbandoned: boolean
}

/**
 * The outcome of an approval. `approved`: the shop has the money, and the payment stays pending until its order is
 * marked paid. `declined`, `reversed` and `cancelled`: the shop certainly has no money, and the payment is closed.
 */
export type RecordedOutcome = 'approved' | 'declined' | 'reversed' | 'cancelled'

/** State of a payment in the journal. `approved_abandoned`: approved, not wanted by the shop, to be refunded. */
export type JournalState =
  | 'begun'
  | 'approved'
  | 'abandoned'
  | 'approved_abandoned'
  | 'paid'
  | Exclude<RecordedOutcome, 'approved'>

/** What the journal knows of a transaction. */
export interface RecordedPayment {
  readonly state: JournalState
  /** Absent if only the cancellation of the payment is known. */
  readonly expected?: ExpectedPayment
}

/** A payment to mark paid: the `payment` of an approved outcome, or a verified notification. */
export interface PaidPayment {
  readonly transactionId: string
  readonly orderId: string
  /** Won. */
  readonly amount: number
}

/**
 * `new`: stored by this call. `closed`: abandoned or cancelled, must not be approved. `known`: any other stored
 * payment.
 */
export type BeginResult = 'new' | 'known' | 'closed'

/**
 * Durable record of approvals, so that a crash loses no payment (guide, STEP 3: only the answer of the approval says
 * whether money moved). Implement it for a database that {@link sqliteJournal}, {@link postgresJournal} and
 * {@link mysqlJournal} do not cover.
 *
 * | state | set by | pending |
 * |---|---|---|
 * | begun | `begin` | yes |
 * | approved | `recordOutcome`, and `markPaid` that marks nothing paid, from begun | yes |
 * | abandoned | `abandon`, from begun | yes |
 * | approved and abandoned | `abandon` from approved, `recordOutcome` and `markPaid` from abandoned | yes |
 * | paid | `markPaid`, from begun, approved and declined | no |
 * | declined, reversed | `recordOutcome`, from begun and abandoned: never of an approved payment | no |
 * | cancelled | `recordOutcome`, from every state | no |
 *
 * Every method is idempotent and safe from several processes at once. Every method rejects when the database fails.
 */
export interface PaymentJournal<Connection = unknown> {
  /**
   * Stores a payment before its approval is requested. Resolves once the entry is durable.
   *
   * A stored transaction stays as it is, except that a declined one is pending again.
   *
   * @param entry - The payment with its approval ticket.
   * @returns Whether the transaction may be approved.
   */
  begin(entry: JournalEntry): Promise<BeginResult>
  /**
   * Looks up a transaction.
   *
   * @returns Its state, or undefined if the journal does not know it.
   */
  find(transactionId: string): Promise<RecordedPayment | undefined>
  /**
   * Records the outcome of an approval. Changes no final state, and never an approved payment to `declined` or
   * `reversed`.
   *
   * @param transactionId - 거래번호. `cancelled` of an unknown transaction is stored too, so that it is never marked paid.
   * @param recordedOutcome - The outcome.
   */
  recordOutcome(transactionId: string, recordedOutcome: RecordedOutcome): Promise<void>
  /**
   * Records that the shop does not want the payment: it is never marked paid, and `recover` refunds an approval.
   *
   * @returns False if the payment is closed, for example marked paid in the meantime: then nothing changes.
   */
  abandon(transactionId: string): Promise<boolean>
  /**
   * Lists every pending payment, for `recover`.
   *
   * @returns Oldest first.
   */
  pending(): Promise<readonly PendingPayment[]>
  /**
   * Lists the pending payments of one order, by an index: cheap enough for every page view.
   *
   * @returns Oldest first. A payment that is not abandoned may still pay the order, so do not start another one.
   */
  pendingFor(orderId: string): Promise<readonly PendingPayment[]>
  /**
   * Marks the order of an approved payment paid exactly once, whether the return page, its reload, `recover` or a
   * notification calls first.
   *
   * @param payment - The `payment` of an approved outcome, or a notification compared with the order. The journal
   *   need not know the transaction yet.
   * @param update - The shop's change of its order, run on the journal's connection in the transaction that marks the
   *   payment paid: both are committed or neither. Synchronous with `sqliteJournal`.
   * @returns True if this call marked the order paid. False if `update` was not run: the payment was marked paid
   *   before, abandoned or cancelled, or another payment has paid the same order (then it stays pending until
   *   `isWanted` of `recover` says no and it is refunded).
   * @throws What `update` threw, or an `Error` if the payment was begun for another order or amount. Nothing
   *   has changed.
   * @example
   * ```ts
   * import { type ApprovedPayment, type PaymentJournal } from '@sspay/merchant'
   * import type { DatabaseSync } from 'node:sqlite'
   *
   * const markPaid = (journal: PaymentJournal<DatabaseSync>, payment: ApprovedPayment) =>
   *   journal.markPaid(payment, (db) => {
   *     db.prepare(`update orders set state = 'paid' where order_id = ?`).run(payment.orderId)
   *   })
   * ```
   */
  markPaid(payment: PaidPayment, update: (connection: Connection) => unknown): Promise<boolean>
}

export const isPending = (state: JournalState): boolean =>
  state === 'begun' || state === 'approved' || state === 'abandoned' || state === 'approved_abandoned'

export const isAbandoned = (state: JournalState): boolean => state === 'abandoned' || state === 'approved_abandoned'

/** The payment service has approved the payment, and no refund is known. */
export const wasApproved = (state: JournalState): boolean =>
  state === 'approved' || state === 'approved_abandoned' || state === 'paid'

export function beginResultOf(state: JournalState | undefined): BeginResult {
  if (state === undefined) return 'new'
  return isAbandoned(state) || state === 'cancelled' ? 'closed' : 'known'
}

/** Throws if a payment is about to mark an order paid that it was not begun for, or with another amount. */
export function requireSameOrder({ transactionId, orderId, amount }: PaidPayment, begun: ExpectedPayment): void {
  if (begun.orderId === orderId && begun.amount === amount) return
  throw new Error(
    `the journal has ${transactionId} for order ${begun.orderId} and ${begun.amount} won, not for order ${orderId} and ${amount} won`,
  )
}

/** What an outcome records; undefined while it is not known whether money moved. */
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
