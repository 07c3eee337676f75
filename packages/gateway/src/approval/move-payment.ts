import type { Context } from '../context.ts'
import { enqueueNotices } from '../notifications/store.ts'
import { wakeDelivery } from '../notifications/wake.ts'
import { collect } from '../storage/batch.ts'
import { perStorage } from '../storage/per-storage.ts'
import type { Transaction } from '../storage/storage.ts'
import type { ChainHead } from './model.ts'
import { chained, type Move, type MoveRow, moveRowOf, noticesOf, standingOf } from './move.ts'
import { appendEvents, moveStates, readStandings } from './store.ts'

type Store = Pick<Context, 'storage' | 'keyRing'>

const moverOf = perStorage((store: Store) =>
  collect<MoveRow, ChainHead | undefined>((rows) => moveAll(store, rows), store.storage.lanes),
)

/**
 * Moves the payment when it still is in `from`, appends the event and, where the shop must hear of it, the notice, in one
 * transaction. Gives the head of its chain then, undefined when somebody else moved it first. Moves that wait together share their statements.
 */
export const movePayment = (store: Store, move: Move): Promise<ChainHead | undefined> =>
  moverOf(store)(moveRowOf(store.keyRing, move))

async function moveAll(
  { storage, keyRing }: Store,
  rows: readonly MoveRow[],
): Promise<readonly (ChainHead | undefined)[]> {
  const firstMoves = new Map(rows.toReversed().map((row) => [row.transaction_id, row]))
  const moved = await storage.transact((transaction) => applyMoves(transaction, keyRing, firstMoves))
  wakeDelivery(storage)
  return rows.map((row) => (firstMoves.get(row.transaction_id) === row ? moved.get(row.transaction_id) : undefined))
}

/** {@link movePayment} as part of a larger transaction; call `wakeDelivery` after its commit. */
export async function moveWithin(transaction: Transaction, keyRing: Store['keyRing'], move: Move): Promise<boolean> {
  const row = moveRowOf(keyRing, move)
  return (await applyMoves(transaction, keyRing, new Map([[row.transaction_id, row]]))).has(row.transaction_id)
}

async function applyMoves(
  transaction: Transaction,
  keyRing: Store['keyRing'],
  rows: ReadonlyMap<string, MoveRow>,
): Promise<ReadonlyMap<string, ChainHead>> {
  const given = [...rows.values()]
  const unknown = given.flatMap(({ transaction_id, known }) => (known === undefined ? [transaction_id] : []))
  const moves = chained([...given.flatMap(standingOf), ...(await readStandings(transaction, unknown))], rows)
  const moved = await moveStates(transaction, moves)
  const done = moves.filter(({ row }) => moved.has(row.transaction_id))
  const events = done.map(({ event }) => event)
  const notices = done.flatMap(noticesOf)
  await Promise.all([appendEvents(transaction, events), enqueueNotices(transaction, keyRing, notices)])
  return new Map(done.map(({ event: { transactionId, sequence, hash } }) => [transactionId, { sequence, hash }]))
}
