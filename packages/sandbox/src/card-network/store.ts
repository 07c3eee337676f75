import type { DeclineReason, Row, Storage, Transaction } from '@sspay/gateway'
import type { CancelEntry, LedgerEntry, LedgerTotals, Movement } from './model.ts'

/** The issuers' ledger, in a database of its own. */
export async function openLedger(storage: Storage): Promise<void> {
  await storage.transact(async (transaction) => {
    await transaction.write(`create table if not exists network_entries (
      transaction_id text primary key, amount integer not null, masked_card_number text not null,
      installment_months integer not null, outcome text not null, decline_reason text, approval_number text not null,
      issuer_code text not null, acquirer_code text not null, card_kind text not null, answered_at integer not null,
      reversed_at integer
    )`)
    await transaction.write(`create table if not exists network_cancels (
      transaction_id text not null, cancel_sequence integer not null, cancel_amount integer not null,
      cancel_transaction_id text not null, cancelled_at integer not null, primary key (transaction_id, cancel_sequence)
    )`)
  })
}

const entryColumns = `transaction_id as "transactionId", amount, masked_card_number as "maskedCardNumber",
  installment_months as "installmentMonths", outcome, decline_reason as "declineReason", approval_number as "approvalNumber",
  issuer_code as "issuerCode", acquirer_code as "acquirerCode", card_kind as "cardKind", answered_at as "answeredAt",
  reversed_at as "reversedAt"`

interface EntryRow extends Omit<LedgerEntry, 'declineReason' | 'answeredAt' | 'reversedAt'>, Row {
  readonly declineReason: DeclineReason | null
  readonly answeredAt: number
  readonly reversedAt: number | null
}

const entryFrom = ({ declineReason, answeredAt, reversedAt, ...row }: EntryRow): LedgerEntry => ({
  ...row,
  declineReason: declineReason ?? undefined,
  answeredAt: new Date(answeredAt),
  reversedAt: reversedAt === null ? undefined : new Date(reversedAt),
})

const cancelColumns = `transaction_id as "transactionId", amount, cancel_sequence as "cancelSequence", cancel_amount as "cancelAmount",
  cancel_transaction_id as "cancelTransactionId", cancelled_at as "cancelledAt"`

interface CancelRow extends Omit<CancelEntry, 'cancelledAt'>, Row {
  readonly cancelledAt: number
}

const cancelFrom = ({ cancelledAt, ...row }: CancelRow): CancelEntry => ({ ...row, cancelledAt: new Date(cancelledAt) })

type Reader = Storage | Transaction

/**
 * Idempotent: the first entry of a transaction stays, and is returned. `decide` makes it; `earlier` is the number of
 * other entries of the card `counted`, 0 without one.
 */
export const rememberEntry = (
  storage: Storage,
  { transactionId, counted }: { readonly transactionId: string; readonly counted: string | undefined },
  decide: (earlier: number) => LedgerEntry,
): Promise<LedgerEntry> =>
  storage.transact(async (transaction) => {
    const given = decide(counted === undefined ? 0 : await countEntries(transaction, transactionId, counted))
    await insertEntry(transaction, given)
    return (await findEntry(transaction, transactionId)) ?? given
  })

async function countEntries(transaction: Transaction, transactionId: string, maskedCardNumber: string) {
  const [row] = await transaction.read<Row & { readonly entries: number }>(
    'select count(*) as entries from network_entries where masked_card_number = ?1 and transaction_id <> ?2',
    [maskedCardNumber, transactionId],
  )
  return Number(row?.entries)
}

/** Reverses the charge; one that has not arrived yet is barred. Returns false for another amount. */
export const reverseEntry = (storage: Storage, barred: LedgerEntry): Promise<boolean> =>
  storage.transact(async (transaction) => {
    await insertEntry(transaction, barred)
    await transaction.write(
      `update network_entries set reversed_at = ?2
       where transaction_id = ?1 and amount = ?3 and outcome = 'approved' and reversed_at is null
         and not exists (select 1 from network_cancels where transaction_id = ?1)`,
      [barred.transactionId, barred.answeredAt.getTime(), barred.amount],
    )
    return (await findEntry(transaction, barred.transactionId))?.amount === barred.amount
  })

/** Idempotent per sequence number. `rejected`: more than the remaining charge. */
export const cancelEntry = (storage: Storage, given: CancelEntry): Promise<CancelEntry | 'rejected'> =>
  storage.transact(async (transaction) => {
    const { transactionId, amount, cancelSequence, cancelAmount, cancelTransactionId, cancelledAt } = given
    const known = (await cancelsOf(transaction, transactionId)).find((one) => one.cancelSequence === cancelSequence)
    if (known !== undefined) return known
    const inserted = await transaction.write(
      `insert into network_cancels (transaction_id, cancel_sequence, cancel_amount, cancel_transaction_id, cancelled_at)
       select ?1, ?2, ?3, ?4, ?5 from network_entries
       where transaction_id = ?1 and amount = ?6 and outcome = 'approved' and reversed_at is null and ?3 <= amount - (
         select coalesce(sum(cancel_amount), 0) from network_cancels where transaction_id = ?1)`,
      [transactionId, cancelSequence, cancelAmount, cancelTransactionId, cancelledAt.getTime(), amount],
    )
    return inserted === 1 ? given : 'rejected'
  })

