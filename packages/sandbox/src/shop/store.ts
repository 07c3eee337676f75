import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite'
import type { Cancellation, Order, Receipt } from './model.ts'

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

type Row = Record<string, SQLOutputValue>

/**
 * The orders of the shop, durable when a function returns. The SDK's journal uses the same connection, so that an order
 * and its journal entry change in one transaction. Stores no personal data but the shop's own customer id.
 */
export type OrderStore = ReturnType<typeof createOrderStore>

export function createOrderStore(db: DatabaseSync) {
  db.exec(schema)
  return { ...orders(db), ...outcomes(db), ...cancellations(db), ...memberships(db), keepKey: keyKeeper(db) }
}

/** Stores the new key if there is none for the purpose, and returns the stored one. */
function keyKeeper(db: DatabaseSync) {
  const insert = db.prepare('insert into keys (purpose, key) values (?1, ?2) on conflict (purpose) do nothing')
  const select = db.prepare('select key from keys where purpose = ?1')
  return (purpose: string, newKey: string): string => {
    insert.run(purpose, newKey)
    return String(select.get(purpose)?.key)
  }
}

/** Prepares a change of the order that this payment belongs to; it returns whether a row changed. */
function paymentChange<More extends SQLInputValue[] = []>(db: DatabaseSync, sql: string) {
  const statement = db.prepare(sql)
  return ({ orderId, transactionId }: Payment, ...more: More): boolean =>
    statement.run(orderId, transactionId, ...more).changes === 1
}

const cancellationColumns = 'order_id as orderId, sequence, amount, state, result_code as resultCode'
const orderColumns = `order_id as orderId, customer_id as customerId, goods_id as goodsId, quantity, amount, state,
  ordered_at as orderedAt, transaction_id as transactionId, result_code as resultCode, receipt,
  cancelled_amount as cancelledAmount`

function orders(db: DatabaseSync) {
  const insert = db.prepare(`insert into orders (order_id, customer_id, goods_id, quantity, amount, state, ordered_at)
    values (?1, ?2, ?3, ?4, ?5, 'awaiting', ?6) on conflict (order_id) do nothing`)
  const select = db.prepare(`select ${orderColumns} from orders where order_id = ?1`)
  const selectAll = db.prepare(
    `select ${orderColumns} from orders where customer_id = ?1 order by ordered_at desc, order_id desc limit 50`,
  )
  const selectNewest = db.prepare(
    `select ${cancellationColumns} from cancellations where order_id = ?1 order by sequence desc limit 1`,
  )
  const readOrder = (row: Row): Order => {
    const { orderedAt, receipt, ...rest } = withoutNulls(row)
    const cancellation = selectNewest.get(String(rest.orderId))
    return {
      ...(rest as unknown as Order),
      orderedAt: new Date(Number(orderedAt)),
      receipt: receipt === undefined ? undefined : readReceipt(String(receipt)),
      cancellation: cancellation === undefined ? undefined : readCancellation(cancellation),
    }
  }
  const find = (orderId: string): Order | undefined => {
    const row = select.get(orderId)
    return row === undefined ? undefined : readOrder(row)
  }
  return {
    find,
    /** Idempotent: the first order of an id stays, and is returned. */
    place({ orderId, customerId, goodsId, quantity, amount, orderedAt }: NewOrder): Order {
      insert.run(orderId, customerId, goodsId, quantity, amount, orderedAt.getTime())
      const placed = find(orderId)
      if (placed === undefined) throw new Error(`order ${orderId} was not stored`)
      return placed
    },
    ordersOf: (customerId: string): readonly Order[] => selectAll.all(customerId).map(readOrder),
  }
}

