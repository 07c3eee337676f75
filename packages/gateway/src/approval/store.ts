import type { Context } from '../context.ts'
import { chainHash } from '../event-chain.ts'
import { readByKey } from '../storage/batching.ts'
import {
  type CountRow,
  changesOne,
  type Reader,
  type Row,
  type Transaction,
  type WaitingRows,
  waitingRowsOf,
} from '../storage/storage.ts'
import {
  type ChainHead,
  type FirstEvent,
  mostSearched,
  type NewPayment,
  type OpenPayments,
  type Payment,
  type PaymentEvent,
  type PaymentSummary,
  type PaymentsRange,
  type StateSum,
} from './model.ts'
import {
  type ChangeColumn,
  type EventRow,
  eventColumns,
  eventOf,
  eventRowOf,
  type PaymentRow,
  paymentOf,
  type RowContext,
  readablePayments,
  splitRequest,
  summaryOf,
} from './payment-row.ts'
import type { PaymentState } from './transitions.ts'

export type ListContext = Pick<Context, 'storage'>
type Store = Pick<Context, 'storage' | 'keyRing'>

/** Takes the locks of an approval and changes nothing: waits, or rejects, where approvals do. No id is empty. */
export const probePayments = (storage: Pick<Context['storage'], 'transact'>): Promise<boolean> =>
  changesOne(storage, "update payments set state = state where transaction_id = ''", [])

/** Undefined when the transaction id is taken. */
export const insertPayment = ({ storage, keyRing }: Store, payment: NewPayment): Promise<ChainHead | undefined> =>
  storage.transact((transaction) =>
    insertFirst(transaction, keyRing, payment, { event: 'paymentRequested', state: 'requested' }),
  )

export type NewCharge = NewPayment & Required<Pick<Payment, 'memberId' | 'cardId' | 'billKeyId'>>

/** A charge of a bill key, which the card network is asked about next. Undefined when the transaction id is taken. */
export const insertCharge = (
  transaction: Transaction,
  keyRing: Store['keyRing'],
  charge: NewCharge,
): Promise<ChainHead | undefined> =>
  insertFirst(transaction, keyRing, charge, { event: 'chargeRequested', state: 'approving' })

async function insertFirst(
  transaction: Transaction,
  keyRing: Store['keyRing'],
  payment: NewPayment & Partial<NewCharge>,
  { event, state }: { readonly event: FirstEvent; readonly state: PaymentState },
): Promise<ChainHead | undefined> {
  const { transactionId, requestedAt, memberId, cardId, billKeyId } = payment
  const first = { transactionId, sequence: 1, event, from: undefined, to: state, at: requestedAt, note: '' }
  const hash = chainHash('', first)
  const { request_public, request_encrypted } = splitRequest(keyRing, transactionId, payment.request)
  const inserted = await transaction.write(
    `insert into payments (transaction_id, merchant_id, order_id, amount, state, request_public, request_encrypted,
       installment_months, requested_at, state_changed_at, window_expires_at, event_sequence, event_hash, member_id,
       card_id, bill_key_id)
     values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, 1, ?11, ?12, ?13, ?14)
     on conflict (transaction_id) do nothing`,
    [
      transactionId,
      payment.merchantId,
      payment.orderId,
      payment.amount,
      state,
      request_public,
      request_encrypted,
      payment.installmentMonths,
      requestedAt.getTime(),
      payment.windowExpiresAt.getTime(),
      hash,
      memberId ?? null,
      cardId ?? null,
      billKeyId ?? null,
    ],
  )
  if (inserted !== 1) return undefined
  await transaction.write(`with changed as ${transaction.rows(eventColumns, '?1')} ${appendEvents}`, [
    [eventRowOf({ ...first, hash })],
  ])
  return { sequence: first.sequence, hash }
}

const byTransactionId = { table: 'payments', column: 'transaction_id' }

/** A payment by its 거래번호; undefined when there is none. */
export async function findPayment(
  { storage, keyRing }: { readonly storage: Reader; readonly keyRing: Store['keyRing'] },
  transactionId: string,
): Promise<Payment | undefined> {
  const row = await readByKey<PaymentRow>(storage, byTransactionId, transactionId)
  return row === undefined ? undefined : paymentOf(keyRing, row)
}

/** {@link findPayment}; undefined also for a damaged row, which does not decrypt. */
export async function findReadable(context: RowContext, transactionId: string): Promise<Payment | undefined> {
  const row = await readByKey<PaymentRow>(context.storage, byTransactionId, transactionId)
  return row === undefined ? undefined : readablePayments(context, [row])[0]
}

