import type { GivenRow, Reader, Row, Transaction } from '../storage/storage.ts'
import { finishedStates, type PaymentRecord, type Watermark } from './model.ts'

/**
 * The tables of a payment and the order of their rows in an archive. Whole rows are copied, with columns that are added
 * later.
 */
const tables = {
  payment: { table: 'payments', order: 'transaction_id' },
  events: { table: 'payment_events', order: 'transaction_id, sequence' },
  notifications: { table: 'notifications', order: 'transaction_id, sequence' },
  cancellations: { table: 'cancellations', order: 'transaction_id, cancel_sequence' },
} as const

type Part = keyof typeof tables

/** The last payment of a page, in the order of their requests. */
export interface Position {
  readonly requestedAt: number
  readonly transactionId: string
}

export interface Page {
  readonly records: readonly PaymentRecord[]
  /** Undefined after the last page. */
  readonly next: Position | undefined
}

/**
 * Payments that ended before `changedBefore`, in the order of their requests. A page may be shorter than `limit`:
 * payments with a pending refund or notification are left out.
 */
export async function finishedPayments(
  storage: Reader,
  { changedBefore, after, limit }: { readonly changedBefore: Date; readonly after: Position; readonly limit: number },
): Promise<Page> {
  const rows = await storage.read<PaymentRecord['payment'] & { readonly requested_at: number }>(
    `select * from ${tables.payment.table} where (requested_at, transaction_id) > (?1, ?2) and requested_at < ?3
     order by requested_at, transaction_id limit ?4`,
    [after.requestedAt, after.transactionId, changedBefore.getTime(), limit],
  )
  const finished = rows.filter((row) => isFinished(row, changedBefore))
  const records = await withTheirRows(storage, finished, '')
  const last = rows.at(-1)
  return {
    records: records.filter(({ notifications }) => notifications.every(({ state }) => state !== 'pending')),
    next:
      last === undefined || rows.length < limit
        ? undefined
        : { requestedAt: last.requested_at, transactionId: last.transaction_id },
  }
}

/** No refund is pending while all that is reserved for refunds was refunded. */
const isFinished = (row: Row, changedBefore: Date): boolean =>
  finishedStates.some((state) => state === row.state) &&
  Number(row.state_changed_at) < changedBefore.getTime() &&
  row.cancel_reserved_amount === row.cancelled_amount

/** The current rows, locked until the transaction ends; payments that are locked already are skipped. */
export async function lockRecords(
  transaction: Transaction,
  transactionIds: readonly string[],
): Promise<readonly PaymentRecord[]> {
  const payments = await rowsOf<PaymentRecord['payment']>(transaction, 'payment', transactionIds, transaction.lock.skip)
  return withTheirRows(transaction, payments, transaction.lock.wait)
}

async function withTheirRows(
  reader: Reader,
  payments: readonly PaymentRecord['payment'][],
  lock: string,
): Promise<readonly PaymentRecord[]> {
  if (payments.length === 0) return []
  const transactionIds = payments.map(({ transaction_id }) => transaction_id)
  const read = async (part: Part) =>
    Map.groupBy(await rowsOf(reader, part, transactionIds, lock), ({ transaction_id }) => transaction_id)
  const events = await read('events')
  const notifications = await read('notifications')
  const cancellations = await read('cancellations')
  return payments.map((payment) => ({
    payment,
    events: events.get(payment.transaction_id) ?? [],
    notifications: notifications.get(payment.transaction_id) ?? [],
    cancellations: cancellations.get(payment.transaction_id) ?? [],
  }))
}

const these = (reader: Reader): string =>
  `transaction_id in (select transaction_id from ${reader.rows({ transaction_id: 'text' }, '?1')} as given)`

const parameterOf = (transactionIds: readonly string[]): readonly [readonly GivenRow[]] => [
  transactionIds.map((transaction_id) => ({ transaction_id })),
]

const rowsOf = <Found extends Row>(reader: Reader, part: Part, transactionIds: readonly string[], lock: string) =>
  reader.read<Found>(
    `select * from ${tables[part].table} where ${these(reader)} order by ${tables[part].order} ${lock}`,
    parameterOf(transactionIds),
  )

/** Payments and their events in the order of their ids, for a check of the chains. */
export async function recordsAfter(
  reader: Reader,
  after: string,
  limit: number,
): Promise<readonly Pick<PaymentRecord, 'payment' | 'events'>[]> {
  const payments = await reader.read<PaymentRecord['payment']>(
    `select * from ${tables.payment.table} where transaction_id > ?1 order by transaction_id limit ?2`,
    [after, limit],
  )
  return withTheirEvents(reader, payments)
}

/** The same for the payments of that list that exist. */
export const recordsOf = async (reader: Reader, transactionIds: readonly string[]) =>
  withTheirEvents(reader, await rowsOf<PaymentRecord['payment']>(reader, 'payment', transactionIds, ''))

