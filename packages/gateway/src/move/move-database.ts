import type { Context } from '../context.ts'
import { migrate, requireMigrated } from '../storage/migrate.ts'
import { CommitUnknownError, type Reader, type Storage } from '../storage/storage.ts'
import { type Moved, MoveRejectedError, type MoveStep, movedTables } from './model.ts'
import {
  beginMove,
  describeTable,
  endOfMove,
  insertRows,
  type Key,
  keyOf,
  type MovedTable,
  readProgress,
  recordEnd,
  recordMoved,
  rowsAfter,
  rowsLike,
} from './store.ts'

export interface MoveContext extends Pick<Context, 'runtime'> {
  /** No gateway writes to it. */
  readonly source: Reader
  readonly target: Storage
  /** Of one transaction. */
  readonly rowsAtOnce?: number
  onStep(step: MoveStep): void
}

const usualRowsAtOnce = 1_000
const mostUnknownCommits = 20

/**
 * Copies every row into an empty database, then compares both row by row. Each batch is one transaction with its
 * progress, so that it may be killed at any moment: the next call continues. `undefined`: an earlier call has moved
 * everything.
 *
 * @throws MoveRejectedError for a target that is not empty, or differs from the source at the end
 */
export async function moveDatabase(context: MoveContext): Promise<Moved | undefined> {
  const { source, target, runtime, onStep } = context
  await requireMigrated(source)
  await migrate(target)
  const known = await readProgress(target)
  if (endOfMove(known) !== undefined) return undefined
  onStep({ step: known.size === 0 ? 'began' : 'continues' })
  if (known.size === 0) await beginMove(target)
  const startedAt = runtime.now().getTime()
  const copied = await inGroups((table) => copyTable(context, table))
  const copyMs = runtime.now().getTime() - startedAt
  const rows = await inGroups((table) => compareTable(context, table))
  return { rows, copied: sumOf(copied), copyMs }
}

/** Gateways may start on the target from now on. */
export async function endMove({ target, runtime }: Pick<MoveContext, 'target' | 'runtime'>): Promise<void> {
  await target.transact((transaction) => recordEnd(transaction, runtime.now()))
}

const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

async function inGroups(work: (table: string) => Promise<number>): Promise<Readonly<Record<string, number>>> {
  const counts = await Promise.all(
    movedTables.map(async (group) => {
      const done: [string, number][] = []
      for (const table of group) done.push([table, await work(table)])
      return done
    }),
  )
  return Object.fromEntries(counts.flat())
}

/** The number of rows that this call has copied. */
async function copyTable(
  { source, target, rowsAtOnce = usualRowsAtOnce, onStep }: MoveContext,
  name: string,
): Promise<number> {
  const table = await describeTable(source, name)
  let [copied, unknown] = [0, 0]
  for (;;) {
    // Read again each time, so that a commit whose answer was lost is neither repeated nor left out.
    const { lastKey = '', rows: before = 0 } = (await readProgress(target)).get(name) ?? {}
    const after = lastKey === '' ? undefined : (JSON.parse(lastKey) as Key)
    const rows = await rowsAfter(source, table, { after, limit: rowsAtOnce })
    const last = rows.at(-1)
    if (last === undefined) return copied
    try {
      await target.transact(async (transaction) => {
        await recordMoved(transaction, name, {
          from: lastKey,
          to: JSON.stringify(keyOf(table, last)),
          rows: rows.length,
        })
        await insertRows(transaction, table, rows)
      })
    } catch (cause) {
      if (!(cause instanceof CommitUnknownError) || ++unknown > mostUnknownCommits) throw cause
      continue
    }
    copied += rows.length
    onStep({ step: 'copying', table: name, rows: before + rows.length })
  }
}

/** The number of rows, which are the same in both. */
async function compareTable(
  { source, target, rowsAtOnce = usualRowsAtOnce, onStep }: MoveContext,
  name: string,
): Promise<number> {
  const table = await describeTable(source, name)
  const columns = Object.keys(table.columns)
  let compared = 0
  for (let after: Key | undefined; ; ) {
    const rows = await rowsAfter(source, table, { after, limit: rowsAtOnce })
    const last = rows.at(-1)
    if (last === undefined) break
    const there = new Map((await rowsLike(target, table, rows)).map((row) => [JSON.stringify(keyOf(table, row)), row]))
    for (const row of rows) {
      const key = JSON.stringify(keyOf(table, row))
      const other = there.get(key)
      if (!columns.every((column) => row[column] === other?.[column])) throw differs(table, key)
    }
    compared += rows.length
    after = keyOf(table, last)
    onStep({ step: 'comparing', table: name, rows: compared })
  }
  const moved = (await readProgress(target)).get(name)?.rows
  if (moved !== compared) throw differs(table, `${moved} ≠ ${compared}`)
  return compared
}

const differs = ({ table }: MovedTable, what: string): MoveRejectedError =>
  new MoveRejectedError(
    `${table} ${what}: 원본과 대상이 다릅니다. 옮기는 사이에 원본이 바뀌었습니다. 대상을 비우고 다시 옮기세요. Source and target differ: the source has changed meanwhile. Empty the target and move again.`,
  )
