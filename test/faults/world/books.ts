import type { DatabaseSync } from 'node:sqlite'

export interface OrderRow {
  readonly orderId: string
  readonly transactionId: string
  readonly amount: number
  readonly state: 'open' | 'paid' | 'failed'
  readonly isWanted: 0 | 1
  /** The shop was once told that no money was taken, which is final. */
  readonly isToldDeclined: 0 | 1
  /** How often the order's money was credited. */
  readonly paid: number
  /** Won that the shop has given back of an order that was credited. */
  readonly refunded: number
}

export interface RefundRow {
  readonly transactionId: string
  readonly sequence: number
  readonly amount: number
  readonly isPartial: 0 | 1
  readonly state: 'asking' | 'done' | 'rejected'
}

/** The shop's own orders and refunds in its own database; every method runs in whatever transaction the connection is in. */
export interface Books {
  readonly connection: DatabaseSync
  open(order: Pick<OrderRow, 'orderId' | 'transactionId' | 'amount'>): void
  find(transactionId: string): OrderRow
  /** True when another payment has paid the same order. */
  isPaidByAnother(transactionId: string): boolean
  markPaid(transactionId: string): void
  fail(transactionId: string): void
  abandon(transactionId: string): void
  orders(): readonly OrderRow[]
  /** Kept before the gateway is asked; one that is known stays. */
  askRefund(refund: Omit<RefundRow, 'state'>): RefundRow
  endRefund(refund: RefundRow, state: 'done' | 'rejected'): void
  refunds(): readonly RefundRow[]
  close(): void
}

/** Once more changes nothing. */
export const booksTables = `
  create table if not exists orders (
    transaction_id text primary key not null, order_id text not null, amount integer not null, state text not null,
    is_wanted integer not null default 1, is_told_declined integer not null default 0,
    times_paid integer not null default 0, refunded integer not null default 0);
  create index if not exists orders_by_id on orders (order_id);
  create table if not exists refunds (
    transaction_id text not null, sequence integer not null, amount integer not null, is_partial integer not null,
    state text not null, primary key (transaction_id, sequence))`

const orderColumns = `select order_id as orderId, transaction_id as transactionId, amount, state, is_wanted as isWanted,
  is_told_declined as isToldDeclined, times_paid as paid, refunded from orders`
const refundColumns =
  'select transaction_id as transactionId, sequence, amount, is_partial as isPartial, state from refunds'

export function openBooks(connection: DatabaseSync): Books {
  connection.exec(booksTables)
  const prepare = (sql: string) => connection.prepare(sql)
  const open = prepare("insert into orders (transaction_id, order_id, amount, state) values (?, ?, ?, 'open')")
  const find = prepare(`${orderColumns} where transaction_id = ?`)
  const markPaid = prepare("update orders set state = 'paid', times_paid = times_paid + 1 where transaction_id = ?")
  const fail = prepare(
    "update orders set state = 'failed', is_told_declined = 1 where transaction_id = ? and times_paid = 0",
  )
  const abandon = prepare('update orders set is_wanted = 0 where transaction_id = ? and times_paid = 0')
  const another = prepare(`select 1 from orders as one join orders as another on another.order_id = one.order_id
    where one.transaction_id = ? and another.transaction_id <> one.transaction_id and another.times_paid > 0`)
  const orders = prepare(`${orderColumns} order by order_id`)
  const askRefund = prepare("insert into refunds values (?, ?, ?, ?, 'asking') on conflict do nothing")
  const findRefund = prepare(`${refundColumns} where transaction_id = ? and sequence = ?`)
  const endRefund = prepare(
    "update refunds set state = ? where transaction_id = ? and sequence = ? and state = 'asking'",
  )
  const refund = prepare('update orders set refunded = refunded + ? where transaction_id = ?')
  const refunds = prepare(`${refundColumns} order by transaction_id, sequence`)
  return {
    connection,
    open: ({ transactionId, orderId, amount }) => void open.run(transactionId, orderId, amount),
    find: (transactionId) => find.get(transactionId) as unknown as OrderRow,
    isPaidByAnother: (transactionId) => another.get(transactionId) !== undefined,
    markPaid: (transactionId) => void markPaid.run(transactionId),
    fail: (transactionId) => void fail.run(transactionId),
    abandon: (transactionId) => void abandon.run(transactionId),
    orders: () => orders.all() as unknown as readonly OrderRow[],
    askRefund({ transactionId, sequence, amount, isPartial }) {
      askRefund.run(transactionId, sequence, amount, isPartial)
      return findRefund.get(transactionId, sequence) as unknown as RefundRow
    },
    endRefund({ transactionId, sequence, amount }, state) {
      connection.exec('begin immediate')
      const isEnded = endRefund.run(state, transactionId, sequence).changes === 1
      if (isEnded && state === 'done') refund.run(amount, transactionId)
      connection.exec('commit')
    },
    refunds: () => refunds.all() as unknown as readonly RefundRow[],
    close: () => connection.close(),
  }
}
