import type { Context } from '../context.ts'
import { type CountRow, type WaitingRows, waitingRowsOf } from '../storage/storage.ts'
import {
  type AttemptResult,
  findTargetProblems,
  mostIntervalMinutes,
  type NotificationReference,
  type NotificationState,
  type NotificationSummary,
  type NotificationTarget,
  NotificationTargetError,
  type NotifiedState,
  notificationStates,
} from './model.ts'
import { type NotificationRow, referenceOf, signingKeys, summaryOf, type TargetRow, targetOf } from './row.ts'

type Store = Pick<Context, 'storage' | 'keyRing'>

export const notificationColumns = {
  transaction_id: 'text',
  sequence: 'integer',
  merchant_id: 'text',
  notified_state: 'text',
  at: 'integer',
  body_encrypted: 'text',
} as const

/**
 * The notices of `changed`, where a row has one. They commit with the payment's move, in its transaction: a notice is neither lost nor invented.
 * `wakeDelivery` once it is durable spares the notice the wait for the next look. Behind another of its payment that waits it is
 * due when that is: what cannot go out yet is not looked at again and again.
 */
export const enqueueNotifications = `insert into notifications
    (transaction_id, sequence, merchant_id, payment_state, enqueued_at, body_encrypted, next_attempt_at, state)
  select transaction_id, sequence, changed.merchant_id, notified_state, at, body_encrypted,
    coalesce((select max(earlier.next_attempt_at) from notifications as earlier
      where earlier.transaction_id = changed.transaction_id and coalesce(earlier.state, '') = 'waiting'), at),
    case when notification_targets.merchant_id is null then 'unaddressed' else 'waiting' end
  from changed left join notification_targets on notification_targets.merchant_id = changed.merchant_id
  where notified_state is not null`

/** A notice that nobody else delivers until `claimedUntil`. */
export interface ClaimedNotification extends NotificationReference {
  readonly merchantId: string
  readonly paymentState: NotifiedState
  /** Undefined when its form is that of the payment's answer. */
  readonly encryptedFields: string | undefined
  /** How often it has been tried before. */
  readonly attempts: number
  readonly claimedUntil: Date
}

/** Beyond what clocks of several gateways differ by, and any claim lasts. */
const clockToleranceMs = 5 * 60_000

/** A claim until later than this was made while a clock ran ahead: it counts as none, else the notice would wait for that date. */
const latestClaim = (now: Date): number => now.getTime() + clockToleranceMs

/** An attempt is due later than this only by a clock that ran ahead. */
const latestAttempt = (now: Date): number => now.getTime() + mostIntervalMinutes * 60_000 + clockToleranceMs

export interface Claim {
  readonly now: Date
  readonly until: Date
  readonly limit: number
  /** Merchants that have enough of this process already. */
  readonly except: readonly string[]
}

/**
 * Takes due notices: of each payment only the earliest that waits, and none while another of that payment is under way. What a
 * crashed process had claimed is due again when its claim has run out. They are chosen once, before any is claimed: PostgreSQL may run a
 * subquery again for every row, would skip what it has claimed itself, and go beyond the limit. The others of the payment are counted, and
 * their state is an expression: PostgreSQL, which may not know yet how many wait, would join all that wait to each, or walk along their index.
 */