/** Newest first. With a filter it reads the newest {@link mostSearched} payments of the range. */
export async function listPayments(
  { storage }: ListContext,
  { limit, ...range }: PaymentsRange & { readonly limit: number },
): Promise<readonly PaymentSummary[]> {
  const { state = '', text = '', billKeyId } = range
  const rows = await storage.read<PaymentRow>(
    `select * from (${newestOfRange('*', billKeyId === undefined ? '' : 'bill_key_id = ?8 and ')}) as newest
     where (?5 = '' or state = ?5) and (?6 = '' or ?6 in (order_id, transaction_id))
     order by requested_at desc, transaction_id desc limit ?7`,
    [
      ...boundsOf(range, state + text === '' ? limit : mostSearched),
      ...[state, text, limit],
      ...(billKeyId === undefined ? [] : [billKeyId]),
    ],
  )
  return rows.map(summaryOf)
}

/** The newest charge of each of these bill keys, by key; a key that has none is absent. */
export async function newestCharges(
  { storage }: ListContext,
  billKeyIds: readonly string[],
): Promise<ReadonlyMap<string, PaymentSummary>> {
  const rows = await storage.read<PaymentRow>(
    `select payments.* from ${storage.rows({ bill_key_id: 'text' }, '?1')} as given
     join payments on payments.transaction_id = (select transaction_id from payments as charges
       where charges.bill_key_id = given.bill_key_id order by requested_at desc, transaction_id desc limit 1)`,
    [billKeyIds.map((bill_key_id) => ({ bill_key_id }))],
  )
  return new Map(rows.map(summaryOf).map((charge) => [charge.billKeyId ?? '', charge]))
}

/** By state, of the newest {@link mostSearched} payments of the range. */
export const sumPayments = ({ storage }: ListContext, range: PaymentsRange): Promise<readonly StateSum[]> =>
  storage.read<StateSum & Row>(
    `select state, count(*) as count, cast(sum(amount) as bigint) as amount,
       cast(sum(cancelled_amount) as bigint) as cancelled
     from (${newestOfRange('state, amount, cancelled_amount')}) as newest group by state`,
    boundsOf(range, mostSearched),
  )

const newestOfRange = (columns: string, condition = ''): string =>
  `select ${columns} from payments where ${condition}(requested_at, transaction_id) < (?1, ?2) and requested_at >= ?3
     order by requested_at desc, transaction_id desc limit ?4`

const boundsOf = ({ before, since }: PaymentsRange, scanned: number) => [
  before?.requestedAt.getTime() ?? Number.MAX_SAFE_INTEGER,
  before?.transactionId ?? '',
  since?.getTime() ?? 0,
  scanned,
]

/** The payments that came into the state until, or after, that time; the oldest first. */
export async function openPayments(
  context: RowContext,
  { state, limit }: OpenPayments,
  changed: { readonly until: Date } | { readonly after: Date },
): Promise<readonly Payment[]> {
  const [operator, time] = 'until' in changed ? ['<=', changed.until] : ['>', changed.after]
  const rows = await context.storage.read<PaymentRow>(
    // Repeats the condition of the partial index: the engines use the index only then.
    `select * from payments where state in ('requested', 'authenticated', 'approving')
       and state = ?1 and state_changed_at ${operator} ?2 order by state_changed_at limit ?3`,
    [state, time.getTime(), limit],
  )
  return readablePayments(context, rows)
}

/**
 * Claims indeterminate payments until `until`, also beyond the death of this process: those first whose last inquiry is
 * the oldest, so that a silent one does not starve the others. A mark beyond `until` was made by a clock that ran
 * ahead, and is reset.
 */
export async function claimIndeterminate(
  context: RowContext,
  { at, until, limit }: { readonly at: Date; readonly until: Date; readonly limit: number },
): Promise<readonly Payment[]> {
  // Most rounds find none, and write nothing.
  const some = await context.storage.read(
    `select 1 from payments where state in ('unresolved', 'reversing') order by last_asked_at, transaction_id limit 1`,
  )
  if (some.length === 0) return []
  const rows = await context.storage.transact(async (transaction) => {
    await transaction.write(
      `update payments set last_asked_at = 0, claimed_until = 0
       where state in ('unresolved', 'reversing') and last_asked_at > ?1`,
      [until.getTime()],
    )
    return transaction.read<PaymentRow>(
      `with indeterminate as materialized (
         select transaction_id from payments where state in ('unresolved', 'reversing') and claimed_until <= ?1
         order by last_asked_at, transaction_id limit ?3 ${transaction.lock.skip})
       update payments set last_asked_at = ?1, claimed_until = ?2
       where transaction_id in (select transaction_id from indeterminate)
       returning *`,
      [at.getTime(), until.getTime(), limit],
    )
  })
  return readablePayments(context, rows)
}

/** Ends the claim of {@link claimIndeterminate} on the payments that are still indeterminate. */
export async function releaseIndeterminate(
  { storage }: ListContext,
  payments: readonly Pick<Payment, 'transactionId'>[],
  until: Date,
): Promise<void> {
  const given = payments.map(({ transactionId }) => ({ transaction_id: transactionId }))
  await storage.transact((transaction) =>
    transaction.write(
      `update payments set claimed_until = 0
       where claimed_until = ?2 and state in ('unresolved', 'reversing')
         and transaction_id in (select transaction_id from ${transaction.rows({ transaction_id: 'text' }, '?1')} as given)`,
      [given, until.getTime()],
    ),
  )
}

