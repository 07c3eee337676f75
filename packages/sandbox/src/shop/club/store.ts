import type { DatabaseSync, SQLInputValue } from 'node:sqlite'

const schema = `
  create table if not exists club_subscriptions (
    subscription_id text primary key, customer_id text not null, started_at integer not null, state text not null,
    cycle integer not null default 0, attempt integer not null default 1, due_at integer not null,
    bill_key_encrypted text, masked_card_number text not null, rejection text
  ) strict;
  create index if not exists club_subscriptions_due on club_subscriptions (due_at) where state = 'active';
  create index if not exists club_subscriptions_of_customer on club_subscriptions (customer_id, started_at);
  create index if not exists club_keys_to_delete on club_subscriptions (subscription_id)
    where state = 'ended' and bill_key_encrypted is not null;
  create table if not exists club_charges (
    order_id text primary key, subscription_id text not null, cycle integer not null, attempt integer not null,
    requested_at integer not null, state text not null, transaction_id text
  ) strict;
  create unique index if not exists club_charges_paid_once on club_charges (subscription_id, cycle) where state = 'paid';
  create index if not exists club_charges_of_subscription on club_charges (subscription_id, requested_at);
`

export interface Subscription {
  readonly subscriptionId: string
  readonly customerId: string
  /** Milliseconds. */
  readonly startedAt: number
  readonly state: 'active' | 'ended'
  /** The next month to be charged; the first is 0. */
  readonly cycle: number
  /** Of that month. */
  readonly attempt: number
  /** Of that attempt; milliseconds. */
  readonly dueAt: number
  readonly billKeyEncrypted: string | null
  readonly maskedCardNumber: string
  /** Result code of the last declined attempt, until one is approved. */
  readonly rejection: string | null
}

/** An order number is one attempt of one month. */
export interface Charge {
  readonly orderId: string
  readonly subscriptionId: string
  readonly cycle: number
  readonly attempt: number
  readonly requestedAt: number
  readonly state: 'requested' | 'paid' | 'declined' | 'refunded'
  readonly transactionId: string | null
}

const columns = `subscription_id as subscriptionId, customer_id as customerId, started_at as startedAt, state, cycle,
  attempt, due_at as dueAt, bill_key_encrypted as billKeyEncrypted, masked_card_number as maskedCardNumber, rejection`
const chargeColumns = `order_id as orderId, subscription_id as subscriptionId, cycle, attempt,
  requested_at as requestedAt, state, transaction_id as transactionId`

export type ClubStore = ReturnType<typeof createClubStore>

/** Subscriptions and their charges, on the connection of the journal. */
export function createClubStore(db: DatabaseSync) {
  db.exec(schema)
  return { ...subscriptions(db), ...charges(db) }
}

const prepareChange = (db: DatabaseSync, sql: string) => {
  const statement = db.prepare(sql)
  return (...values: readonly SQLInputValue[]): boolean => statement.run(...values).changes === 1
}

function subscriptions(db: DatabaseSync) {
  const select = (where: string) => {
    const statement = db.prepare(`select ${columns} from club_subscriptions where ${where}`)
    return (...values: readonly SQLInputValue[]) => statement.all(...values) as unknown as readonly Subscription[]
  }
  const find = select('subscription_id = ?1')
  const newest = select('customer_id = ?1 order by started_at desc limit 1')
  const due = select(`state = 'active' and due_at <= ?1 order by due_at, subscription_id`)
  const keysToDelete = select(`state = 'ended' and bill_key_encrypted is not null`)
  const start = prepareChange(
    db,
    `insert into club_subscriptions (subscription_id, customer_id, started_at, state, due_at, bill_key_encrypted, masked_card_number)
     values (?1, ?2, ?3, 'active', ?3, ?4, ?5) on conflict do nothing`,
  )
  return {
    find: (subscriptionId: string): Subscription | undefined => find(subscriptionId)[0],
    newestOf: (customerId: string): Subscription | undefined => newest(customerId)[0],
    due: (now: Date): readonly Subscription[] => due(now.getTime()),
    keysToDelete: (): readonly Subscription[] => keysToDelete(),
    /** Idempotent: the first card of a subscription stays. */
    start: (
      given: Pick<
        Subscription,
        'subscriptionId' | 'customerId' | 'startedAt' | 'billKeyEncrypted' | 'maskedCardNumber'
      >,
    ) => start(given.subscriptionId, given.customerId, given.startedAt, given.billKeyEncrypted, given.maskedCardNumber),
    end: prepareChange(db, `update club_subscriptions set state = 'ended' where subscription_id = ?1`),
    forgetKey: prepareChange(db, 'update club_subscriptions set bill_key_encrypted = null where subscription_id = ?1'),
    postpone: prepareChange(db, 'update club_subscriptions set due_at = ?2 where subscription_id = ?1'),
    moveOn: prepareChange(
      db,
      `update club_subscriptions set cycle = cycle + 1, attempt = 1, due_at = ?3, rejection = null
       where subscription_id = ?1 and cycle = ?2`,
    ),
    /** Compare-and-set: the same decline counts once. Without `due_at` it was the last attempt. */
    recordDeclined: prepareChange(
      db,
      `update club_subscriptions set attempt = attempt + 1, due_at = coalesce(?4, due_at), rejection = ?5,
         state = iif(?4 is null, 'ended', state)
       where subscription_id = ?1 and cycle = ?2 and attempt = ?3`,
    ),
  }
}

function charges(db: DatabaseSync) {
  const request = prepareChange(
    db,
    `insert into club_charges (order_id, subscription_id, cycle, attempt, requested_at, state)
     values (?1, ?2, ?3, ?4, ?5, 'requested') on conflict do nothing`,
  )
  const select = db.prepare(`select ${chargeColumns} from club_charges where order_id = ?1`)
  const selectAll = db.prepare(
    `select ${chargeColumns} from club_charges where subscription_id = ?1 order by cycle desc, attempt desc limit 12`,
  )
  return {
    requestCharge: ({
      orderId,
      subscriptionId,
      cycle,
      attempt,
      requestedAt,
    }: Omit<Charge, 'state' | 'transactionId'>) => request(orderId, subscriptionId, cycle, attempt, requestedAt),
    findCharge: (orderId: string) => select.get(orderId) as Charge | undefined,
    chargesOf: (subscriptionId: string) => selectAll.all(subscriptionId) as unknown as readonly Charge[],
    pay: prepareChange(db, `update club_charges set state = 'paid', transaction_id = ?2 where order_id = ?1`),
    closeCharge: prepareChange(db, 'update club_charges set state = ?2 where order_id = ?1'),
  }
}
