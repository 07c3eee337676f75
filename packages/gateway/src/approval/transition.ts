/**
 * State transitions: the only way in which a payment changes its state.
 *
 * Problem: approvals, the resolver, expiry and other gateways work on the same payment at the same time. A transition
 * must happen at most once, together with its event and its notification, and a flush to disk for each one would be too
 * slow.
 *
 * - Compare-and-set: the UPDATE matches a payment only in its expected state and at its expected event sequence. Of two
 *   concurrent transitions the second matches no row. Nothing is locked between reading a payment and changing it.
 * - Hash chain: the hash of each event covers the event before it, so that a changed, missing or reordered row is
 *   detected.
 * - Micro-batch: transitions that wait at the same time share one UPDATE, one INSERT of events, one of notifications
 *   (transactional outbox) and one commit; PostgreSQL runs all of it as a single statement without BEGIN and COMMIT.
 *
 * Trade-off: a transition waits up to eight turns of the event loop for others, and the SQL has one spelling for each
 * combination of columns that a batch sets.
 */
import type { WireText } from '@sspay/protocol'
import type { Context } from '../context.ts'
import { chainHash } from '../event-chain.ts'
import type { KeyRing } from '../keyring.ts'
import type { NotifiedState } from '../notifications/model.ts'
import { newNotificationRow } from '../notifications/row.ts'
import { enqueueNotifications, notificationColumns } from '../notifications/store.ts'
import { wakeDelivery } from '../notifications/wake.ts'
import { microBatch, perStorage } from '../storage/batching.ts'
import type { Transaction } from '../storage/storage.ts'
import type { ChainHead, Payment } from './model.ts'
import {
  type ChangeColumn,
  changeColumns,
  changeRowOf,
  eventColumns,
  eventRowOf,
  type PaymentChanges,
} from './payment-row.ts'
import { appendEvents, readVersions, updateStates } from './store.ts'
import { nextState, type PaymentEventName, type PaymentState } from './transitions.ts'

export interface Transition {
  readonly transactionId: string
  readonly from: PaymentState
  readonly event: PaymentEventName
  readonly at: Date
  readonly note?: string
  /** The payment as the caller has read it in state `from`, which saves reading it again. */
  readonly expected?: Pick<Payment, 'merchantId' | 'head'>
  readonly changes?: PaymentChanges
  /** The form that notifies the shop; `answer`: the stored answer of the approval, with the new state. */
  readonly notification?: WireText | 'answer'
}

type Store = Pick<Context, 'storage' | 'keyRing'>

/** A transition that can happen, with its changes encrypted. */
type Prepared = ReturnType<typeof prepare>

const batchOf = perStorage((store: Store) =>
  microBatch((batch: readonly Prepared[]) => commit(store, batch), store.storage.maxConcurrentBatches),
)

/**
 * Durable when it resolves, with the new end of the payment's event chain; undefined when the payment was not as
 * expected.
 *
 * @throws RangeError at once for an event that cannot happen in `from`
 */
export const transitionPayment = (store: Store, transition: Transition): Promise<ChainHead | undefined> =>
  batchOf(store)(prepare(store.keyRing, transition))

/**
 * Transitions as part of a larger transaction, at most one for each payment; call `wakeDelivery` after its commit.
 * Returns the new ends of the event chains, of those that happened, by transaction id.
 */
export const applyTransitions = (
  transaction: Transaction,
  keyRing: KeyRing,
  transitions: readonly Transition[],
): Promise<ReadonlyMap<string, ChainHead>> =>
  applyPrepared(
    transaction,
    keyRing,
    transitions.map((transition) => prepare(keyRing, transition)),
    { isLast: false },
  )

function prepare(keyRing: KeyRing, transition: Transition) {
  const { transactionId, from, event, at, changes = {} } = transition
  const to = nextState(from, event)
  if (to === undefined) throw new RangeError(`${event} cannot happen to a payment that is ${from}`)
  return { ...transition, to, columns: changeRowOf(keyRing, changes, { transactionId, to, at }) }
}

/**
 * The first transition of each payment; any other one of the batch starts from a state that the payment has left by
 * then.
 */
async function commit({ storage, keyRing }: Store, batch: readonly Prepared[]): Promise<(ChainHead | undefined)[]> {
  const firsts = new Map(batch.toReversed().map((prepared) => [prepared.transactionId, prepared]))
  const heads = await storage.transact((transaction) =>
    applyPrepared(transaction, keyRing, [...firsts.values()], { isLast: true }),
  )
  wakeDelivery(storage)
  return batch.map((prepared) =>
    firsts.get(prepared.transactionId) === prepared ? heads.get(prepared.transactionId) : undefined,
  )
}

async function applyPrepared(
  transaction: Transaction,
  keyRing: KeyRing,
  batch: readonly Prepared[],
  { isLast }: { readonly isLast: boolean },
): Promise<ReadonlyMap<string, ChainHead>> {
  const unread = batch.filter(({ expected }) => expected === undefined)
  const versions = await readVersions(
    transaction,
    unread.map(({ transactionId }) => transactionId),
  )
  const rows = batch.flatMap((prepared) => {
    const { transactionId, from } = prepared
    const version = prepared.expected ?? versions.get(transactionId)
    const isExpected = prepared.expected !== undefined || versions.get(transactionId)?.state === from
    return version !== undefined && isExpected ? [rowOf(keyRing, prepared, version)] : []
  })
  if (rows.length === 0) return new Map()
  // Columns that no row sets are left out of the statement.
  const columns = (Object.keys(changeColumns) as ChangeColumn[]).filter((column) =>
    rows.some((row) => row[column] !== undefined),
  )
  const isNotified = rows.some(({ notified_state }) => notified_state !== undefined)
  const changed = await transaction.updateWhere({
    columns: {
      ...eventColumns,
      ...Object.fromEntries(columns.map((column) => [column, changeColumns[column]])),
      ...(isNotified ? notificationColumns : {}),
    },
    key: 'transaction_id',
    rows,
    update: updateStates(columns),
    followUps: isNotified ? [appendEvents, enqueueNotifications] : [appendEvents],
    isLast,
  })
  const applied = rows.filter(({ transaction_id }) => changed.has(transaction_id))
  return new Map(applied.map(({ transaction_id, sequence, hash }) => [transaction_id, { sequence, hash }]))
}

/** What one transition changes: the payment's columns, its next event and its notification. */
function rowOf(
  keyRing: KeyRing,
  { transactionId, from, to, event: name, at, note = '', columns, notification }: Prepared,
  { merchantId, head }: Pick<Payment, 'merchantId' | 'head'>,
) {
  const event = { transactionId, sequence: head.sequence + 1, event: name, from, to, at, note }
  const paymentState = notification === undefined ? undefined : notifiedStates.find((state) => state === to)
  const fields = notification === 'answer' ? undefined : notification
  return {
    ...columns,
    notified_state: undefined,
    ...(paymentState &&
      newNotificationRow(keyRing, {
        transactionId,
        sequence: event.sequence,
        merchantId,
        paymentState,
        fields,
        enqueuedAt: at,
      })),
    ...eventRowOf({ ...event, hash: chainHash(head.hash, event) }),
  }
}

const notifiedStates: readonly NotifiedState[] = ['approved', 'reversed', 'partiallyCancelled', 'cancelled']
