import type { Context } from '../context.ts'
import type { KeyRing } from '../keyring.ts'
import { type CountRow, type Reader, type Transaction, type WaitingRows, waitingRowsOf } from '../storage/storage.ts'
import type { Cancellation, CancellationKey } from './model.ts'

type CancellationRow = {
  readonly transaction_id: string
  readonly cancel_sequence: number
  readonly merchant_id: string
  readonly amount: number
  readonly scope: Cancellation['scope']
  readonly state: Cancellation['state']
  readonly partial_transaction_id: string | null
  readonly cancel_number: string
  readonly requested_at: number
  readonly answer_encrypted: string | null
}

interface Store {
  readonly storage: Reader
  readonly keyRing: KeyRing
}

export async function findCancellation(
  { storage, keyRing }: Store,
  { transactionId, cancelSequence }: CancellationKey,
): Promise<Cancellation | undefined> {
  const sql = 'select * from cancellations where transaction_id = ?1 and cancel_sequence = ?2'
  const [row] = await storage.read<CancellationRow>(sql, [transactionId, cancelSequence])
  return row && cancellationOf(keyRing, row)
}

/** In the order of their sequences. */
export async function cancellationsOf(
  { storage, keyRing }: Store,
  transactionId: string,
): Promise<readonly Cancellation[]> {
  const sql = 'select * from cancellations where transaction_id = ?1 order by cancel_sequence'
  const rows = await storage.read<CancellationRow>(sql, [transactionId])
  return rows.map((row) => cancellationOf(keyRing, row))
}

/** False when the sequence, or the transaction id of the part, exists already. */
export async function insertCancellation(transaction: Transaction, cancellation: Cancellation): Promise<boolean> {
  const { transactionId, cancelSequence, merchantId, amount, scope, cancelNumber } = cancellation
  const [partId, at] = [cancellation.partialTransactionId ?? null, cancellation.requestedAt.getTime()]
  const inserted = await transaction.write(
    `insert into cancellations (transaction_id, cancel_sequence, merchant_id, amount, scope, state,
       partial_transaction_id, cancel_number, requested_at, last_asked_at)
     values (?1, ?2, ?3, ?4, ?5, 'asking', ?6, ?7, ?8, ?8) on conflict do nothing`,
    [transactionId, cancelSequence, merchantId, amount, scope, partId, cancelNumber, at],
  )
  return inserted === 1
}

/** Compare-and-set: false when the outcome was recorded before. */
export async function recordCancellationOutcome(
  transaction: Transaction,
  keyRing: KeyRing,
  finished: CancellationKey & {
    readonly state: 'cancelled' | 'declined'
    readonly answer: string
    readonly at: Date
    readonly cancelledAt: Date | undefined
  },
): Promise<boolean> {
  const { transactionId, cancelSequence, state, answer, at, cancelledAt } = finished
  const encrypted = keyRing.encrypt(answer, answerContext(finished))
  const changed = await transaction.write(
    `update cancellations set state = ?3, answer_encrypted = ?4, answered_at = ?5, cancelled_at = ?6
     where transaction_id = ?1 and cancel_sequence = ?2 and state = 'asking'`,
    [transactionId, cancelSequence, state, encrypted, at.getTime(), cancelledAt?.getTime() ?? null],
  )
  return changed === 1
}

interface Indeterminate {
  readonly at: Date
  readonly askedBefore: Date
  readonly markedBefore: Date
  readonly limit: number
}

/**
 * Claims refunds without an outcome, by marking them as asked about now: those first that were asked about longest ago.
 * A mark after `askedBefore` may be of a call in progress. One after `markedBefore` was made by a clock that ran ahead,
 * and is reset.
 */
export async function claimIndeterminateCancellations(
  { storage, keyRing }: Pick<Context, 'storage' | 'keyRing'>,
  { at, askedBefore, markedBefore, limit }: Indeterminate,
): Promise<readonly Cancellation[]> {
  // Most rounds find none, and write nothing.
  const some = await storage.read(`select 1 from cancellations where state = 'asking' order by last_asked_at limit 1`)
  if (some.length === 0) return []
  const rows = await storage.transact(async (transaction) => {
    const reset = `update cancellations set last_asked_at = 0 where state = 'asking' and last_asked_at > ?1`
    await transaction.write(reset, [markedBefore.getTime()])
    return transaction.read<CancellationRow>(
      `with indeterminate as materialized (
         select transaction_id, cancel_sequence from cancellations where state = 'asking' and last_asked_at <= ?2
         order by last_asked_at, transaction_id, cancel_sequence limit ?3 ${transaction.lock.skip})
       update cancellations set last_asked_at = ?1
       where (transaction_id, cancel_sequence) in (select transaction_id, cancel_sequence from indeterminate)
       returning *`,
      [at.getTime(), askedBefore.getTime(), limit],
    )
  })
  return rows.map((row) => cancellationOf(keyRing, row))
}

/** Counts at most `most` refunds without an outcome, those asked about longest ago. */
export async function countIndeterminateCancellations(
  { storage }: Pick<Context, 'storage'>,
  most: number,
): Promise<WaitingRows> {
  const counted = await storage.read<CountRow>(
    `select count(*) as count, min(requested_at) as oldest
     from (select requested_at from cancellations where state = 'asking' order by last_asked_at limit ?1) as indeterminate`,
    [most],
  )
  return waitingRowsOf(counted)
}

/** Counts an attempt with the cancel password; undefined after `most` wrong ones in a row. */
export async function countPasswordAttempt(
  transaction: Transaction,
  merchantId: string,
  most: number,
): Promise<number | undefined> {
  const [counted] = await transaction.read<{ readonly failed_attempts: number }>(
    `insert into cancel_password_attempts (merchant_id, failed_attempts) values (?1, 1)
     on conflict (merchant_id) do update set failed_attempts = cancel_password_attempts.failed_attempts + 1
       where cancel_password_attempts.failed_attempts < ?2
     returning failed_attempts`,
    [merchantId, most],
  )
  return counted?.failed_attempts
}

/** The merchants with at least that many wrong attempts in a row. */
export async function merchantsWithAttempts(
  { storage }: { readonly storage: Reader },
  atLeast: number,
): Promise<readonly string[]> {
  const sql = 'select merchant_id from cancel_password_attempts where failed_attempts >= ?1 order by merchant_id'
  const rows = await storage.read<{ readonly merchant_id: string }>(sql, [atLeast])
  return rows.map(({ merchant_id }) => merchant_id)
}

export const resetPasswordAttempts = (transaction: Transaction, merchantId: string): Promise<number> =>
  transaction.write('delete from cancel_password_attempts where merchant_id = ?1', [merchantId])

const answerContext = ({ transactionId, cancelSequence }: CancellationKey): string =>
  `cancel-answer:${transactionId}:${cancelSequence}`

function cancellationOf(keyRing: KeyRing, row: CancellationRow): Cancellation {
  const key = { transactionId: row.transaction_id, cancelSequence: row.cancel_sequence }
  return {
    ...key,
    merchantId: row.merchant_id,
    amount: row.amount,
    scope: row.scope,
    state: row.state,
    partialTransactionId: row.partial_transaction_id ?? undefined,
    cancelNumber: row.cancel_number,
    requestedAt: new Date(row.requested_at),
    answer: row.answer_encrypted === null ? undefined : keyRing.decrypt(row.answer_encrypted, answerContext(key)),
  }
}
