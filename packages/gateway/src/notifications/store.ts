import type { Context } from '../context.ts'
import { type CountRow, type WaitingRows, waitingRowsOf } from '../storage/storage.ts'
import {
  type AttemptResult,
  findTargetProblems,
  maxIntervalMinutes,
  type Notification,
  type NotificationReference,
  type NotificationState,
  type NotificationSummary,
  type NotificationTarget,
  NotificationTargetError,
  notificationStates,
} from './model.ts'
import type { NotificationRow, TargetRow } from './row.ts'
import { encryptShopAnswer, referenceOf, signingKeys, summaryOf, targetOf } from './row.ts'

type Store = Pick<Context, 'storage' | 'keyRing'>

type Database = Pick<Context, 'storage'>

export const notificationColumns = {
  transaction_id: 'text',
  sequence: 'integer',
  merchant_id: 'text',
  notified_state: 'text',
  at: 'integer',
  body_encrypted: 'text',
} as const

/** Not the bare column: planners without statistics would read the whole index of pending notifications. */
const isPending = (table: string): string => `coalesce(${table}.state, '') = 'pending'`

/**
 * The outbox: the notifications of `changed` commit with the payment's transition, in its transaction. One behind an
 * earlier pending notification of its payment is due when that is, so that claims need not look at it before.
 */
export const enqueueNotifications = `insert into notifications
    (transaction_id, sequence, merchant_id, payment_state, enqueued_at, body_encrypted, next_attempt_at, state)
  select transaction_id, sequence, changed.merchant_id, notified_state, at, body_encrypted,
    coalesce((select max(earlier.next_attempt_at) from notifications as earlier
      where earlier.transaction_id = changed.transaction_id and ${isPending('earlier')}), at),
    case when notification_targets.merchant_id is null then 'no_endpoint' else 'pending' end
  from changed left join notification_targets on notification_targets.merchant_id = changed.merchant_id
  where notified_state is not null`

/** Leased to one process until `claimedUntil`. */
export interface ClaimedNotification extends NotificationReference, Pick<Notification, 'merchantId' | 'paymentState'> {
  /** Undefined when the form is the payment's stored answer. */
  readonly encryptedFields: string | undefined
  /** Before this one. */
  readonly attempts: number
  readonly claimedUntil: Date
}

/** Tolerance for clock skew between gateways; longer than a claim lasts. */
const clockToleranceMs = 5 * 60_000

/** A claim beyond this was made by a clock that ran ahead, and does not count. */
const latestClaim = (now: Date): number => now.getTime() + clockToleranceMs

/** The time of an attempt beyond this was also written by a clock that ran ahead. */
const latestAttempt = (now: Date): number => now.getTime() + maxIntervalMinutes * 60_000 + clockToleranceMs

export interface Claim {
  readonly now: Date
  readonly until: Date
  readonly limit: number
  /** Merchants to skip: they have their fair share of this process. */
  readonly except: readonly string[]
}

/**
 * Leases notifications that are due: the earliest pending one of each payment, and none while another of that payment
 * is in flight. The claim of a crashed process expires. `materialized`: PostgreSQL might run a subquery again for each
 * row, and exceed the limit.
 */
export async function claimNotifications(
  { storage }: Database,
  { now, until, limit, except }: Claim,
): Promise<readonly ClaimedNotification[]> {
  const claimed = await storage.transact((transaction) =>
    transaction.read<NotificationRow>(
      `with due as materialized (
         select due.transaction_id, due.sequence from notifications as due
         where due.state = 'pending' and due.next_attempt_at <= ?1
           and (due.claimed_until <= ?1 or due.claimed_until > ?5)
           and (select count(*) from notifications as other
             where other.transaction_id = due.transaction_id and other.sequence <> due.sequence
               and ${isPending('other')}
               and (other.sequence < due.sequence or (other.claimed_until > ?1 and other.claimed_until <= ?5))) = 0
           and due.merchant_id not in (
             select merchant_id from ${transaction.rows({ merchant_id: 'text' }, '?4')} as excluded_merchants)
         order by due.next_attempt_at, due.transaction_id, due.sequence limit ?3 ${transaction.lock.skip})
       update notifications set claimed_until = ?2
       where (transaction_id, sequence) in (select transaction_id, sequence from due)
       returning *`,
      [now.getTime(), until.getTime(), limit, except.map((merchant_id) => ({ merchant_id })), latestClaim(now)],
    ),
  )
  return claimed.map((row) => ({
    ...referenceOf(row),
    merchantId: row.merchant_id,
    paymentState: row.payment_state,
    encryptedFields: row.body_encrypted ?? undefined,
    attempts: row.attempts,
    claimedUntil: until,
  }))
}

