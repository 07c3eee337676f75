import { isChainIntact } from '../../../packages/gateway/src/approval/event-chain.ts'
import type { PaymentEvent } from '../../../packages/gateway/src/approval/model.ts'
import { type EventRow, eventOf } from '../../../packages/gateway/src/approval/payment-row.ts'
import { ledgerTotals } from '../../../packages/sandbox/src/card-network/store.ts'
import type { OrderRow } from './books.ts'
import type { World } from './world.ts'

type Row = Readonly<Record<string, string | number | null>>

const openStates = "'requested', 'authenticated', 'approving', 'unresolved', 'reversing'"

/** True when nothing is left to be done by anybody. */
export async function isQuiet({ gateway, shops }: World): Promise<boolean> {
  const { storage } = gateway.context
  if (!gateway.isUp) return false
  for (const { journal, books } of Object.values(shops)) {
    if ((await journal.pending()).length > 0) return false
    if (books.refunds().some(({ state }) => state === 'asking')) return false
  }
  const left = await storage.read(`select 1 from payments where state in (${openStates}) limit 1`)
  const asking = await storage.read("select 1 from cancellations where state = 'asking' limit 1")
  const waiting = await storage.read("select 1 from notifications where state = 'waiting' limit 1")
  return left.length + asking.length + waiting.length === 0
}

interface Payment {
  readonly row: Row
  readonly order: OrderRow | undefined
  /** Won that the buyer's card stands charged with. */
  readonly charged: number
}

/** Compares the three books: the card network's ledger, the gateway's payments, the shops' orders. One sentence for each difference. */
export async function audit(world: World): Promise<readonly string[]> {
  const { gateway, tally } = world
  const payments = await readPayments(world)
  const strangers = await readStrangers(world, new Set(payments.map(({ row }) => String(row.transaction_id))))
  const notifications = await readNotifications(world)
  const events = await readEvents(world)
  const problems = [
    ...findPaidTwice(payments),
    ...strangers,
    ...gateway.errors.map((error) => `the gateway logged an error: ${error}`),
  ]
  for (const payment of payments) {
    const id = String(payment.row.transaction_id)
    tally.add(`ended ${payment.row.state}`)
    if (payment.order !== undefined) tally.add(`order ${payment.order.state}`)
    const found = [
      ...compareGateway(payment),
      ...compareOrder(payment),
      ...checkEvents(world, id, events.get(id) ?? [], notifications.get(id) ?? []),
    ]
    problems.push(...found.map((sentence) => `${id}: ${sentence}\n    ${world.traceOf(id).join('\n    ')}`))
  }
  return problems
}

async function readPayments({ gateway, network, shops }: World): Promise<readonly Payment[]> {
  const orders = new Map(
    Object.values(shops).flatMap(({ books }) => books.orders().map((order) => [order.transactionId, order] as const)),
  )
  const totals = await ledgerTotals(network.storage)
  const rows = await gateway.context.storage.read<Row>(
    'select transaction_id, state, amount, cancelled_amount from payments order by order_id, transaction_id',
  )
  return rows.map((row) => {
    const id = String(row.transaction_id)
    const { charged, cancelled, reversed } = totals.get(id) ?? { charged: 0, cancelled: 0, reversed: 0 }
    return { row, order: orders.get(id), charged: charged - cancelled - reversed }
  })
}

async function readStrangers({ network }: World, known: ReadonlySet<string>): Promise<readonly string[]> {
  const rows = await network.storage.read<Row>('select transaction_id from network_entries')
  return rows.flatMap(({ transaction_id: id }) =>
    known.has(String(id)) ? [] : [`${id}: the card network knows a transaction that the gateway does not`],
  )
}

function findPaidTwice(payments: readonly Payment[]): readonly string[] {
  const charged = payments.filter((payment) => (payment.order?.paid ?? 0) > 0)
  const byOrder = Map.groupBy(charged, ({ order }) => order?.orderId)
  return [...byOrder].flatMap(([id, { length }]) =>
    length > 1 ? [`order ${id} was credited by ${length} payments`] : [],
  )
}

const heldStates = ['approved', 'partiallyCancelled']

function compareGateway({ row, charged }: Payment): readonly string[] {
  const { state, amount, cancelled_amount: cancelledAmount } = row
  if (openStates.includes(`'${state}'`)) return [`it was left ${state}`]
  const kept = heldStates.includes(String(state)) ? Number(amount) - Number(cancelledAmount) : 0
  return kept === charged
    ? []
    : [`the gateway says ${state} and holds ${kept} won, the card network charged ${charged}`]
}

function compareOrder({ row, order, charged }: Payment): readonly string[] {
  if (order === undefined) return charged === 0 ? [] : [`${charged} won are charged for no order`]
  const problems: string[] = []
  const kept = order.paid * order.amount - order.refunded
  if (order.paid > 1) problems.push(`the order was credited ${order.paid} times`)
  if (order.state === 'open' && heldStates.includes(String(row.state)))
    problems.push(`the order stayed open, the payment is ${row.state}`)
  if (order.paid > 0 && order.isToldDeclined === 1)
    problems.push('the shop was told that it is declined, and then paid')
  if (kept !== charged)
    problems.push(`the shop holds ${kept} won of the order (${order.state}), charged are ${charged}`)
  return problems
}

/** Each change that the shop must hear of has one event and one notice, delivered or resting; the chain of hashes is whole. */
function checkEvents(
  { shops, merchants }: World,
  transactionId: string,
  events: readonly PaymentEvent[],
  notifications: readonly Row[],
): readonly string[] {
  const problems: string[] = []
  if (!isChainIntact(events)) problems.push('the chain of its events is broken')
  const heard = events.filter(({ to }) => ['approved', 'reversed', 'partiallyCancelled', 'cancelled'].includes(to))
  const wanted = heard.map(({ sequence, to }) => `${sequence} ${to}`).join()
  const enqueued = notifications.map((row) => `${row.sequence} ${row.payment_state}`).join()
  if (wanted !== enqueued) problems.push(`its changes are [${wanted}], its notices [${enqueued}]`)
  for (const { sequence, state, merchant_id: merchantId } of notifications) {
    if (merchantId === merchants.unnoticed.merchantId) {
      if (state !== 'unaddressed') problems.push(`notice ${sequence} to a shop without an address is ${state}`)
      continue
    }
    const isHeard = Object.values(shops).some(({ acknowledged }) => acknowledged.has(`${transactionId}-${sequence}`))
    if (state === 'delivered' && !isHeard)
      problems.push(`notice ${sequence} counts as delivered, the shop never said OK`)
    if (state !== 'delivered' && state !== 'exhausted') problems.push(`notice ${sequence} was left ${state}`)
  }
  return problems
}

async function readNotifications({ gateway }: World): Promise<ReadonlyMap<string, readonly Row[]>> {
  const rows = await gateway.context.storage.read<Row>(
    `select transaction_id, sequence, merchant_id, payment_state, state from notifications
     order by transaction_id, sequence`,
  )
  return Map.groupBy(rows, (row) => String(row.transaction_id))
}

async function readEvents({ gateway }: World): Promise<ReadonlyMap<string, readonly PaymentEvent[]>> {
  const rows = await gateway.context.storage.read<EventRow>(
    'select * from payment_events order by transaction_id, sequence',
  )
  return Map.groupBy(rows.map(eventOf), ({ transactionId }) => transactionId)
}
