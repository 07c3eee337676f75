import type { WireText } from '@sspay/protocol'
import type { Context } from '../context.ts'
import { enqueueNotices } from '../notifications/store.ts'
import { wakeDelivery } from '../notifications/wake.ts'
import { collect } from '../storage/batch.ts'
import type { Storage, Transaction } from '../storage/storage.ts'
import { chainHash } from './event-chain.ts'
import type { Payment, PaymentEvent, PaymentSummary } from './model.ts'
import {
  type EventRow,
  eventOf,
  eventRowOf,
  openAnswer,
  type PaymentRow,
  paymentOf,
  sealAnswer,
  splitRequest,
  summaryOf,
} from './payment-row.ts'
import { nextState, type PaymentEventName, type PaymentState } from './transitions.ts'

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

/** One step of one payment, with the facts that the step adds. */
export interface Move {
  readonly transactionId: string
  readonly from: PaymentState
  readonly event: PaymentEventName
  readonly at: Date
  readonly note?: string
  readonly facts?: MoveFacts
}

export interface MoveFacts {
  readonly memberId?: string
  readonly cardId?: string
  readonly installmentMonths?: number
  readonly ticketHash?: string
  readonly ticketExpiresAt?: Date
  readonly approvalNumber?: string
  readonly declineReason?: string
  readonly answer?: string
}

/** False when the transaction id is taken. */
export async function insertPayment({ storage, keyRing }: Store, payment: NewPayment): Promise<boolean> {
  const { transactionId, merchantId, orderId, amount, request, installmentMonths, requestedAt, windowExpiresAt } =
    payment
  const birth = {
    ...{ transactionId, sequence: 1, event: 'paymentRequested' as const, from: undefined, to: 'requested' as const },
    ...{ at: requestedAt, note: '' },
  }
  const hash = chainHash('', birth)
  const { request_public, request_sealed } = splitRequest(keyRing, transactionId, request)
  return storage.transact(async (transaction) => {
    const inserted = await transaction.write(
      `insert into payments (transaction_id, merchant_id, order_id, amount, state, request_public, request_sealed,
         installment_months, requested_at, state_changed_at, window_expires_at, event_sequence, event_hash)
       values (?1, ?2, ?3, ?4, 'requested', ?5, ?6, ?7, ?8, ?8, ?9, 1, ?10) on conflict (transaction_id) do nothing`,
      [
        ...[transactionId, merchantId, orderId, amount, request_public, request_sealed, installmentMonths],
        ...[requestedAt.getTime(), windowExpiresAt.getTime(), hash],
      ],
    )
    if (inserted === 1) await appendEvents(transaction, [{ ...birth, hash }])
    return inserted === 1
  })
}

export async function findPayment({ storage, keyRing }: Store, transactionId: string): Promise<Payment | undefined> {
  const [row] = await storage.read<PaymentRow>('select * from payments where transaction_id = ?1', [transactionId])
  return row === undefined ? undefined : paymentOf(keyRing, row)
}

/** Newest first; `before` is the last entry of the page before. */
export async function listPayments(
  { storage }: Pick<Context, 'storage'>,
  page: { readonly limit: number; readonly before?: Pick<PaymentSummary, 'requestedAt' | 'transactionId'> },
): Promise<readonly PaymentSummary[]> {
  const rows = await storage.read<PaymentRow>(
    `select * from payments where requested_at < ?1 or (requested_at = ?1 and transaction_id < ?2)
     order by requested_at desc, transaction_id desc limit ?3`,
    [page.before?.requestedAt.getTime() ?? Number.MAX_SAFE_INTEGER, page.before?.transactionId ?? '', page.limit],
  )
  return rows.map(summaryOf)
}

