import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { createJournalTable } from '@sspay/merchant'
import { addDays, cycleDay, type Day, firstCycleFrom } from './calendar.ts'

export interface Subscription {
  readonly subscriptionId: string
  readonly customerId: string
  readonly customerName: string
  readonly goodsName: string
  /** 원. */
  readonly amount: number
  readonly startedOn: Day
  readonly state: 'active' | 'paused' | 'ended'
  /** 다음에 받을 회차. */
  readonly cycle: number
  /** 그 회차의 몇 번째 시도인지. */
  readonly attempt: number
  /** 그 시도를 할 날. */
  readonly dueOn: Day
  /** 암호화한 빌링키. 카드를 다시 등록해야 하면 null입니다. */
  readonly billKey: Uint8Array | null
  /** YYMM. */
  readonly cardExpiry: string | null
}

/** 주문번호 하나는 한 회차의 시도 하나입니다. */
export interface Charge {
  readonly orderId: string
  readonly subscriptionId: string
  readonly cycle: number
  readonly attempt: number
  readonly state: 'requested' | 'paid' | 'declined' | 'refunded'
}

/** 거절된 뒤 며칠 뒤에 다시 시도할지. 마지막 시도까지 거절되면 구독이 끝납니다. */
export const retryAfterDays: readonly number[] = [1, 3, 5]

/** 구독과 장부는 같은 데이터베이스에 있어야 결제와 회차가 함께 바뀝니다. */
export function createTables(db: DatabaseSync): void {
  db.exec(createJournalTable)
  db.exec(`
    create table if not exists subscriptions (
      subscription_id text primary key,
      customer_id text not null,
      customer_name text not null,
      goods_name text not null,
      amount integer not null,
      started_on text not null,
      state text not null default 'active' check (state in ('active', 'paused', 'ended')),
      cycle integer not null default 0,
      attempt integer not null default 1,
      due_on text not null,
      bill_key blob,
      card_expiry text
    );
    create index if not exists subscriptions_due on subscriptions (due_on) where state = 'active';
    create table if not exists charges (
      order_id text primary key,
      subscription_id text not null references subscriptions,
      cycle integer not null,
      attempt integer not null,
      state text not null default 'requested' check (state in ('requested', 'paid', 'declined', 'refunded')),
      transaction_id text unique,
      rejection text
    );
    create unique index if not exists charges_paid_once on charges (subscription_id, cycle) where state = 'paid';`)
}

const columns = `subscription_id as subscriptionId, customer_id as customerId, customer_name as customerName,
  goods_name as goodsName, amount, started_on as startedOn, state, cycle, attempt, due_on as dueOn,
  bill_key as billKey, card_expiry as cardExpiry`

export type NewSubscription = Pick<
  Subscription,
  'subscriptionId' | 'customerId' | 'customerName' | 'goodsName' | 'amount' | 'startedOn'
>

/** 카드를 등록할 때까지는 아무것도 결제하지 않습니다. */
export function startSubscription(db: DatabaseSync, given: NewSubscription): void {
  run(
    db,
    `insert into subscriptions (subscription_id, customer_id, customer_name, goods_name, amount, started_on, due_on)
      values (?1, ?2, ?3, ?4, ?5, ?6, ?6)`,
    ...[given.subscriptionId, given.customerId, given.customerName, given.goodsName, given.amount, given.startedOn],
  )
}

export const findSubscription = (db: DatabaseSync, subscriptionId: string): Subscription | undefined =>
  db.prepare(`select ${columns} from subscriptions where subscription_id = ?`).get(subscriptionId) as
    | Subscription
    | undefined

/** 오늘까지 결제할 구독의 번호. */
export const listDue = (db: DatabaseSync, today: Day): readonly string[] =>
  db
    .prepare(`select subscription_id from subscriptions where state = 'active' and due_on <= ? order by due_on, 1`)
    .all(today)
    .map((row) => String(row.subscription_id))

/** 다음 결제일 전에 카드가 만료되는 구독. 고객에게 새 카드를 부탁할 때 씁니다. `month`: YYMM. */
export const listCardsExpiringIn = (db: DatabaseSync, month: string): readonly Subscription[] =>
  db
    .prepare(`select ${columns} from subscriptions where state = 'active' and card_expiry = ? order by 1`)
    .all(month) as unknown as readonly Subscription[]