interface AttemptRecord extends Pick<NotificationSummary, 'state' | 'attempts' | 'deliveredAt'> {
  readonly result: AttemptResult | undefined
  readonly shopAnswer?: string | undefined
  readonly nextAttemptAt: Date
  readonly endedAt: Date
}

/**
 * Ends the claim by compare-and-set; false when it had expired and another process has claimed the notification. Later
 * ones of the payment are due together with its next attempt, or at once when there is none.
 */
export async function recordAttempt(
  { storage, keyRing }: Store,
  { transactionId, sequence, claimedUntil }: ClaimedNotification,
  { state, result, shopAnswer, attempts, nextAttemptAt, deliveredAt, endedAt }: AttemptRecord,
): Promise<boolean> {
  return storage.transact(async (transaction) => {
    const recorded = await transaction.write(
      `update notifications set state = ?4, last_result = coalesce(?5, last_result), attempts = ?6, next_attempt_at = ?7,
         delivered_at = ?8, shop_answer_encrypted = ?9, claimed_until = 0
       where transaction_id = ?1 and sequence = ?2 and state = 'pending' and claimed_until = ?3`,
      [
        transactionId,
        sequence,
        claimedUntil.getTime(),
        state,
        result ?? null,
        attempts,
        nextAttemptAt.getTime(),
        deliveredAt?.getTime() ?? null,
        shopAnswer === undefined ? null : encryptShopAnswer(keyRing, { transactionId, sequence }, shopAnswer),
      ],
    )
    if (recorded !== 1) return false
    // The first attempt delays no other.
    if (state === 'delivered' && attempts === 1) return true
    const dueAt = state === 'pending' ? nextAttemptAt : endedAt
    await transaction.write(
      `update notifications set next_attempt_at = ?3
       where transaction_id = ?1 and sequence > ?2 and ${isPending('notifications')} and claimed_until = 0`,
      [transactionId, sequence, dueAt.getTime()],
    )
    return true
  })
}

interface NextNotification {
  readonly isDue: boolean
  readonly laterAt: Date | undefined
  /** A clock that ran ahead has dated some: see {@link rescheduleFarFuture}. */
  readonly isAnyFarFuture: boolean
}

/** Whether an unclaimed notification is due, and when the next one will be. */
export async function nextNotification({ storage }: Database, now: Date): Promise<NextNotification> {
  const [found] = await storage.read<Readonly<Record<'first_at' | 'later_at' | 'last_at', number | null>>>(
    `select
       (select min(next_attempt_at) from notifications
        where state = 'pending' and (claimed_until <= ?1 or claimed_until > ?2)) as first_at,
       (select min(next_attempt_at) from notifications where state = 'pending' and next_attempt_at > ?1) as later_at,
       (select max(next_attempt_at) from notifications where state = 'pending') as last_at`,
    [now.getTime(), latestClaim(now)],
  )
  const { first_at = null, later_at = null, last_at = null } = found ?? {}
  return {
    isDue: first_at !== null && first_at <= now.getTime(),
    laterAt: later_at === null ? undefined : new Date(later_at),
    isAnyFarFuture: last_at !== null && last_at > latestAttempt(now),
  }
}

/** Makes due what a clock that ran ahead has dated far into the future. */
export const rescheduleFarFuture = ({ storage }: Database, now: Date): Promise<number> =>
  storage.transact((transaction) =>
    transaction.write(
      `update notifications set next_attempt_at = ?1 where state = 'pending' and next_attempt_at > ?2`,
      [now.getTime(), latestAttempt(now)],
    ),
  )

/** The first `most` pending notifications, and the time of the oldest. */
export async function countPending({ storage }: Database, most: number): Promise<WaitingRows> {
  const counted = await storage.read<CountRow>(
    `select count(*) as count, min(enqueued_at) as oldest
     from (select enqueued_at from notifications where state = 'pending'
           order by next_attempt_at, transaction_id, sequence limit ?1) as pending`,
    [most],
  )
  return waitingRowsOf(counted)
}