export async function claimNotifications(
  { storage }: Pick<Context, 'storage'>,
  { now, until, limit, except }: Claim,
): Promise<readonly ClaimedNotification[]> {
  const claimed = await storage.transact((transaction) =>
    transaction.read<NotificationRow>(
      `with due as materialized (
         select due.transaction_id, due.sequence from notifications as due
         where due.state = 'waiting' and due.next_attempt_at <= ?1
           and (due.claimed_until <= ?1 or due.claimed_until > ?5)
           and (select count(*) from notifications as other
             where other.transaction_id = due.transaction_id and other.sequence <> due.sequence
               and coalesce(other.state, '') = 'waiting'
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

export interface AttemptRecord {
  readonly state: NotificationState
  readonly result: AttemptResult | undefined
  readonly attempts: number
  readonly nextAttemptAt: Date
  readonly deliveredAt: Date | undefined
  readonly endedAt: Date
}

/**
 * Ends the claim. False when it had run out and somebody else has the notice. The later ones of the payment are due when this one
 * is again, or at once when it does not go out any more.
 */
export async function recordAttempt(
  { storage }: Pick<Context, 'storage'>,
  { transactionId, sequence, claimedUntil }: ClaimedNotification,
  { state, result, attempts, nextAttemptAt, deliveredAt, endedAt }: AttemptRecord,
): Promise<boolean> {
  return storage.transact(async (transaction) => {
    const recorded = await transaction.write(
      `update notifications set state = ?4, last_result = coalesce(?5, last_result), attempts = ?6, next_attempt_at = ?7,
         delivered_at = ?8, claimed_until = 0
       where transaction_id = ?1 and sequence = ?2 and state = 'waiting' and claimed_until = ?3`,
      [
        transactionId,
        sequence,
        claimedUntil.getTime(),
        state,
        result ?? null,
        attempts,
        nextAttemptAt.getTime(),
        deliveredAt?.getTime() ?? null,
      ],
    )
    if (recorded !== 1) return false
    // Delivered at once, it has held up none.
    if (state === 'delivered' && attempts === 1) return true
    const dueAt = state === 'waiting' ? nextAttemptAt : endedAt
    await transaction.write(
      `update notifications set next_attempt_at = ?3
       where transaction_id = ?1 and sequence > ?2 and coalesce(state, '') = 'waiting' and claimed_until = 0`,
      [transactionId, sequence, dueAt.getTime()],
    )
    return true
  })
}

interface NextNotification {
  readonly isDue: boolean
  readonly laterAt: Date | undefined
  /** Some are dated so far ahead that a clock must have run ahead: see {@link makeAheadDue}. */
  readonly isAnyAhead: boolean
}

/** Whether a notice is due that nobody has, and when the next later one will be. */
export async function nextNotification({ storage }: Pick<Context, 'storage'>, now: Date): Promise<NextNotification> {
  const [found] = await storage.read<Readonly<Record<'first_at' | 'later_at' | 'last_at', number | null>>>(
    `select
       (select min(next_attempt_at) from notifications
        where state = 'waiting' and (claimed_until <= ?1 or claimed_until > ?2)) as first_at,
       (select min(next_attempt_at) from notifications where state = 'waiting' and next_attempt_at > ?1) as later_at,
       (select max(next_attempt_at) from notifications where state = 'waiting') as last_at`,
    [now.getTime(), latestClaim(now)],
  )
  const { first_at = null, later_at = null, last_at = null } = found ?? {}
  return {
    isDue: first_at !== null && first_at <= now.getTime(),
    laterAt: later_at === null ? undefined : new Date(later_at),
    isAnyAhead: last_at !== null && last_at > latestAttempt(now),
  }
}

/** What was dated by a clock that ran ahead is due now, instead of on that date. */
export const makeAheadDue = ({ storage }: Pick<Context, 'storage'>, now: Date): Promise<number> =>
  storage.transact((transaction) =>
    transaction.write(
      `update notifications set next_attempt_at = ?1 where state = 'waiting' and next_attempt_at > ?2`,
      [now.getTime(), latestAttempt(now)],
    ),
  )

/** How many wait, up to `most`, and since when the oldest of them does; those that are due first are looked at. */
export async function countWaiting({ storage }: Pick<Context, 'storage'>, most: number): Promise<WaitingRows> {
  const counted = await storage.read<CountRow>(
    `select count(*) as count, min(enqueued_at) as oldest
     from (select enqueued_at from notifications where state = 'waiting'
           order by next_attempt_at, transaction_id, sequence limit ?1) as waiting`,
    [most],
  )
  return waitingRowsOf(counted)
}

/**
 * Due now, with all its attempts again when it had ended. False for what is under way at the moment or does not exist.
 */
export async function makeDue(
  { storage }: Pick<Context, 'storage'>,
  { transactionId, sequence }: NotificationReference,
  now: Date,
): Promise<boolean> {
  const changed = await storage.transact((transaction) =>
    transaction.write(
      `update notifications set attempts = case when state = 'waiting' then attempts else 0 end, next_attempt_at = ?3,
         state = 'waiting', delivered_at = null
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
  { storage }: Pick<Context, 'storage'>,
  { limit, state, before }: NotificationSearch,
): Promise<readonly NotificationSummary[]> {
  const { enqueuedAt, transactionId = '', sequence = 0 } = before ?? {}
  const place = [limit, enqueuedAt?.getTime() ?? Number.MAX_SAFE_INTEGER, transactionId, sequence]
  const newest = 'order by enqueued_at desc, transaction_id desc, sequence desc limit ?1'
  // The index is on the expression, and begins with the state (migration 0010): the newest of all are among the newest of each.
  const inState = (wanted: NotificationState): string =>
    `select * from (select * from notifications where state || '' = '${wanted}'
       and (enqueued_at, transaction_id, sequence) < (?2, ?3, ?4) ${newest}) as ${wanted}_notices`
  const states = notificationStates.filter((one) => state === undefined || one === state)
  const rows = await storage.read<NotificationRow>(`${states.map(inState).join(' union all ')} ${newest}`, place)
  return rows.map(summaryOf)
}

/** Of one payment, in the order in which they go out. */
export async function notificationsOf(
  { storage }: Pick<Context, 'storage'>,
  transactionId: string,
): Promise<readonly NotificationSummary[]> {
  const rows = await storage.read<NotificationRow>(
    'select * from notifications where transaction_id = ?1 order by sequence',
    [transactionId],
  )
  return rows.map(summaryOf)
}

/** Where the notices of a merchant go; undefined when it wants none. */
export async function findNotificationTarget(
  { storage, keyRing }: Store,
  merchantId: string,
): Promise<NotificationTarget | undefined> {
  const [row] = await storage.read<TargetRow>('select * from notification_targets where merchant_id = ?1', [merchantId])
  return row === undefined ? undefined : targetOf(keyRing, row)
}

/** Adds the merchant's target or replaces it. Throws {@link NotificationTargetError} for one that nothing could be sent to. */
export async function saveNotificationTarget({ storage, keyRing }: Store, target: NotificationTarget): Promise<void> {
  const problems = findTargetProblems(target)
  if (problems.length > 0) throw new NotificationTargetError(problems)
  const { merchantId, url, charset, intervalMinutes, maxAttempts } = target
  await storage.transact((transaction) =>
    transaction.write(
      `insert into notification_targets
         (merchant_id, url, charset, interval_minutes, max_attempts, webhook_keys_encrypted) values (?1, ?2, ?3, ?4, ?5, ?6)
       on conflict (merchant_id) do update set url = excluded.url, charset = excluded.charset,
         interval_minutes = excluded.interval_minutes, max_attempts = excluded.max_attempts,
         webhook_keys_encrypted = excluded.webhook_keys_encrypted`,
      [merchantId, url, charset, intervalMinutes, maxAttempts, signingKeys(keyRing, target)],
    ),
  )
}

/** What still waits for that merchant has no address from now on. */
export async function removeNotificationTarget({ storage }: Pick<Context, 'storage'>, merchantId: string) {
  await storage.transact(async (transaction) => {
    await transaction.write('delete from notification_targets where merchant_id = ?1', [merchantId])
    await transaction.write(
      `update notifications set state = 'unaddressed' where merchant_id = ?1 and state = 'waiting'`,
      [merchantId],
    )
  })
}