/** Counts at most `most` indeterminate payments; `oldestAt`: when the approval of the oldest of them began. */
export async function countIndeterminate({ storage }: ListContext, most: number): Promise<WaitingRows> {
  const counted = await storage.read<CountRow>(
    `select count(*) as count, min(at) as oldest from (select transaction_id from payments
       where state in ('unresolved', 'reversing') order by last_asked_at, transaction_id limit ?1) as indeterminate
     left join payment_events on payment_events.transaction_id = indeterminate.transaction_id and to_state = 'approving'`,
    [most],
  )
  return waitingRowsOf(counted)
}

/**
 * Payments that ended before `changedBefore` without an authentication, oldest first, locked; locked ones are skipped.
 */
export async function unauthenticatedBefore(
  transaction: Transaction,
  { changedBefore, limit }: { readonly changedBefore: Date; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await transaction.read<Pick<PaymentRow, 'transaction_id'>>(
    // The condition of the partial index.
    `select transaction_id from payments where authenticated_at is null and state in ('aborted', 'expired')
       and state_changed_at < ?1 order by state_changed_at limit ?2 ${transaction.lock.skip}`,
    [changedBefore.getTime(), limit],
  )
  return rows.map(({ transaction_id }) => transaction_id)
}

/** Row lock: a concurrent transaction on the payment waits here, and then sees what this one has committed. */
export async function lockPayment(transaction: Transaction, transactionId: string): Promise<void> {
  await transaction.read(`select 1 from payments where transaction_id = ?1 ${transaction.lock.wait}`, [transactionId])
}

/** Reserves `amount` of an approved payment for a refund; false when less is left, or when it is not approved. */
export async function reserveForCancel(
  transaction: Transaction,
  { transactionId, amount }: Pick<Payment, 'transactionId' | 'amount'>,
): Promise<boolean> {
  const reserved = await transaction.write(
    `update payments set cancel_reserved_amount = cancel_reserved_amount + ?2
     where transaction_id = ?1 and state in ('approved', 'partiallyCancelled')
       and cancel_reserved_amount + ?2 <= amount`,
    [transactionId, amount],
  )
  return reserved === 1
}

/** Ends a reservation of {@link reserveForCancel}: the card network has declined the refund. */
export async function releaseFromCancel(
  transaction: Transaction,
  { transactionId, amount }: Pick<Payment, 'transactionId' | 'amount'>,
): Promise<void> {
  await transaction.write(
    'update payments set cancel_reserved_amount = cancel_reserved_amount - ?2 where transaction_id = ?1',
    [transactionId, amount],
  )
}

export async function eventsOf({ storage }: ListContext, transactionId: string): Promise<readonly PaymentEvent[]> {
  const rows = await storage.read<EventRow>(
    'select * from payment_events where transaction_id = ?1 order by sequence',
    [transactionId],
  )
  return rows.map(eventOf)
}

/** Payments as a transition must find them, by transaction id. */
export async function readVersions(
  transaction: Transaction,
  transactionIds: readonly string[],
): Promise<ReadonlyMap<string, Pick<Payment, 'merchantId' | 'state' | 'head'>>> {
  if (transactionIds.length === 0) return new Map()
  const found = await transaction.read<
    Pick<PaymentRow, 'transaction_id' | 'merchant_id' | 'state' | 'event_sequence' | 'event_hash'>
  >(
    `select payments.transaction_id, merchant_id, state, event_sequence, event_hash
     from ${transaction.rows({ transaction_id: 'text' }, '?1')} as given
     join payments on payments.transaction_id = given.transaction_id`,
    [transactionIds.map((transaction_id) => ({ transaction_id }))],
  )
  return new Map(
    found.map(({ transaction_id, merchant_id, state, event_sequence, event_hash }) => [
      transaction_id,
      { merchantId: merchant_id, state, head: { sequence: event_sequence, hash: event_hash } },
    ]),
  )
}

/**
 * Compare-and-set over the rows `given`: state and event sequence must be as expected. Each update raises the sequence,
 * so the same statement again changes nothing.
 */
export const updateStates = (columns: readonly ChangeColumn[]): string =>
  `update payments set state = given.to_state, state_changed_at = given.at, event_sequence = given.sequence,
     event_hash = given.hash${columns.map((name) => `, ${name} = coalesce(given.${name}, payments.${name})`).join('')}
   from given
   where payments.transaction_id = given.transaction_id and payments.state = given.from_state
     and payments.event_sequence = given.sequence - 1`

const eventNames = Object.keys(eventColumns).join(', ')

/** The events of the rows `changed`. */
export const appendEvents = `insert into payment_events (${eventNames}) select ${eventNames} from changed`