/** Due now, with all its attempts again when it had ended. False while it is in flight. */
export async function requeueNotification(
  { storage }: Database,
  { transactionId, sequence }: NotificationReference,
  now: Date,
): Promise<boolean> {
  const changed = await storage.transact((transaction) =>
    transaction.write(
      `update notifications set attempts = case when state = 'pending' then attempts else 0 end, next_attempt_at = ?3,
         state = 'pending', delivered_at = null
       where transaction_id = ?1 and sequence = ?2 and claimed_until <= ?3`,
      [transactionId, sequence, now.getTime()],
    ),
  )
  return changed === 1
}

export interface NotificationSearch {
  readonly limit: number
  readonly state?: NotificationState | undefined
  /** The last entry of the page before. */
  readonly before?: (NotificationReference & Pick<NotificationSummary, 'enqueuedAt'>) | undefined
}

/** Newest first. */
export async function listNotifications(
  { storage, keyRing }: Store,
  { limit, state, before }: NotificationSearch,
): Promise<readonly NotificationSummary[]> {
  const { enqueuedAt, transactionId = '', sequence = 0 } = before ?? {}
  const place = [limit, enqueuedAt?.getTime() ?? Number.MAX_SAFE_INTEGER, transactionId, sequence]
  const newest = 'order by enqueued_at desc, transaction_id desc, sequence desc limit ?1'
  // The index is on `state || ''` (migration 0010). The newest of all are among the newest of each state.
  const inState = (wanted: NotificationState): string =>
    `select * from (select * from notifications where state || '' = '${wanted}'
       and (enqueued_at, transaction_id, sequence) < (?2, ?3, ?4) ${newest}) as ${wanted}_notifications`
  const states = notificationStates.filter((one) => state === undefined || one === state)
  const rows = await storage.read<NotificationRow>(`${states.map(inState).join(' union all ')} ${newest}`, place)
  return rows.map((row) => summaryOf(keyRing, row))
}

/** In the order of their delivery. */
export async function notificationsOf(
  { storage, keyRing }: Store,
  transactionId: string,
): Promise<readonly NotificationSummary[]> {
  const rows = await storage.read<NotificationRow>(
    'select * from notifications where transaction_id = ?1 order by sequence',
    [transactionId],
  )
  return rows.map((row) => summaryOf(keyRing, row))
}

export async function findNotificationTarget(
  { storage, keyRing }: Store,
  merchantId: string,
): Promise<NotificationTarget | undefined> {
  const [row] = await storage.read<TargetRow>('select * from notification_targets where merchant_id = ?1', [merchantId])
  return row === undefined ? undefined : targetOf(keyRing, row)
}

/** Inserts or replaces the merchant's target. Throws {@link NotificationTargetError}. */
export async function saveNotificationTarget({ storage, keyRing }: Store, target: NotificationTarget): Promise<void> {
  const problems = findTargetProblems(target)
  if (problems.length > 0) throw new NotificationTargetError(problems)
  const { merchantId, url, charset, fieldNames = 'current', intervalMinutes, maxAttempts } = target
  await storage.transact((transaction) =>
    transaction.write(
      `insert into notification_targets
         (merchant_id, url, charset, interval_minutes, max_attempts, webhook_keys_encrypted, field_names)
       values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
       on conflict (merchant_id) do update set url = excluded.url, charset = excluded.charset,
         interval_minutes = excluded.interval_minutes, max_attempts = excluded.max_attempts,
         webhook_keys_encrypted = excluded.webhook_keys_encrypted, field_names = excluded.field_names`,
      [merchantId, url, charset, intervalMinutes, maxAttempts, signingKeys(keyRing, target), fieldNames],
    ),
  )
}

/** Pending notifications of the merchant become `no_endpoint`. */
export async function removeNotificationTarget({ storage }: Database, merchantId: string) {
  await storage.transact(async (transaction) => {
    await transaction.write('delete from notification_targets where merchant_id = ?1', [merchantId])
    await transaction.write(
      `update notifications set state = 'no_endpoint' where merchant_id = ?1 and state = 'pending'`,
      [merchantId],
    )
  })
}
