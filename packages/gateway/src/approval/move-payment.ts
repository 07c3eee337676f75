import type { Context } from '../context.ts'
import { newNotificationRow } from '../notifications/row.ts'
import { enqueueNotifications, notificationColumns } from '../notifications/store.ts'
import { wakeDelivery } from '../notifications/wake.ts'
import { collect } from '../storage/batch.ts'
import { perStorage } from '../storage/per-storage.ts'
import type { ChangeSet, GivenRow, Transaction } from '../storage/storage.ts'
import type { ChainHead } from './model.ts'
import {
  type ChainedStep,
  chained,
  type Fact,
  factColumns,
  type Move,
  notificationOf,
  type Step,
  standingOf,
  stepOf,
} from './move.ts'
import { eventColumns, eventRowOf } from './payment-row.ts'
import { appendEvents, changeOfStates, readStandings } from './store.ts'

type Store = Pick<Context, 'storage' | 'keyRing'>

const moverOf = perStorage((store: Store) =>
  collect<Step, ChainHead | undefined>((steps) => moveAll(store, steps), store.storage.lanes),
)

/**
 * Moves the payment when it still is in `from`, appends the event and, where the shop must hear of it, the notice, in one
 * transaction. Gives the head of its chain then, undefined when somebody else moved it first. Moves that wait together share their statements.
 */
export const movePayment = (store: Store, move: Move): Promise<ChainHead | undefined> =>
  moverOf(store)(stepOf(store.keyRing, move))

async function moveAll(
  { storage, keyRing }: Store,
  steps: readonly Step[],
): Promise<readonly (ChainHead | undefined)[]> {
  const firstSteps = new Map(steps.toReversed().map((step) => [step.transactionId, step]))
  const moved = await storage.transact((transaction) => applySteps(transaction, keyRing, firstSteps, { isLast: true }))
  wakeDelivery(storage)
  return steps.map((step) => (firstSteps.get(step.transactionId) === step ? moved.get(step.transactionId) : undefined))
}

/** {@link movePayment} as part of a larger transaction; call `wakeDelivery` after its commit. */
export async function moveWithin(transaction: Transaction, keyRing: Store['keyRing'], move: Move): Promise<boolean> {
  const step = stepOf(keyRing, move)
  const moved = await applySteps(transaction, keyRing, new Map([[step.transactionId, step]]), { isLast: false })
  return moved.has(step.transactionId)
}

async function applySteps(
  transaction: Transaction,
  keyRing: Store['keyRing'],
  steps: ReadonlyMap<string, Step>,
  { isLast }: { readonly isLast: boolean },
): Promise<ReadonlyMap<string, ChainHead>> {
  const given = [...steps.values()]
  const unknown = given.flatMap(({ transactionId, known }) => (known === undefined ? [transactionId] : []))
  const standing = chained([...given.flatMap(standingOf), ...(await readStandings(transaction, unknown))], steps)
  if (standing.length === 0) return new Map()
  const moved = await transaction.changeSet({ ...changeSetOf(keyRing, standing), isLast })
  const done = standing.filter(({ event }) => moved.has(event.transactionId))
  return new Map(done.map(({ event: { transactionId, sequence, hash } }) => [transactionId, { sequence, hash }]))
}

/** Facts and notices that no step of the set adds are left out of its statement. */
function changeSetOf(keyRing: Store['keyRing'], steps: readonly ChainedStep[]): Omit<ChangeSet, 'isLast'> {
  const isAdded = (fact: Fact): boolean => steps.some(({ step }) => step.added[fact] !== undefined)
  const facts = (Object.keys(factColumns) as Fact[]).filter(isAdded)
  const rows = steps.map((step) => rowOf(keyRing, step))
  const hasNotifications = rows.some(({ notified_state }) => notified_state !== undefined)
  return {
    columns: {
      ...eventColumns,
      ...Object.fromEntries(facts.map((fact) => [fact, factColumns[fact]])),
      ...(hasNotifications ? notificationColumns : {}),
    },
    key: 'transaction_id',
    rows,
    change: changeOfStates(facts),
    consequences: hasNotifications ? [appendEvents, enqueueNotifications] : [appendEvents],
  }
}

function rowOf(keyRing: Store['keyRing'], step: ChainedStep): GivenRow {
  const notification = notificationOf(step)
  const told = notification === undefined ? undefined : newNotificationRow(keyRing, notification)
  return { ...step.step.added, ...told, ...eventRowOf(step.event) }
}
