import type { Context } from '../context.ts'
import { readByKey } from '../storage/read-by-key.ts'
import type { Reader, Transaction } from '../storage/storage.ts'
import { type CountRow, type WaitingRows, waitingRowsOf } from '../storage/waiting-rows.ts'
import { chainHash } from './event-chain.ts'
import type { ChainHead, Payment, PaymentEvent, PaymentSummary } from './model.ts'
import type { Fact, Standing } from './move.ts'
import {
  type EventRow,
  eventColumns,
  eventOf,
  eventRowOf,
  type LookedAfter,
  type PaymentRow,
  paymentOf,
  readable,
  splitRequest,
  summaryOf,
} from './payment-row.ts'
import type { PaymentState } from './transitions.ts'

type Store = Pick<Context, 'storage' | 'keyRing'>

export type NewPayment = Pick<
  Payment,
  | 'transactionId'
  | 'merchantId'
  | 'orderId'
  | 'amount'
  | 'request'
  | 'installmentMonths'
  | 'requestedAt'
  | 'windowExpiresAt'
>

/** Undefined when the transaction id is taken. */
export async function insertPayment({ storage, keyRing }: Store, payment: NewPayment): Promise<ChainHead | undefined> {
  const { transactionId, merchantId, orderId, amount, request, installmentMonths, requestedAt, windowExpiresAt } =
    payment
  const birth = {
    transactionId,
    sequence: 1,
    event: 'paymentRequested' as const,
    from: undefined,
    to: 'requested' as const,
    at: requestedAt,
    note: '',
  }
  const hash = chainHash('', birth)
  const { request_public, request_encrypted } = splitRequest(keyRing, transactionId, request)
  return storage.transact(async (transaction) => {
    const inserted = await transaction.write(
      `insert into payments (transaction_id, merchant_id, order_id, amount, state, request_public, request_encrypted,
         installment_months, requested_at, state_changed_at, window_expires_at, event_sequence, event_hash)
       values (?1, ?2, ?3, ?4, 'requested', ?5, ?6, ?7, ?8, ?8, ?9, 1, ?10) on conflict (transaction_id) do nothing`,
      [
        transactionId,
        merchantId,
        orderId,
        amount,
        request_public,
        request_encrypted,
        installmentMonths,
        requestedAt.getTime(),
        windowExpiresAt.getTime(),
        hash,
      ],
    )
    if (inserted !== 1) return undefined
    await transaction.write(`with changed as ${transaction.rows(eventColumns, '?1')} ${appendEvents}`, [
      [eventRowOf({ ...birth, hash })],
    ])
    return { sequence: birth.sequence, hash }
  })
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

/** {@link findPayment}; undefined also for one that does not open, because it was damaged. */
export async function findReadable(context: LookedAfter, transactionId: string): Promise<Payment | undefined> {
  const row = await readByKey<PaymentRow>(context.storage, byTransactionId, transactionId)
  return row === undefined ? undefined : readable(context, [row])[0]
}

/** Which payments a list holds: after this entry of it, and not requested earlier than `since`. */
export interface PaymentsRange {
  readonly before?: Pick<PaymentSummary, 'requestedAt' | 'transactionId'> | undefined
  readonly since?: Date
}

export type ListContext = Pick<Context, 'storage'>

/** Newest first. */
export async function listPayments(
  { storage }: ListContext,
  { before, since, limit }: PaymentsRange & { readonly limit: number },
): Promise<readonly PaymentSummary[]> {
  const rows = await storage.read<PaymentRow>(
    `select * from payments where (requested_at, transaction_id) < (?1, ?2) and requested_at >= ?3
     order by requested_at desc, transaction_id desc limit ?4`,
    [
      before?.requestedAt.getTime() ?? Number.MAX_SAFE_INTEGER,
      before?.transactionId ?? '',
      since?.getTime() ?? 0,
      limit,
    ],
  )
  return rows.map(summaryOf)
}

/** Oldest first: the payments that have been in `state` since before `changedBefore`. */
export async function paymentsIn(
  context: LookedAfter,
  wanted: {
    readonly state: 'requested' | 'authenticated' | 'approving'
    readonly changedBefore: Date
    readonly limit: number
  },
): Promise<readonly Payment[]> {
  const rows = await context.storage.read<PaymentRow>(
    // The list of states is the condition of the partial index, which the engines only use when they read it here.
    `select * from payments where state in ('requested', 'authenticated', 'approving')
       and state = ?1 and state_changed_at <= ?2 order by state_changed_at limit ?3`,
    [wanted.state, wanted.changedBefore.getTime(), wanted.limit],
  )
  return readable(context, rows)
}

/** The payments that have come into `state` after `changedAfter`, by the clock that was right then. */
export async function paymentsAhead(
  context: LookedAfter,
  wanted: { readonly state: PaymentState; readonly changedAfter: Date; readonly limit: number },
): Promise<readonly Payment[]> {
  const rows = await context.storage.read<PaymentRow>(
    `select * from payments where state in ('requested', 'authenticated', 'approving')
       and state = ?1 and state_changed_at > ?2 order by state_changed_at limit ?3`,
    [wanted.state, wanted.changedAfter.getTime(), wanted.limit],
  )
  return readable(context, rows)
}

/**
 * The payments whose outcome is not known and that nobody settles at this moment, those that were asked about longest ago first, and marks
 * them as asked about now, so that what stays silent holds nobody up. Nobody else takes them before `until`, even when this process dies.
 * A mark beyond `until` is from a clock that ran ahead: it counts as none, else the payment would wait for that date.
 */
export async function takeIndeterminate(
  context: LookedAfter,
  { at, until, limit }: { readonly at: Date; readonly until: Date; readonly limit: number },
): Promise<readonly Payment[]> {
  const rows = await context.storage.transact(async (transaction) => {
    await transaction.write(
      `update payments set last_asked_at = 0, claimed_until = 0
       where state in ('unresolved', 'reversing') and last_asked_at > ?1`,
      [until.getTime()],
    )
    return transaction.read<PaymentRow>(
      `with undecided as materialized (
         select transaction_id from payments where state in ('unresolved', 'reversing') and claimed_until <= ?1
         order by last_asked_at, transaction_id limit ?3 ${transaction.lock.skip})
       update payments set last_asked_at = ?1, claimed_until = ?2
       where transaction_id in (select transaction_id from undecided)
       returning *`,
      [at.getTime(), until.getTime(), limit],
    )
  })
  return readable(context, rows)
}

/** Ends the claim of {@link takeIndeterminate} on those that are still undecided: any process may ask about them again. */
export async function releaseIndeterminate(
  { storage }: Pick<Context, 'storage'>,
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

/** Payments of which nobody knows yet whether they are charged, up to `most` in the order of asking; since when they are being approved. */
export async function countIndeterminate({ storage }: Pick<Context, 'storage'>, most: number): Promise<WaitingRows> {
  const counted = await storage.read<CountRow>(
    `select count(*) as count, min(at) as oldest from (select transaction_id from payments
       where state in ('unresolved', 'reversing') order by last_asked_at, transaction_id limit ?1) as undecided
     left join payment_events on payment_events.transaction_id = undecided.transaction_id and to_state = 'approving'`,
    [most],
  )
  return waitingRowsOf(counted)
}

/**
 * Payments that ended before `changedBefore` without an authentication, oldest first. Nobody else has them until the transaction ends; those
 * that somebody has at this moment are left out.
 */
export async function unauthenticatedBefore(
  transaction: Transaction,
  { changedBefore, limit }: { readonly changedBefore: Date; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await transaction.read<Pick<PaymentRow, 'transaction_id'>>(
    // The conditions of the partial index, as it has them.
    `select transaction_id from payments where authenticated_at is null and state in ('aborted', 'expired')
       and state_changed_at < ?1 order by state_changed_at limit ?2 ${transaction.lock.skip}`,
    [changedBefore.getTime(), limit],
  )
  return rows.map(({ transaction_id }) => transaction_id)
}

/** Of two transactions that decide about the same payment, the second waits here and then sees what the first has done. */
export async function lockPayment(transaction: Transaction, transactionId: string): Promise<void> {
  await transaction.read(`select 1 from payments where transaction_id = ?1 ${transaction.lock.wait}`, [transactionId])
}

/** Sets a part of an approved payment aside for a cancellation. False when less than `amount` is left, or it is not approved. */
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

/** Gives back what {@link reserveForCancel} set aside: the network has refused the cancellation. */
export async function releaseFromCancel(
  transaction: Transaction,
  { transactionId, amount }: Pick<Payment, 'transactionId' | 'amount'>,
): Promise<void> {
  await transaction.write(
    'update payments set cancel_reserved_amount = cancel_reserved_amount - ?2 where transaction_id = ?1',
    [transactionId, amount],
  )
}

export async function eventsOf(
  { storage }: Pick<Context, 'storage'>,
  transactionId: string,
): Promise<readonly PaymentEvent[]> {
  const rows = await storage.read<EventRow>(
    'select * from payment_events where transaction_id = ?1 order by sequence',
    [transactionId],
  )
  return rows.map(eventOf)
}

/** Where these payments stand. */
export async function readStandings(
  transaction: Transaction,
  transactionIds: readonly string[],
): Promise<readonly Standing[]> {
  if (transactionIds.length === 0) return []
  const found = await transaction.read<
    Pick<PaymentRow, 'transaction_id' | 'merchant_id' | 'state' | 'event_sequence' | 'event_hash'>
  >(
    `select payments.transaction_id, merchant_id, state, event_sequence, event_hash
     from ${transaction.rows({ transaction_id: 'text' }, '?1')} as given
     join payments on payments.transaction_id = given.transaction_id`,
    [transactionIds.map((transaction_id) => ({ transaction_id }))],
  )
  return found.map((row) => ({
    transactionId: row.transaction_id,
    merchantId: row.merchant_id,
    state: row.state,
    head: { sequence: row.event_sequence, hash: row.event_hash },
  }))
}

/**
 * Moves the payments of `given` that still stand where they are expected. A payment that is moved has another number of events then, so that
 * nothing moves twice.
 */
export const changeOfStates = (facts: readonly Fact[]): string =>
  `update payments set state = given.to_state, state_changed_at = given.at, event_sequence = given.sequence,
     event_hash = given.hash${facts.map((name) => `, ${name} = coalesce(given.${name}, payments.${name})`).join('')}
   from given
   where payments.transaction_id = given.transaction_id and payments.state = given.from_state
     and payments.event_sequence = given.sequence - 1`

const eventNames = Object.keys(eventColumns).join(', ')

/** The events of `changed` at the ends of their chains. */
export const appendEvents = `insert into payment_events (${eventNames}) select ${eventNames} from changed`
