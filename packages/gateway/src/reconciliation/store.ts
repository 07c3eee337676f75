import type { KoreanDay } from '@sspay/protocol/internal'
import type { Reader, Row } from '../storage/storage.ts'
import { clockMarginMs, type Entry, type EntryKind } from './model.ts'

/** Read only; each has its own store in its part. */
const payments = 'payments'
const cancellations = 'cancellations'
const events = 'payment_events'

export interface EntryFilter {
  /** Empty: all. */
  readonly merchantId: string
  /** Empty: all. Of what is indeterminate the acquirer is unknown, so that it passes every filter. */
  readonly acquirerCode: string
}

type EntryRow = Row & {
  readonly at: number
  readonly merchant_id: string
  readonly transaction_id: string
  readonly cancel_sequence: number
  readonly partial_transaction_id: string | null
  readonly order_id: string
  readonly approval_number: string | null
  readonly cancel_number: string | null
  readonly amount: number
  readonly installment_months: number | null
  readonly issuer_code: string | null
  readonly acquirer_code: string | null
}

const pageSize = 1_000

const ofPayment = `0 as cancel_sequence, null as partial_transaction_id, null as cancel_number, order_id,
  payments.transaction_id, payments.merchant_id, payments.amount, installment_months, approval_number, issuer_code,
  acquirer_code`

const ofRefund = `cancel_sequence, partial_transaction_id, cancel_number, order_id, cancellations.transaction_id,
  cancellations.merchant_id, cancellations.amount, installment_months, approval_number, issuer_code, acquirer_code`

const refundsWithPayments = `${cancellations} join ${payments} on payments.transaction_id = cancellations.transaction_id`

/** The filters, and the end of a page. */
const filtered = "and (?3 = '' or payments.merchant_id = ?3) and (?4 = '' or acquirer_code = ?4)"
const firstRows = 'limit ?5'

/** Each a page of the rows after a position, in their order. */
const pages: Readonly<Record<Exclude<EntryKind, 'indeterminate'>, string>> = {
  approval: `select approved_at as at, ${ofPayment} from ${payments}
    where approved_at >= ?1 and approved_at < ?2 and (approved_at, transaction_id) > (?6, ?7) ${filtered}
    order by approved_at, transaction_id ${firstRows}`,
  refund: `select cancellations.cancelled_at as at, ${ofRefund} from ${refundsWithPayments}
    where cancellations.cancelled_at >= ?1 and cancellations.cancelled_at < ?2
      and (cancellations.cancelled_at, cancellations.transaction_id, cancel_sequence) > (?6, ?7, ?8) ${filtered}
    order by cancellations.cancelled_at, cancellations.transaction_id, cancel_sequence ${firstRows}`,
  reversal: `select state_changed_at as at, ${ofPayment} from ${payments}
    where state = 'reversed' and state_changed_at >= ?1 and state_changed_at < ?2
      and (state_changed_at, transaction_id) > (?6, ?7) ${filtered}
    order by state_changed_at, transaction_id ${firstRows}`,
}

/** Approvals, refunds and reversals of the day, in the order of a report. */
export async function* readEntries(
  storage: Reader,
  day: Pick<KoreanDay, 'start' | 'end'>,
  { merchantId, acquirerCode }: EntryFilter,
): AsyncGenerator<Entry> {
  for (const kind of ['approval', 'refund', 'reversal'] as const) {
    let after: readonly (number | string)[] = kind === 'refund' ? [0, '', 0] : [0, '']
    for (;;) {
      const given = [day.start.getTime(), day.end.getTime(), merchantId, acquirerCode, pageSize, ...after]
      const rows = await storage.read<EntryRow>(pages[kind], given)
      for (const row of rows) yield entryOf(kind, row)
      const last = rows.at(-1)
      if (last === undefined || rows.length < pageSize) break
      after = [last.at, last.transaction_id, ...(kind === 'refund' ? [last.cancel_sequence] : [])]
    }
  }
}

