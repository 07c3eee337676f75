import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { Cancellation, Order, OrderState, Receipt } from './model.ts'

const schema = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table if not exists orders (
    order_id text primary key, customer_id text not null, goods_id text not null, quantity integer not null, amount integer not null,
    state text not null, ordered_at integer not null, transaction_id text unique, result_code text, receipt text,
    cancelled_amount integer not null default 0
  ) strict;
  create index if not exists orders_of_customer on orders (customer_id, ordered_at);
  create table if not exists cancellations (
    order_id text not null, sequence integer not null, amount integer not null, state text not null, result_code text,
    primary key (order_id, sequence)
  ) strict;
  create table if not exists memberships (
    customer_id text primary key, is_member integer not null, deletion_code text
  ) strict;
  create table if not exists keys (purpose text primary key, key text not null) strict;
`

export type NewOrder = Pick<Order, 'orderId' | 'customerId' | 'goodsId' | 'quantity' | 'amount' | 'orderedAt'>

interface Payment {
  readonly orderId: string
  readonly transactionId: string
}

/** What the shop remembers. Durable when a function returns; nothing about a buyer but the shop's own customer id. */
export interface OrderStore {
  /** The key of this purpose: the given one when there was none, and from then on the same after every restart. */
  keepKey(purpose: string, newKey: string): string

  /** Keeps the first order of this id and returns what is kept. */
  place(order: NewOrder): Order
  find(orderId: string): Order | undefined
  ordersOf(customerId: string): readonly Order[]

  /** Binds the order to one payment before its approval is asked for, so that a second payment of it is never approved. */
  claim(payment: Payment): boolean
  /** Whether this payment may still pay its order. */
  isWanted(payment: Payment): boolean
  /** For `markPaidOnce`: begins no transaction of its own, and throws when the order is not waiting for this payment. */
  pay(payment: Payment, receipt: Receipt): void
  decline(payment: Payment, resultCode: string): void
  abort(orderId: string, resultCode: string): void
  /** The buyer no longer wants an order whose outcome is not known. */
  withdraw(orderId: string): void
  /** All that was taken by this payment is back, or nothing was. */
  recordTakenBack(payment: Payment): void
  /** Orders that were claimed by a payment which nobody was asked to approve, because the shop died in between, are open again. */
  releaseUnasked(transactionsAsked: readonly string[]): void

  /** Undefined when the order is not paid, has less left, or an earlier cancellation is not answered yet. */
  askCancellation(orderId: string, amount: number): Cancellation | undefined
  openCancellations(): readonly Cancellation[]
  rejectCancellation(cancellation: Cancellation, resultCode: string): void
  finishCancellation(cancellation: Cancellation): void
  /** `total`: all that was ever cancelled of the order, as the gateway knows it. */
  recordCancelled(payment: Payment, total: number): void

  pointsOf(customerId: string): number
  isMember(customerId: string): boolean
  recordDeletion(customerId: string, resultCode: string, isDeleted: boolean): void
  lastDeletion(customerId: string): string | undefined
}

type Row = Record<string, SQLOutputValue>

/** `db` is the one connection of the shop: the journal of its payments lives on it too. */
export function createOrderStore(db: DatabaseSync): OrderStore {
  db.exec(schema)
  // The shop's first version had no cancellations.
  const isOld =
    db.prepare(`select 1 from pragma_table_info('orders') where name = 'cancelled_amount'`).get() === undefined
  if (isOld) db.exec('alter table orders add column cancelled_amount integer not null default 0')
  return { ...orders(db), ...outcomes(db), ...cancellations(db), ...memberships(db), ...keys(db) }
}

function keys(db: DatabaseSync): Pick<OrderStore, 'keepKey'> {
  const keep = db.prepare('insert into keys (purpose, key) values (?1, ?2) on conflict (purpose) do nothing')
  const find = db.prepare('select key from keys where purpose = ?1')
  return {
    keepKey(purpose, newKey) {
      keep.run(purpose, newKey)
      return String(find.get(purpose)?.key)
    },
  }
}

const selectOrders = `select orders.*, c.sequence as c_sequence, c.amount as c_amount, c.state as c_state, c.result_code as c_result_code
  from orders left join cancellations c on c.order_id = orders.order_id
    and c.sequence = (select max(sequence) from cancellations where order_id = orders.order_id)`

function orders(db: DatabaseSync): Pick<OrderStore, 'place' | 'find' | 'ordersOf'> {
  const insert = db.prepare(`insert into orders (order_id, customer_id, goods_id, quantity, amount, state, ordered_at)
    values (?1, ?2, ?3, ?4, ?5, 'awaiting', ?6) on conflict (order_id) do nothing`)
  const select = db.prepare(`${selectOrders} where orders.order_id = ?1`)
  const selectAll = db.prepare(
    `${selectOrders} where orders.customer_id = ?1 order by ordered_at desc, orders.order_id desc limit 50`,
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

type OutcomeVerbs =
  | 'claim'
  | 'isWanted'
  | 'pay'
  | 'decline'
  | 'abort'
  | 'withdraw'
  | 'recordTakenBack'
  | 'releaseUnasked'

function outcomes(db: DatabaseSync): Pick<OrderStore, OutcomeVerbs> {
  const claim = db.prepare(`update orders set state = 'approving', transaction_id = ?2, result_code = null
    where order_id = ?1 and (state in ('awaiting', 'aborted') or (state = 'approving' and transaction_id = ?2))
      and not exists (select 1 from orders as other where other.transaction_id = ?2 and other.order_id <> ?1)`)
  const wanted = `order_id = ?1 and state in ('awaiting', 'aborted', 'approving', 'declined')
    and (transaction_id is null or transaction_id = ?2)`
  const isWanted = db.prepare(`select 1 from orders where ${wanted}`)
  const pay = db.prepare(
    `update orders set state = 'paid', transaction_id = ?2, receipt = ?3, result_code = null where ${wanted}`,
  )
  const join = db.prepare(`insert into memberships (customer_id, is_member)
    select customer_id, 1 from orders where order_id = ?1
    on conflict (customer_id) do update set is_member = 1, deletion_code = null`)
  const decline = db.prepare(
    `update orders set state = iif(state = 'withdrawing', 'cancelled', 'declined'), result_code = ?3
      where order_id = ?1 and transaction_id = ?2 and state in ('approving', 'withdrawing')`,
  )
  const abort = db.prepare(
    `update orders set state = 'aborted', result_code = ?2 where order_id = ?1 and state = 'awaiting'`,
  )
  const withdraw = db.prepare(`update orders set state = 'withdrawing' where order_id = ?1 and state = 'approving'`)
  const takeBack = db.prepare(
    `update orders set state = 'cancelled' where order_id = ?1 and transaction_id = ?2 and state in ('approving', 'withdrawing')`,
  )
  const release = db.prepare(
    `update orders set state = iif(state = 'withdrawing', 'cancelled', 'awaiting'), transaction_id = null
      where state in ('approving', 'withdrawing') and transaction_id not in (select value from json_each(?1))`,
  )

  return {
    claim: ({ orderId, transactionId }) => claim.run(orderId, transactionId).changes === 1,
    isWanted: ({ orderId, transactionId }) => isWanted.get(orderId, transactionId) !== undefined,
    pay({ orderId, transactionId }, receipt) {
      if (pay.run(orderId, transactionId, writeReceipt(receipt)).changes !== 1)
        throw new Error(`order ${orderId} does not wait for payment ${transactionId}`)
      join.run(orderId)
    },
    decline: ({ orderId, transactionId }, resultCode) => void decline.run(orderId, transactionId, resultCode),
    abort: (orderId, resultCode) => void abort.run(orderId, resultCode),
    withdraw: (orderId) => void withdraw.run(orderId),
    recordTakenBack: ({ orderId, transactionId }) => void takeBack.run(orderId, transactionId),
    releaseUnasked: (transactionsAsked) => void release.run(JSON.stringify(transactionsAsked)),
  }
}

type CancellationVerbs =
  | 'askCancellation'
  | 'openCancellations'
  | 'rejectCancellation'
  | 'finishCancellation'
  | 'recordCancelled'

function cancellations(db: DatabaseSync): Pick<OrderStore, CancellationVerbs> {
  const ask = db.prepare(`insert into cancellations (order_id, sequence, amount, state)
    select order_id, (select count(*) + 1 from cancellations where order_id = ?1), ?2, 'asked' from orders
    where order_id = ?1 and state = 'paid' and ?2 between 1 and amount - cancelled_amount
      and not exists (select 1 from cancellations where order_id = ?1 and state = 'asked')
    returning *`)
  const open = db.prepare(`select * from cancellations where state = 'asked' order by order_id, sequence`)
  const end = db.prepare(
    `update cancellations set state = ?3, result_code = ?4 where order_id = ?1 and sequence = ?2 and state = 'asked'`,
  )
  const raise = db.prepare(`update orders set cancelled_amount = min(amount, max(cancelled_amount, ?2)),
      state = iif(?2 >= amount, 'cancelled', state)
    where order_id = ?1 and state = 'paid'`)
  const sum = db.prepare(
    `select coalesce(sum(amount), 0) as total from cancellations where order_id = ?1 and state = 'done'`,
  )
  const isPaidBy = db.prepare('select 1 from orders where order_id = ?1 and transaction_id = ?2')

  return {
    askCancellation(orderId, amount) {
      const row = ask.get(orderId, amount)
      return row === undefined ? undefined : readCancellation(row)
    },
    openCancellations: () => open.all().map(readCancellation),
    rejectCancellation: ({ orderId, sequence }, resultCode) => void end.run(orderId, sequence, 'rejected', resultCode),
    finishCancellation({ orderId, sequence }) {
      end.run(orderId, sequence, 'done', null)
      raise.run(orderId, Number(sum.get(orderId)?.total))
    },
    recordCancelled({ orderId, transactionId }, total) {
      if (isPaidBy.get(orderId, transactionId) !== undefined) raise.run(orderId, total)
    },
  }
}

type MembershipVerbs = 'pointsOf' | 'isMember' | 'recordDeletion' | 'lastDeletion'

function memberships(db: DatabaseSync): Pick<OrderStore, MembershipVerbs> {
  const points = db.prepare(
    `select coalesce(sum((amount - cancelled_amount) / 100), 0) as points from orders where customer_id = ?1 and state = 'paid'`,
  )
  const select = db.prepare('select is_member, deletion_code from memberships where customer_id = ?1')
  const record = db.prepare(`insert into memberships (customer_id, is_member, deletion_code) values (?1, 0, ?2)
    on conflict (customer_id) do update set deletion_code = ?2, is_member = case ?3 when 1 then 0 else is_member end`)
  return {
    pointsOf: (customerId) => Number(points.get(customerId)?.points ?? 0),
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

const readCancellation = ({ order_id, sequence, amount, state, result_code }: Row): Cancellation => ({
  orderId: text(order_id),
  sequence: Number(sequence),
  amount: Number(amount),
  state: text(state) as Cancellation['state'],
  resultCode: optionalText(result_code),
})

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
    cancelledAmount: Number(row.cancelled_amount),
    cancellation:
      row.c_sequence === null
        ? undefined
        : readCancellation({
            order_id: text(row.order_id),
            sequence: row.c_sequence ?? 0,
            amount: row.c_amount ?? 0,
            state: row.c_state ?? '',
            result_code: row.c_result_code ?? null,
          }),
  }
}