function outcomes(db: DatabaseSync) {
  const wanted = `order_id = ?1 and state in ('awaiting', 'aborted', 'approving', 'declined')
    and (transaction_id is null or transaction_id = ?2)`
  const isWanted = db.prepare(`select 1 from orders where ${wanted}`)
  const pay = paymentChange<[receipt: string]>(
    db,
    `update orders set state = 'paid', transaction_id = ?2, receipt = ?3, result_code = null where ${wanted}`,
  )
  const join = db.prepare(`insert into memberships (customer_id, is_member)
    select customer_id, 1 from orders where order_id = ?1
    on conflict (customer_id) do update set is_member = 1, deletion_code = null`)
  const abort = db.prepare(
    `update orders set state = 'aborted', result_code = ?2 where order_id = ?1 and state = 'awaiting'`,
  )
  const withdraw = db.prepare(`update orders set state = 'withdrawing' where order_id = ?1 and state = 'approving'`)
  const release = `update orders set state = iif(state = 'withdrawing', 'cancelled', 'awaiting'), transaction_id = null
    where state in ('approving', 'withdrawing')`
  const releaseOthers = db.prepare(`${release} and transaction_id not in (select value from json_each(?1))`)
  return {
    /**
     * Compare-and-set before the approval: binds the order to one payment, so that no second one is approved for it.
     */
    claim: paymentChange(
      db,
      `update orders set state = 'approving', transaction_id = ?2, result_code = null
        where order_id = ?1 and (state in ('awaiting', 'aborted') or (state = 'approving' and transaction_id = ?2))
          and not exists (select 1 from orders as other where other.transaction_id = ?2 and other.order_id <> ?1)`,
    ),
    /** Whether this payment may still pay its order. */
    isWanted: ({ orderId, transactionId }: Payment): boolean => isWanted.get(orderId, transactionId) !== undefined,
    /**
     * Runs in the transaction of `journal.markPaid`; throws, and so rolls it back, when the order does not want this
     * payment.
     */
    pay(payment: Payment, receipt: Receipt): void {
      if (!pay(payment, writeReceipt(receipt)))
        throw new Error(`order ${payment.orderId} does not wait for payment ${payment.transactionId}`)
      join.run(payment.orderId)
    },
    decline: paymentChange<[resultCode: string]>(
      db,
      `update orders set state = iif(state = 'withdrawing', 'cancelled', 'declined'), result_code = ?3
        where order_id = ?1 and transaction_id = ?2 and state in ('approving', 'withdrawing')`,
    ),
    abort: (orderId: string, resultCode: string) => void abort.run(orderId, resultCode),
    /** The buyer cancels an order whose outcome is not known yet. */
    withdraw: (orderId: string) => void withdraw.run(orderId),
    /** The payment was reversed or refunded in full. */
    recordReversed: paymentChange(
      db,
      `update orders set state = 'cancelled'
        where order_id = ?1 and transaction_id = ?2 and state in ('approving', 'withdrawing')`,
    ),
    /** Reopens orders that were claimed before a crash, but whose approval was never requested. */
    releaseClaims: (requestedTransactions: readonly string[]) =>
      void releaseOthers.run(JSON.stringify(requestedTransactions)),
    /** Reopens an order that was claimed for the payment of another one. */
    releaseClaim: paymentChange(db, `${release} and order_id = ?1 and transaction_id = ?2`),
  }
}

function cancellations(db: DatabaseSync) {
  const request = db.prepare(`insert into cancellations (order_id, sequence, amount, state)
    select order_id, (select count(*) + 1 from cancellations where order_id = ?1), ?2, 'asked' from orders
    where order_id = ?1 and state = 'paid' and ?2 between 1 and amount - cancelled_amount
      and not exists (select 1 from cancellations where order_id = ?1 and state = 'asked')
    returning ${cancellationColumns}`)
  const pending = db.prepare(
    `select ${cancellationColumns} from cancellations where state = 'asked' order by order_id, sequence`,
  )
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
    /** Undefined when the order is not paid, has less left, or has a pending cancellation. */
    requestCancellation(orderId: string, amount: number): Cancellation | undefined {
      const row = request.get(orderId, amount)
      return row === undefined ? undefined : readCancellation(row)
    },
    pendingCancellations: (): readonly Cancellation[] => pending.all().map(readCancellation),
    rejectCancellation: ({ orderId, sequence }: Cancellation, resultCode: string) =>
      void end.run(orderId, sequence, 'rejected', resultCode),
    finishCancellation({ orderId, sequence }: Cancellation): void {
      end.run(orderId, sequence, 'done', null)
      raise.run(orderId, Number(sum.get(orderId)?.total))
    },
    /** `total`: everything refunded of the order so far, as the gateway reports it. */
    recordCancelled({ orderId, transactionId }: Payment, total: number): void {
      if (isPaidBy.get(orderId, transactionId) !== undefined) raise.run(orderId, total)
    },
  }
}

function memberships(db: DatabaseSync) {
  const points = db.prepare(
    `select coalesce(sum((amount - cancelled_amount) / 100), 0) as points from orders where customer_id = ?1 and state = 'paid'`,
  )
  const select = db.prepare('select is_member, deletion_code from memberships where customer_id = ?1')
  const record = db.prepare(`insert into memberships (customer_id, is_member, deletion_code) values (?1, 0, ?2)
    on conflict (customer_id) do update set deletion_code = ?2, is_member = case ?3 when 1 then 0 else is_member end`)
  return {
    pointsOf: (customerId: string) => Number(points.get(customerId)?.points ?? 0),
    isMember: (customerId: string) => select.get(customerId)?.is_member === 1,
    recordDeletion: (customerId: string, resultCode: string, isDeleted: boolean) =>
      void record.run(customerId, resultCode, isDeleted ? 1 : 0),
    /** The result code of the last deletion, until the customer joins again. */
    lastDeletion: (customerId: string) => select.get(customerId)?.deletion_code?.toString(),
  }
}

/** A row with undefined for null. */
const withoutNulls = (row: Row): Readonly<Record<string, SQLOutputValue | undefined>> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined]))

const writeReceipt = (receipt: Receipt): string =>
  JSON.stringify({ ...receipt, approvedAt: receipt.approvedAt?.getTime() })

function readReceipt(json: string): Receipt {
  const { approvedAt, ...rest } = JSON.parse(json) as Omit<Receipt, 'approvedAt'> & { approvedAt?: number }
  return { ...rest, approvedAt: approvedAt === undefined ? undefined : new Date(approvedAt) }
}

const readCancellation = (row: Row): Cancellation => withoutNulls(row) as unknown as Cancellation