/** Oldest first: the payments that have been in `state` since before `changedBefore`. */
export async function paymentsIn(
  { storage, keyRing }: Store,
  wanted: { readonly state: PaymentState; readonly changedBefore: Date; readonly limit: number },
): Promise<readonly Payment[]> {
  const rows = await storage.read<PaymentRow>(
    // The list of states is the condition of the partial index, which the engines only use when they read it here.
    `select * from payments where state in ('requested', 'authenticated', 'approving', 'unresolved')
       and state = ?1 and state_changed_at <= ?2 order by state_changed_at limit ?3`,
    [wanted.state, wanted.changedBefore.getTime(), wanted.limit],
  )
  return rows.map((row) => paymentOf(keyRing, row))
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

const movers = new WeakMap<Storage, (row: MoveRow) => Promise<boolean>>()

/**
 * Moves the payment when it still is in `from`, appends the event and, where the shop must hear of it, the notice, in one
 * transaction. False when somebody else moved it first. Moves that wait together share their statements.
 */
export function movePayment({ storage, keyRing }: Store, move: Move): Promise<boolean> {
  const mover = movers.get(storage) ?? collect<MoveRow, boolean>((rows) => moveAll({ storage, keyRing }, rows))
  movers.set(storage, mover)
  return mover(moveRowOf(keyRing, move))
}

const moveColumns = {
  transaction_id: 'text',
  from_state: 'text',
  to_state: 'text',
  at: 'integer',
  sequence: 'integer',
  hash: 'text',
  member_id: 'text',
  card_id: 'text',
  installment_months: 'integer',
  ticket_hash: 'text',
  ticket_expires_at: 'integer',
  authenticated_at: 'integer',
  approval_number: 'text',
  decline_reason: 'text',
  answer_sealed: 'text',
  answered_at: 'integer',
} as const

type MoveRow = ReturnType<typeof moveRowOf>

function moveRowOf(keyRing: Store['keyRing'], { transactionId, from, event, at, note = '', facts = {} }: Move) {
  const to = nextState(from, event)
  if (to === undefined) throw new RangeError(`${event} cannot happen to a payment that is ${from}`)
  const { memberId, cardId, installmentMonths, ticketHash, ticketExpiresAt, approvalNumber, declineReason, answer } =
    facts
  return {
    transaction_id: transactionId,
    from_state: from,
    to_state: to,
    event,
    note,
    at: at.getTime(),
    member_id: memberId ?? null,
    card_id: cardId ?? null,
    installment_months: installmentMonths ?? null,
    ticket_hash: ticketHash ?? null,
    ticket_expires_at: ticketExpiresAt?.getTime() ?? null,
    authenticated_at: to === 'authenticated' ? at.getTime() : null,
    approval_number: approvalNumber ?? null,
    decline_reason: declineReason ?? null,
    answer_sealed: answer === undefined ? null : sealAnswer(keyRing, transactionId, answer),
    answered_at: answer === undefined ? null : at.getTime(),
  }
}

async function moveAll({ storage, keyRing }: Store, rows: readonly MoveRow[]): Promise<readonly boolean[]> {
  const firstMoves = new Map(rows.toReversed().map((row) => [row.transaction_id, row]))
  const movedIds = await storage.transact(async (transaction) => {
    const moves = chained(await readHeads(transaction, [...firstMoves.keys()]), firstMoves)
    const moved = await moveStates(transaction, moves)
    const done = moves.filter(({ row }) => moved.has(row.transaction_id))
    await appendEvents(
      transaction,
      done.map(({ event }) => event),
    )
    await enqueueNotices(
      transaction,
      keyRing,
      done.flatMap((move) => noticeOf(keyRing, move)),
    )
    return moved
  })
  if (rows.some((row) => row.answer_sealed !== null)) wakeDelivery(storage)
  return rows.map((row) => firstMoves.get(row.transaction_id) === row && movedIds.has(row.transaction_id))
}

interface Head {
  readonly transaction_id: string
  readonly merchant_id: string
  readonly state: PaymentState
  readonly event_sequence: number
  readonly event_hash: string
  readonly [column: string]: string | number
}

interface ChainedMove {
  readonly row: MoveRow
  readonly merchantId: string
  readonly event: PaymentEvent
}

const readHeads = (transaction: Transaction, transactionIds: readonly string[]): Promise<readonly Head[]> =>
  transaction.read<Head>(
    `select payments.transaction_id, merchant_id, state, event_sequence, event_hash
     from ${transaction.rows({ transaction_id: 'text' }, '?1')} as given
     join payments on payments.transaction_id = given.transaction_id`,
    [JSON.stringify(transactionIds.map((transaction_id) => ({ transaction_id })))],
  )

/** The moves whose payment is where they expect it, each with its event at the end of the payment's chain. */
const chained = (heads: readonly Head[], moves: ReadonlyMap<string, MoveRow>): readonly ChainedMove[] =>
  heads.flatMap((head) => {
    const row = moves.get(head.transaction_id)
    if (row === undefined || row.from_state !== head.state) return []
    const event = {
      transactionId: row.transaction_id,
      sequence: head.event_sequence + 1,
      event: row.event,
      from: row.from_state,
      to: row.to_state,
      at: new Date(row.at),
      note: row.note,
    }
    return [{ row, merchantId: head.merchant_id, event: { ...event, hash: chainHash(head.event_hash, event) } }]
  })

async function moveStates(transaction: Transaction, moves: readonly ChainedMove[]): Promise<ReadonlySet<string>> {
  if (moves.length === 0) return new Set()
  const given = moves.map(({ row, event }) => ({ ...row, sequence: event.sequence, hash: event.hash }))
  const moved = await transaction.read<{ readonly transaction_id: string }>(
    `update payments set state = given.to_state, state_changed_at = given.at, event_sequence = given.sequence,
       event_hash = given.hash, member_id = coalesce(given.member_id, payments.member_id),
       card_id = coalesce(given.card_id, payments.card_id),
       installment_months = coalesce(given.installment_months, payments.installment_months),
       ticket_hash = coalesce(given.ticket_hash, payments.ticket_hash),
       ticket_expires_at = coalesce(given.ticket_expires_at, payments.ticket_expires_at),
       authenticated_at = coalesce(given.authenticated_at, payments.authenticated_at),
       approval_number = coalesce(given.approval_number, payments.approval_number),
       decline_reason = coalesce(given.decline_reason, payments.decline_reason),
       answer_sealed = coalesce(given.answer_sealed, payments.answer_sealed),
       answered_at = coalesce(given.answered_at, payments.answered_at)
     from ${transaction.rows(moveColumns, '?1')} as given
     where payments.transaction_id = given.transaction_id and payments.state = given.from_state
       and payments.event_sequence = given.sequence - 1
     returning payments.transaction_id`,
    [JSON.stringify(given)],
  )
  return new Set(moved.map(({ transaction_id }) => transaction_id))
}

const eventColumns = {
  transaction_id: 'text',
  sequence: 'integer',
  event: 'text',
  from_state: 'text',
  to_state: 'text',
  at: 'integer',
  note: 'text',
  hash: 'text',
} as const

async function appendEvents(transaction: Transaction, events: readonly PaymentEvent[]): Promise<void> {
  if (events.length === 0) return
  const names = Object.keys(eventColumns).join(', ')
  await transaction.write(
    `insert into payment_events (${names}) select ${names} from ${transaction.rows(eventColumns, '?1')} as given`,
    [JSON.stringify(events.map(eventRowOf))],
  )
}

/** Approved and reversed are what a shop may have missed. */
function noticeOf(keyRing: Store['keyRing'], { row, merchantId, event }: ChainedMove) {
  const { transactionId, sequence, to, at } = event
  if ((to !== 'approved' && to !== 'reversed') || row.answer_sealed === null) return []
  const fields: WireText = JSON.parse(openAnswer(keyRing, transactionId, row.answer_sealed))
  return [{ transactionId, sequence, merchantId, paymentState: to, fields, enqueuedAt: at }]
}