interface MovementRow extends Omit<Movement, 'at'>, Row {
  readonly at: number
}

const movementOf = `approval_number as "approvalNumber", issuer_code as "issuerCode", acquirer_code as "acquirerCode"`

/** The approvals, refunds and reversals of a time, oldest first. */
export async function movementsOf(
  storage: Storage,
  { start, end }: { readonly start: Date; readonly end: Date },
): Promise<readonly Movement[]> {
  const rows = await storage.read<MovementRow>(
    `select 'approval' as kind, transaction_id as "transactionId", transaction_id as "originalTransactionId", amount,
       answered_at as at, ${movementOf}
     from network_entries where outcome = 'approved' and answered_at >= ?1 and answered_at < ?2
     union all
     select 'reversal', transaction_id, transaction_id, amount, reversed_at, ${movementOf}
     from network_entries where reversed_at >= ?1 and reversed_at < ?2
     union all
     select 'refund', cancel_transaction_id, transaction_id, cancel_amount, cancelled_at, ${movementOf}
     from network_cancels join network_entries using (transaction_id)
     where cancelled_at >= ?1 and cancelled_at < ?2
     order by at, "transactionId", kind`,
    [start.getTime(), end.getTime()],
  )
  return rows.map(({ at, ...row }) => ({ ...row, at: new Date(at) }))
}

/** Money movements of every transaction, in won. */
export async function ledgerTotals(storage: Storage): Promise<ReadonlyMap<string, LedgerTotals>> {
  const rows = await storage.read<Row & LedgerTotals & { readonly transactionId: string }>(
    `select transaction_id as "transactionId",
       case when outcome = 'approved' then amount else 0 end as charged,
       case when outcome = 'approved' and reversed_at is not null then amount else 0 end as reversed,
       (select coalesce(sum(cancel_amount), 0) from network_cancels
        where network_cancels.transaction_id = network_entries.transaction_id) as cancelled
     from network_entries`,
  )
  return new Map(rows.map(({ transactionId, ...totals }) => [transactionId, totals]))
}

export async function findEntry(reader: Reader, transactionId: string): Promise<LedgerEntry | undefined> {
  const [row] = await reader.read<EntryRow>(`select ${entryColumns} from network_entries where transaction_id = ?1`, [
    transactionId,
  ])
  return row === undefined ? undefined : entryFrom(row)
}

/** Newest first. */
export async function listEntries(storage: Storage, limit: number): Promise<readonly LedgerEntry[]> {
  const rows = await storage.read<EntryRow>(
    `select ${entryColumns} from network_entries order by answered_at desc, transaction_id desc limit ?1`,
    [limit],
  )
  return rows.map(entryFrom)
}

/** Oldest first. */
async function cancelsOf(reader: Reader, transactionId: string): Promise<readonly CancelEntry[]> {
  const rows = await reader.read<CancelRow>(
    `select ${cancelColumns} from network_cancels join network_entries using (transaction_id)
     where transaction_id = ?1 order by cancelled_at, cancel_sequence`,
    [transactionId],
  )
  return rows.map(cancelFrom)
}

const insertEntry = (transaction: Transaction, entry: LedgerEntry): Promise<number> =>
  transaction.write(
    `insert into network_entries (transaction_id, amount, masked_card_number, installment_months, outcome, decline_reason,
       approval_number, issuer_code, acquirer_code, card_kind, answered_at)
     values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) on conflict do nothing`,
    [
      entry.transactionId,
      entry.amount,
      entry.maskedCardNumber,
      entry.installmentMonths,
      entry.outcome,
      entry.declineReason ?? null,
      entry.approvalNumber,
      entry.issuerCode,
      entry.acquirerCode,
      entry.cardKind,
      entry.answeredAt.getTime(),
    ],
  )

/** One transaction in the issuers' ledger. Amounts in won; times are ISO 8601 in JSON. */
export type Charge = Awaited<ReturnType<typeof chargeOf>>

/** Newest first. */
export async function listCharges(
  storage: Storage,
  { transactionId, limit }: { readonly transactionId: string | undefined; readonly limit: number },
): Promise<readonly Charge[]> {
  if (transactionId === undefined)
    return Promise.all((await listEntries(storage, limit)).map((entry) => chargeOf(storage, entry)))
  const entry = await findEntry(storage, transactionId)
  return entry === undefined ? [] : [await chargeOf(storage, entry)]
}

async function chargeOf(storage: Storage, entry: LedgerEntry) {
  const { issuerCode, acquirerCode, cardKind, ...shown } = entry
  const cancels = (await cancelsOf(storage, entry.transactionId)).map(
    ({ cancelSequence: sequence, cancelAmount: amount, cancelledAt }) => ({ sequence, amount, cancelledAt }),
  )
  const cancelled = cancels.reduce((sum, { amount }) => sum + amount, 0)
  const isCharged = entry.outcome === 'approved' && entry.reversedAt === undefined
  /** `paid`: after reversals and refunds. */
  return { ...shown, cancels, paid: isCharged ? entry.amount - cancelled : 0 }
}