/**
 * Payments and refunds without an outcome that may still turn out to belong to the day. The card network may confirm a
 * refund on any day after its request, a payment only around the time of its approval.
 */
export async function readIndeterminate(
  storage: Reader,
  { start, end }: Pick<KoreanDay, 'start' | 'end'>,
  { merchantId }: EntryFilter,
): Promise<readonly Entry[]> {
  const [since, until] = [start.getTime() - clockMarginMs, end.getTime() + clockMarginMs]
  const begun = `select ${events}.at as at, ${ofPayment} from ${payments} join ${events}
    on payment_events.transaction_id = payments.transaction_id and to_state = 'approving'
    where payment_events.at >= ?1 and payment_events.at < ?2 and (?3 = '' or payments.merchant_id = ?3)`
  const rows = [
    // The conditions of the partial indexes.
    ...(await storage.read<EntryRow>(`${begun} and state in ('unresolved', 'reversing')`, [since, until, merchantId])),
    ...(await storage.read<EntryRow>(
      `${begun} and state in ('requested', 'authenticated', 'approving') and state = 'approving'`,
      [since, until, merchantId],
    )),
    ...(await storage.read<EntryRow>(
      `select cancellations.requested_at as at, ${ofRefund} from ${refundsWithPayments}
       where cancellations.state = 'asking' and cancellations.requested_at < ?1
         and (?2 = '' or payments.merchant_id = ?2)`,
      [until, merchantId],
    )),
  ]
  const entries = rows.map((row) => entryOf('indeterminate', row))
  return entries.toSorted(
    (one, other) => one.at.getTime() - other.at.getTime() || (one.transactionId < other.transactionId ? -1 : 1),
  )
}

const entryOf = (kind: EntryKind, row: EntryRow): Entry => ({
  kind,
  at: new Date(row.at),
  merchantId: row.merchant_id,
  transactionId: row.partial_transaction_id ?? row.transaction_id,
  originalTransactionId: row.cancel_number === null ? undefined : row.transaction_id,
  orderId: row.order_id,
  approvalNumber: row.approval_number ?? undefined,
  cancelNumber: row.cancel_number ?? undefined,
  amount: row.amount,
  installmentMonths: row.installment_months ?? 0,
  issuerCode: row.issuer_code ?? undefined,
  acquirerCode: row.acquirer_code ?? undefined,
})

/** A payment or a refund, on whichever day. `at`: when it was approved, refunded or reversed; null before that. */
export type KnownRow = Row & {
  readonly id: string
  readonly merchant_id: string
  readonly acquirer_code: string | null
  readonly amount: number
  readonly state: string
  readonly at: number | null
}

const given = (reader: Reader): string => `(select id from ${reader.rows({ id: 'text' }, '?1')} as given)`

export const findKnownPayments = (reader: Reader, ids: readonly string[]): Promise<readonly KnownRow[]> =>
  reader.read<KnownRow>(
    `select transaction_id as id, merchant_id, acquirer_code, amount, state,
       case when state = 'reversed' then state_changed_at else approved_at end as at
     from ${payments} where transaction_id in ${given(reader)}`,
    [ids.map((id) => ({ id }))],
  )

const ofKnownRefund = `cancellations.merchant_id, acquirer_code, cancellations.amount, cancellations.state,
  cancellations.cancelled_at as at from ${refundsWithPayments}`

/** By the id that the card network knows: of a partial refund its own, of a full one the payment's. */
export const findKnownRefunds = (reader: Reader, ids: readonly string[]): Promise<readonly KnownRow[]> =>
  reader.read<KnownRow>(
    `select partial_transaction_id as id, ${ofKnownRefund} where partial_transaction_id in ${given(reader)}
     union all
     select cancellations.transaction_id as id, ${ofKnownRefund}
     where cancellations.transaction_id in ${given(reader)} and partial_transaction_id is null`,
    [ids.map((id) => ({ id }))],
  )
