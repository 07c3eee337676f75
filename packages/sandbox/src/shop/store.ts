import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import type { Order, OrderOutcome, OrderState, Receipt } from './model.ts'

const schema = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table if not exists orders (
    order_id text primary key, customer_id text not null, goods_id text not null, quantity integer not null, amount integer not null,
    state text not null, ordered_at integer not null, transaction_id text unique, approval_ticket text,
    result_code text, receipt text, credits integer not null default 0
  ) strict;
  create index if not exists orders_of_customer on orders (customer_id, ordered_at);
  create table if not exists memberships (
    customer_id text primary key, is_member integer not null, deletion_code text
  ) strict;
`

export type NewOrder = Pick<Order, 'orderId' | 'customerId' | 'goodsId' | 'quantity' | 'amount' | 'orderedAt'>

export interface Ticket {
  readonly transactionId: string
  readonly approvalTicket: string
}

/** What the shop remembers. Durable when a function returns; nothing about a buyer but the shop's own customer id. */
export interface OrderStore {
  /** Keeps the first order of this id and returns what is kept. */
  place(order: NewOrder): Order
  find(orderId: string): Order | undefined
  ordersOf(customerId: string): readonly Order[]
  /** Binds the order to one payment before its approval is asked for, so that a second payment of it is never approved. */
  claim(orderId: string, ticket: Ticket): boolean
  /** The ticket of an order whose outcome is not known yet. */
  openTicket(orderId: string): Ticket | undefined
  /** Records the outcome once; false when the order had one already. */
  settle(orderId: string, outcome: OrderOutcome): boolean
  abort(orderId: string, resultCode: string): boolean
  pointsOf(customerId: string): number
  isMember(customerId: string): boolean
  recordDeletion(customerId: string, resultCode: string, isDeleted: boolean): void
  lastDeletion(customerId: string): string | undefined
  close(): void
}

type Row = Record<string, SQLOutputValue>

export function openOrderStore(file: string): OrderStore {
  const db = new DatabaseSync(file)
  db.exec(schema)
  return { ...orders(db), ...outcomes(db), ...memberships(db), close: () => db.close() }
}

type OrderVerbs = Pick<OrderStore, 'place' | 'find' | 'ordersOf'>

function orders(db: DatabaseSync): OrderVerbs {
  const insert = db.prepare(`insert into orders (order_id, customer_id, goods_id, quantity, amount, state, ordered_at)
    values (?1, ?2, ?3, ?4, ?5, 'awaiting', ?6) on conflict (order_id) do nothing`)
  const select = db.prepare('select * from orders where order_id = ?1')
  const selectAll = db.prepare(
    'select * from orders where customer_id = ?1 order by ordered_at desc, order_id desc limit 50',
  )

  const find = (orderId: string): Order | undefined => {
    const row = select.get(orderId)
    return row === undefined ? undefined : readOrder(row)
  }
  return {
    find,
    place({ orderId, customerId, goodsId, quantity, amount, orderedAt }) {
      insert.run(orderId, customerId, goodsId, quantity, amount, orderedAt.getTime())
      const placed = find(orderId)
      if (placed === undefined) throw new Error(`order ${orderId} was not stored`)
      return placed
    },
    ordersOf: (customerId) => selectAll.all(customerId).map(readOrder),
  }
}

type OutcomeVerbs = Pick<OrderStore, 'claim' | 'openTicket' | 'settle' | 'abort' | 'pointsOf'>

function outcomes(db: DatabaseSync): OutcomeVerbs {
  const claim =
    db.prepare(`update orders set state = 'approving', transaction_id = ?2, approval_ticket = ?3, result_code = null
    where order_id = ?1 and state in ('awaiting', 'aborted')
      and not exists (select 1 from orders as other where other.transaction_id = ?2)`)
  const ticket = db.prepare(
    `select transaction_id, approval_ticket from orders where order_id = ?1 and state = 'approving'`,
  )
  const pay = db.prepare(`update orders set state = 'paid', receipt = ?2, approval_ticket = null, credits = credits + 1
    where order_id = ?1 and state = 'approving'`)
  const decline = db.prepare(`update orders set state = 'declined', result_code = ?2, approval_ticket = null
    where order_id = ?1 and state = 'approving'`)
  const abort = db.prepare(
    `update orders set state = 'aborted', result_code = ?2 where order_id = ?1 and state = 'awaiting'`,
  )
  const points = db.prepare(
    `select coalesce(sum(amount / 100 * credits), 0) as points from orders where customer_id = ?1`,
  )
  const join = db.prepare(`insert into memberships (customer_id, is_member)
    select customer_id, 1 from orders where order_id = ?1
    on conflict (customer_id) do update set is_member = 1, deletion_code = null`)

  return {
    claim: (orderId, { transactionId, approvalTicket }) =>
      claim.run(orderId, transactionId, approvalTicket).changes === 1,
    openTicket(orderId) {
      const row = ticket.get(orderId)
      if (row === undefined) return undefined
      return { transactionId: text(row.transaction_id), approvalTicket: text(row.approval_ticket) }
    },
    settle(orderId, outcome) {
      if (outcome.outcome === 'declined') return decline.run(orderId, outcome.resultCode).changes === 1
      db.exec('begin immediate')
      const isFirst = pay.run(orderId, writeReceipt(outcome.receipt)).changes === 1
      if (isFirst) join.run(orderId)
      db.exec('commit')
      return isFirst
    },
    abort: (orderId, resultCode) => abort.run(orderId, resultCode).changes === 1,
    pointsOf: (customerId) => Number(points.get(customerId)?.points ?? 0),
  }
}

type MembershipVerbs = Pick<OrderStore, 'isMember' | 'recordDeletion' | 'lastDeletion'>

function memberships(db: DatabaseSync): MembershipVerbs {
  const select = db.prepare('select is_member, deletion_code from memberships where customer_id = ?1')
  const record = db.prepare(`insert into memberships (customer_id, is_member, deletion_code) values (?1, 0, ?2)
    on conflict (customer_id) do update set deletion_code = ?2, is_member = case ?3 when 1 then 0 else is_member end`)
  return {
    isMember: (customerId) => select.get(customerId)?.is_member === 1,
    recordDeletion: (customerId, resultCode, isDeleted) => void record.run(customerId, resultCode, isDeleted ? 1 : 0),
    lastDeletion: (customerId) => optionalText(select.get(customerId)?.deletion_code),
  }
}

const text = (value: SQLOutputValue | undefined): string => (typeof value === 'string' ? value : '')
const optionalText = (value: SQLOutputValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined

const writeReceipt = (receipt: Receipt): string =>
  JSON.stringify({ ...receipt, approvedAt: receipt.approvedAt?.getTime() })

function readReceipt(json: string): Receipt {
  const { approvedAt, ...rest } = JSON.parse(json) as Omit<Receipt, 'approvedAt'> & { approvedAt?: number }
  return { ...rest, approvedAt: approvedAt === undefined ? undefined : new Date(approvedAt) }
}

function readOrder(row: Row): Order {
  const receipt = optionalText(row.receipt)
  return {
    orderId: text(row.order_id),
    customerId: text(row.customer_id),
    goodsId: text(row.goods_id),
    quantity: Number(row.quantity),
    amount: Number(row.amount),
    state: text(row.state) as OrderState,
    orderedAt: new Date(Number(row.ordered_at)),
    transactionId: optionalText(row.transaction_id),
    resultCode: optionalText(row.result_code),
    receipt: receipt === undefined ? undefined : readReceipt(receipt),
  }
}
