import { type KoreanDay, koreanDayOf } from '@sspay/protocol/internal'
import type { Reader } from '../storage/storage.ts'
import {
  type Compared,
  compareMatched,
  type Difference,
  describeThere,
  judgeUnmatched,
  missingThere,
  type There,
} from './compare.ts'
import { addEntry, noTotals, type Totals } from './model.ts'
import type { FileKind, FileRow } from './read-acquirer-file.ts'
import { createSorter, type SortedText, type Sorter } from './sorted/store.ts'
import { type EntryFilter, findKnownPayments, findKnownRefunds, type KnownRow, readEntries } from './store.ts'

export interface Reconciliation {
  readonly day: KoreanDay
  readonly filter: EntryFilter
  readonly rows: AsyncIterable<FileRow>
  onProgress(step: 'here' | 'there', rows: number): void
}

export interface ReconciledTotals {
  readonly here: Totals
  readonly there: Totals
}

interface Staged extends Compared {
  /** Absent: here. */
  readonly line?: number
}

/** Each batch is one commit of the sorted file. */
const rowsPerBatch = 10_000

const lookedUpAtOnce = 1_000

/**
 * Compares the approvals and refunds of the day with the rows of a file, in memory that does not grow with either:
 * both go into one sorted file, in which the rows of a payment stand together.
 */
export async function* reconcile(
  storage: Reader,
  { day, filter, rows, onProgress }: Reconciliation,
): AsyncGenerator<Difference, ReconciledTotals> {
  await using sorter = await createSorter()
  const here = await stage(sorter, ownRows(storage, day, filter), (count) => onProgress('here', count))
  const there = await stage(sorter, rows, (count) => onProgress('there', count))
  let pending: Unmatched[] = []
  for await (const found of compareGroups(sorter, day)) {
    if ('class' in found) yield found
    else pending.push(found)
    if (pending.length >= lookedUpAtOnce) {
      yield* await judge(storage, pending, day)
      pending = []
    }
  }
  yield* await judge(storage, pending, day)
  return { here, there }
}

/** Reversals are not staged: whether the card network ever charged a reversed payment is known to the file alone. */
async function* ownRows(storage: Reader, day: KoreanDay, filter: EntryFilter): AsyncGenerator<Staged> {
  for await (const { kind, transactionId, amount, at } of readEntries(storage, day, filter))
    if (kind === 'approval' || kind === 'refund') yield { kind, transactionId, amount, day: koreanDayOf(at) }
}

async function stage(sorter: Sorter, rows: AsyncIterable<Staged>, onBatch: (count: number) => void): Promise<Totals> {
  let totals = noTotals
  let count = 0
  let batch: SortedText[] = []
  const write = async (): Promise<void> => {
    if (batch.length > 0) await sorter.add(batch)
    count += batch.length
    batch = []
    onBatch(count)
  }
  for await (const row of rows) {
    totals = addEntry(totals, row)
    batch.push({ key: keyOf(row), text: JSON.stringify(row) })
    if (batch.length >= rowsPerBatch) await write()
  }
  await write()
  return totals
}

/** By payment, own rows first, then in the order of the file. */
const keyOf = ({ transactionId, kind, line }: Staged): string =>
  `${transactionId}\t${line === undefined ? 0 : 1}\t${String(line ?? 0).padStart(12, '0')}\t${kind}`

interface Unmatched {
  readonly row: There
  readonly isReversedThere: boolean
}

async function* compareGroups(sorter: Sorter, day: KoreanDay): AsyncGenerator<Difference | Unmatched> {
  let current: string | undefined
  let here = new Map<FileKind, Staged>()
  let there = new Map<FileKind, There>()
  function* endGroup(): Generator<Difference | Unmatched> {
    for (const row of there.values()) {
      const own = here.get(row.kind)
      if (own === undefined) yield { row, isReversedThere: there.has('reversal') }
      else yield* compareMatched(own, row, day)
    }
    for (const own of here.values()) if (!there.has(own.kind)) yield missingThere(own)
  }
  for await (const { text } of sorter.read()) {
    const row = JSON.parse(text) as Staged
    if (row.transactionId !== current) {
      yield* endGroup()
      current = row.transactionId
      here = new Map()
      there = new Map()
    }
    if (row.line === undefined) here.set(row.kind, row)
    else if (there.has(row.kind)) yield { ...describeThere({ ...row, line: row.line }), class: 'doubled' }
    else there.set(row.kind, { ...row, line: row.line })
  }
  yield* endGroup()
}

async function judge(storage: Reader, unmatched: readonly Unmatched[], day: KoreanDay): Promise<readonly Difference[]> {
  if (unmatched.length === 0) return []
  const idsOf = (isRefund: boolean): readonly string[] => [
    ...new Set(unmatched.filter(({ row }) => (row.kind === 'refund') === isRefund).map(({ row }) => row.transactionId)),
  ]
  const byId = (rows: readonly KnownRow[]) => new Map(rows.map((row) => [row.id, row]))
  const payments = byId(await findKnownPayments(storage, idsOf(false)))
  const refunds = byId(await findKnownRefunds(storage, idsOf(true)))
  return unmatched.flatMap(({ row, isReversedThere }) => {
    const found = (row.kind === 'refund' ? refunds : payments).get(row.transactionId)
    const known = found && {
      amount: found.amount,
      state: found.state,
      at: found.at === null ? undefined : new Date(found.at),
    }
    return judgeUnmatched(row, known, { day, isReversedThere })
  })
}
