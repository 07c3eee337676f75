import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { realRuntime } from '@sspay/gateway'
import { createKeyRing } from '@sspay/gateway/internal'
import { type EventRow, eventOf, type PaymentRow } from '../../packages/gateway/src/approval/payment-row.ts'
import { nextState } from '../../packages/gateway/src/approval/transitions.ts'
import { isChainIntact } from '../../packages/gateway/src/event-chain.ts'
import type { LedgerTotals } from '../../packages/sandbox/src/card-network/model.ts'
import { quickRootKey } from '../support/quick-payment.ts'
import type { Fixture } from './fixture.ts'

const keyRing = createKeyRing(realRuntime, quickRootKey)

interface NotificationRow {
  readonly transaction_id: string
  readonly sequence: number
  readonly payment_state: string
  readonly state: string
}

interface MemberRow {
  readonly member_id: string
  readonly customer_id: string
  readonly pending_customer_id: string | null
  readonly identity_encrypted: string
  readonly password_hash: string | null
  readonly failed_attempts: number
}

interface CardRow {
  readonly member_id: string
  readonly card_id: string
  readonly number_encrypted: string
  readonly expiry_encrypted: string
  readonly is_default: number
}

type StoredPayment = PaymentRow & {
  readonly event_sequence: number
  readonly event_hash: string
  readonly cancelled_amount: number
  readonly cancel_reserved_amount: number
}

/** Snapshot of the gateway's tables. */
export interface Snapshot {
  readonly payments: readonly StoredPayment[]
  readonly events: readonly EventRow[]
  readonly notifications: readonly NotificationRow[]
  readonly members: readonly MemberRow[]
  readonly cards: readonly CardRow[]
  readonly cancellations: readonly { readonly transaction_id: string; readonly state: string }[]
}

/** Reads beside the running gateway, all tables as of one moment. */
export function takeSnapshot({ databaseFile }: Pick<Fixture, 'databaseFile'>): Snapshot {
  const database = new DatabaseSync(databaseFile, { readOnly: true, timeout: 5_000 })
  try {
    database.exec('begin')
    const all = <Row>(sql: string): readonly Row[] => database.prepare(sql).all() as readonly unknown[] as Row[]
    return {
      payments: all('select * from payments order by transaction_id'),
      events: all('select * from payment_events order by transaction_id, sequence'),
      notifications: all('select * from notifications order by transaction_id, sequence'),
      members: all('select * from members order by member_id'),
      cards: all('select * from cards order by card_id'),
      cancellations: all('select * from cancellations order by transaction_id, cancel_sequence'),
    }
  } finally {
    database.close()
  }
}

/** Invariants that hold after every crash, before any retry. */
export async function audit(fixture: Pick<Fixture, 'databaseFile' | 'network'>): Promise<Snapshot> {
  const snapshot = takeSnapshot(fixture)
  const ledger = await fixture.network.totals()
  const events = Map.groupBy(snapshot.events, ({ transaction_id }) => transaction_id)
  const notifications = Map.groupBy(snapshot.notifications, ({ transaction_id }) => transaction_id)
  for (const payment of snapshot.payments) {
    const own = events.get(payment.transaction_id) ?? []
    auditEvents(payment, own)
    auditNotifications(payment, own, notifications.get(payment.transaction_id) ?? [])
    auditMoney(payment, ledger.get(payment.transaction_id))
  }
  auditOrders(snapshot)
  const known = new Set(snapshot.payments.map(({ transaction_id }) => transaction_id))
  assert.deepEqual(
    [...events.keys(), ...notifications.keys(), ...ledger.keys()].filter((id) => !known.has(id)),
    [],
  )
  auditMembers(snapshot)
  return snapshot
}

/** One event per change: gapless, chained, each step one that can happen, the last one where the payment is. */
function auditEvents(payment: StoredPayment, rows: readonly EventRow[]): void {
  const id = payment.transaction_id
  assert.ok(isChainIntact(rows.map(eventOf)), `${id}: the chain of events is broken`)
  for (const [index, { event, from_state, to_state }] of rows.entries()) {
    assert.equal(from_state, rows[index - 1]?.to_state ?? null, `${id}: event ${index + 1} starts elsewhere`)
    if (from_state !== null && event !== 'paymentRequested' && event !== 'chargeRequested')
      assert.equal(nextState(from_state, event), to_state, `${id}: ${event} out of ${from_state}`)
  }
  const last = rows.at(-1)
  assert.deepEqual(
    [payment.state, payment.event_sequence, payment.event_hash],
    [last?.to_state, last?.sequence, last?.hash],
    `${id}: the payment is not where its last event left it`,
  )
}