/** 새 카드. 밀린 회차가 있으면 오늘 다시 시도합니다. */
export function replaceCard(
  db: DatabaseSync,
  subscriptionId: string,
  card: { readonly billKey: Uint8Array; readonly cardExpiry: string | null; readonly today: Day },
): void {
  run(
    db,
    `update subscriptions set bill_key = ?2, card_expiry = ?3, due_on = case when attempt > 1 then ?4 else due_on end
      where subscription_id = ?1 and state <> 'ended'`,
    ...[subscriptionId, card.billKey, card.cardExpiry, card.today],
  )
}

export const forgetCard = (db: DatabaseSync, subscriptionId: string): void =>
  run(db, 'update subscriptions set bill_key = null, card_expiry = null where subscription_id = ?', subscriptionId)

export const pauseSubscription = (db: DatabaseSync, subscriptionId: string): void =>
  run(db, `update subscriptions set state = 'paused' where subscription_id = ? and state = 'active'`, subscriptionId)

/** 쉬는 동안의 회차는 받지 않습니다. 결제일의 날짜는 그대로입니다. */
export function resumeSubscription(db: DatabaseSync, subscriptionId: string, today: Day): void {
  const subscription = findSubscription(db, subscriptionId)
  if (subscription?.state !== 'paused') return
  const { startedOn } = subscription
  const cycle = Math.max(subscription.cycle, firstCycleFrom(startedOn, today))
  run(
    db,
    `update subscriptions set state = 'active', cycle = ?2, attempt = 1, due_on = ?3
      where subscription_id = ?1 and state = 'paused'`,
    ...[subscriptionId, cycle, cycleDay(startedOn, cycle)],
  )
}

export const endSubscription = (db: DatabaseSync, subscriptionId: string): void =>
  run(db, `update subscriptions set state = 'ended' where subscription_id = ?`, subscriptionId)

/** 결제를 요청하기 전에 적어 둡니다. 복구와 재통보가 주문번호로 구독을 찾습니다. */
export const recordRequested = (db: DatabaseSync, charge: Omit<Charge, 'state'>): void =>
  run(
    db,
    'insert into charges (order_id, subscription_id, cycle, attempt) values (?, ?, ?, ?) on conflict do nothing',
    ...[charge.orderId, charge.subscriptionId, charge.cycle, charge.attempt],
  )

export const findCharge = (db: DatabaseSync, orderId: string): Charge | undefined =>
  db
    .prepare(
      'select order_id as orderId, subscription_id as subscriptionId, cycle, attempt, state from charges where order_id = ?',
    )
    .get(orderId) as Charge | undefined

/** `journal.markPaid` 안에서만 부릅니다. 같은 회차가 두 번 결제되면 색인이 막습니다. */
export function recordPaid(db: DatabaseSync, orderId: string, transactionId: string): void {
  const charge = findCharge(db, orderId)
  const subscription = charge && findSubscription(db, charge.subscriptionId)
  if (charge === undefined || subscription === undefined) throw new Error(`no subscription has the order ${orderId}`)
  run(db, `update charges set state = 'paid', transaction_id = ? where order_id = ?`, transactionId, orderId)
  run(
    db,
    `update subscriptions set cycle = ?3, attempt = 1, due_on = ?4 where subscription_id = ?1 and cycle = ?2`,
    ...[charge.subscriptionId, charge.cycle, charge.cycle + 1, cycleDay(subscription.startedOn, charge.cycle + 1)],
  )
}

/** 다음 시도를 정합니다. 같은 시도를 두 번 적어도 한 번만 셉니다. */
export function recordDeclined(
  db: DatabaseSync,
  { orderId, rejection, today }: { readonly orderId: string; readonly rejection: string; readonly today: Day },
): void {
  const charge = findCharge(db, orderId)
  if (charge === undefined) throw new Error(`no subscription has the order ${orderId}`)
  run(
    db,
    `update charges set state = 'declined', rejection = ? where order_id = ? and state = 'requested'`,
    rejection,
    orderId,
  )
  const { subscriptionId, cycle, attempt } = charge
  const days = retryAfterDays[attempt - 1]
  run(
    db,
    days === undefined
      ? `update subscriptions set state = 'ended' where subscription_id = ?1 and cycle = ?2 and attempt = ?3`
      : `update subscriptions set attempt = attempt + 1, due_on = ?4
          where subscription_id = ?1 and cycle = ?2 and attempt = ?3`,
    ...[subscriptionId, cycle, attempt, ...(days === undefined ? [] : [addDays(today, days)])],
  )
}

export const recordRefunded = (db: DatabaseSync, orderId: string): void =>
  run(db, `update charges set state = 'refunded' where order_id = ?`, orderId)

function run(db: DatabaseSync, sql: string, ...values: readonly SQLInputValue[]): void {
  db.prepare(sql).run(...values)
}