async function withTheirEvents(reader: Reader, payments: readonly PaymentRecord['payment'][]) {
  if (payments.length === 0) return []
  const ids = payments.map(({ transaction_id }) => transaction_id)
  const events = Map.groupBy(await rowsOf(reader, 'events', ids, ''), ({ transaction_id }) => transaction_id)
  return payments.map((payment) => ({ payment, events: events.get(payment.transaction_id) ?? [] }))
}

/** Deletes the payments with all their rows. */
export async function deletePayments(transaction: Transaction, transactionIds: readonly string[]): Promise<void> {
  if (transactionIds.length === 0) return
  const whole = [...Object.values(tables).map(({ table }) => table), 'window_sessions']
  for (const table of whole.toReversed())
    await transaction.write(`delete from ${table} where ${these(transaction)}`, parameterOf(transactionIds))
}

/** One archive: `writing` until its file is durable, `written` while its payments are deleted, `done`. */
export interface Archive {
  readonly fileName: string
  readonly changedBefore: Date
  readonly state: 'writing' | 'written'
}

type ArchiveRow = Row & {
  readonly file_name: string
  readonly changed_before: number
  readonly state: Archive['state']
  readonly holder: string
  readonly held_until: number
}

export interface Hold {
  /** A random name of the process that works on the archive. */
  readonly holder: string
  readonly now: Date
  readonly until: Date
}

/**
 * Claims the unfinished archive, or else a new one. `heldUntil`: another process has the claim, and may have died with
 * it.
 */
export async function claimArchive(
  transaction: Transaction,
  wanted: Pick<Archive, 'fileName' | 'changedBefore'>,
  { holder, now, until }: Hold,
): Promise<Archive | { readonly heldUntil: Date; readonly holder: string }> {
  const [open] = await transaction.read<ArchiveRow>(`select * from archives where is_open = 1 ${transaction.lock.wait}`)
  if (open !== undefined) {
    if (open.holder !== holder && isHeld(open.held_until, { now, until }))
      return { heldUntil: new Date(open.held_until), holder: open.holder }
    await transaction.write('update archives set holder = ?2, held_until = ?3 where file_name = ?1', [
      open.file_name,
      holder,
      until.getTime(),
    ])
    return { fileName: open.file_name, changedBefore: new Date(open.changed_before), state: open.state }
  }
  await transaction.write(
    `insert into archives (file_name, changed_before, state, is_open, holder, held_until, started_at)
     values (?1, ?2, 'writing', 1, ?3, ?4, ?5)`,
    [wanted.fileName, wanted.changedBefore.getTime(), holder, until.getTime(), now.getTime()],
  )
  return { ...wanted, state: 'writing' }
}

/** A claim that lasts far longer than usual was made while a clock ran ahead, and is ignored. */
const isHeld = (heldUntil: number, { now, until }: Pick<Hold, 'now' | 'until'>): boolean =>
  heldUntil > now.getTime() && heldUntil - now.getTime() <= 10 * (until.getTime() - now.getTime())

/** Extends the claim; false when it had expired and another process has the archive. */
export async function keepHold(transaction: Transaction, fileName: string, { holder, until }: Hold): Promise<boolean> {
  const kept = await transaction.write(
    'update archives set held_until = ?3 where file_name = ?1 and holder = ?2 and is_open = 1',
    [fileName, holder, until.getTime()],
  )
  return kept === 1
}

/** The file is durable: its payments may be deleted from now on. */
export async function recordWritten(
  transaction: Transaction,
  fileName: string,
  { payments, digest }: { readonly payments: number; readonly digest: string },
): Promise<void> {
  await transaction.write(`update archives set state = 'written', payments = ?2, digest = ?3 where file_name = ?1`, [
    fileName,
    payments,
    digest,
  ])
}

export async function recordDone(transaction: Transaction, fileName: string, endedAt: Date): Promise<void> {
  await transaction.write(`update archives set state = 'done', is_open = null, ended_at = ?2 where file_name = ?1`, [
    fileName,
    endedAt.getTime(),
  ])
}

/** For an archive that would be empty. */
export async function forgetArchive(transaction: Transaction, fileName: string): Promise<void> {
  await transaction.write(`delete from archives where file_name = ?1 and state = 'writing'`, [fileName])
}

export async function readWatermark({ storage }: { readonly storage: Reader }): Promise<Watermark> {
  const [row] = await storage.read<{
    readonly archived_before: number
    readonly unauthenticated_deleted_before: number
  }>('select archived_before, unauthenticated_deleted_before from archive_watermark')
  return {
    archivedBefore: new Date(row?.archived_before ?? 0),
    unauthenticatedDeletedBefore: new Date(row?.unauthenticated_deleted_before ?? 0),
  }
}

/** Never lowers it. */
export async function raiseWatermark(transaction: Transaction, name: keyof Watermark, time: Date): Promise<void> {
  const column = name === 'archivedBefore' ? 'archived_before' : 'unauthenticated_deleted_before'
  await transaction.write(`update archive_watermark set ${column} = ?1 where ${column} < ?1`, [time.getTime()])
}