const notifiedStates: ReadonlySet<string> = new Set(['approved', 'reversed', 'partiallyCancelled', 'cancelled'])

/** Exactly one outbox row for each change that needs a notification. */
function auditNotifications(
  payment: StoredPayment,
  events: readonly EventRow[],
  rows: readonly NotificationRow[],
): void {
  const wanted = events.filter(({ to_state }) => notifiedStates.has(to_state))
  assert.deepEqual(
    rows.map(({ sequence, payment_state }) => [sequence, payment_state]),
    wanted.map(({ sequence, to_state }) => [sequence, to_state]),
    `${payment.transaction_id}: the outbox does not match the events`,
  )
}

const chargedStates: ReadonlySet<string> = new Set(['approved', 'partiallyCancelled', 'cancelled'])
/** Only here the gateway itself does not know. */
const openStates: ReadonlySet<string> = new Set(['approving', 'unresolved', 'reversing'])

const nothing: LedgerTotals = { charged: 0, cancelled: 0, reversed: 0 }

/**
 * The network's own ledger decides: charged at most once, and with the buyer what the gateway says is with the buyer.
 */
function auditMoney(payment: StoredPayment, totals: LedgerTotals = nothing): void {
  const { transaction_id: id, state, amount, cancelled_amount: cancelled, cancel_reserved_amount: reserved } = payment
  assert.ok(totals.charged === 0 || totals.charged === amount, `${id}: ${totals.charged} charged, ${amount} asked for`)
  if (openStates.has(state)) return
  const kept = totals.charged - totals.cancelled - totals.reversed
  const due = chargedStates.has(state) ? amount - cancelled : 0
  // A cancellation that is being asked for may have reached the network already.
  const least = due - Math.max(0, reserved - cancelled)
  assert.ok(kept <= due && kept >= least, `${id}: ${state} with ${due} won here, ${kept} won at the network`)
}

/** An order whose window was opened twice, because the first answer was lost, is still paid once. */
function auditOrders({ payments }: Snapshot): void {
  const charged = payments.filter(({ state }) => chargedStates.has(state)).map(({ order_id }) => order_id)
  assert.equal(new Set(charged).size, charged.length, 'an order was charged twice')
}

/** Once every client has its answer, nothing is left half done. */
export function requireFinished({ payments, cancellations }: Snapshot): void {
  const open = payments.filter(({ state }) => openStates.has(state)).map(({ transaction_id }) => transaction_id)
  const asking = cancellations.filter(({ state }) => state === 'asking').map(({ transaction_id }) => transaction_id)
  assert.deepEqual([...open, ...asking], [], 'these are still open')
  const reserved = payments.filter((payment) => payment.cancel_reserved_amount > payment.cancelled_amount)
  assert.deepEqual(reserved, [], 'something is still reserved')
}

/** No member, card or password is there by half. */
function auditMembers({ members, cards }: Snapshot): void {
  for (const { member_id, identity_encrypted, password_hash } of members) {
    const identity = JSON.parse(keyRing.decrypt(identity_encrypted, `member-identity:${member_id}`))
    assert.match(identity.birthDate, /^[0-9]{8}$/)
    if (password_hash !== null) assert.match(password_hash, /^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[\w+/]+\$[\w+/]+$/)
  }
  const cardsOf = Map.groupBy(cards, ({ member_id }) => member_id)
  for (const [memberId, owned] of cardsOf) {
    assert.ok(
      members.some(({ member_id }) => member_id === memberId),
      'a card without its member',
    )
    assert.equal(owned.filter(({ is_default }) => is_default === 1).length, 1, 'one card is the default')
    for (const { card_id, number_encrypted, expiry_encrypted } of owned) {
      assert.match(keyRing.decrypt(number_encrypted, `card-number:${memberId}:${card_id}`), /^[0-9]{14,16}$/)
      assert.match(keyRing.decrypt(expiry_encrypted, `card-expiry:${memberId}:${card_id}`), /expiryYear/)
    }
  }
}
