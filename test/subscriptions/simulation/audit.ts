import { sqliteJournal } from '@sspay/merchant'
import type { Day } from '../../../examples/subscriptions/calendar.ts'
import { ledgerTotals } from '../../../packages/sandbox/src/card-network/store.ts'
import { amount } from '../open-test-shop.ts'
import type { CustomersOfRun } from './customers.ts'
import type { BillingFixture } from './fixture.ts'

type Row = Readonly<Record<string, string | number | null>>

const openStates = "'approving', 'unresolved', 'reversing'"

/** True when nothing is left to be done. */
export async function isQuiet({ gateway, shop }: BillingFixture, last: Day): Promise<boolean> {
  if (!gateway.isUp) return false
  const left = await gateway.context.storage.read(`select 1 from payments where state in (${openStates}) limit 1`)
  const asking = await gateway.context.storage.read(`select 1 from cancellations where state = 'asking' limit 1`)
  const pending = await sqliteJournal(shop).pending()
  return left.length + asking.length + pending.length + lateSubscriptions(shop, last).length === 0
}

const lateSubscriptions = (shop: BillingFixture['shop'], last: Day): readonly string[] =>
  shop
    .prepare(`select subscription_id as id from subscriptions where state = 'active' and due_on <= ?`)
    .all(last)
    .map(({ id }) => String(id))

interface Payment {
  readonly id: string
  readonly cycle: string
  readonly state: string
  /** Won that the card is charged with, that the gateway holds, and that the shop has of it. */
  readonly network: number
  readonly gateway: number
  readonly shop: number
}

/**
 * Compares the ledgers of the card network, the gateway and the shop, payment by payment, and counts the charges of
 * each cycle. One sentence for each difference.
 */
export async function audit(fixture: BillingFixture, customers: CustomersOfRun, last: Day): Promise<readonly string[]> {
  const payments = await readPayments(fixture)
  for (const { state } of payments) fixture.tally.add(`payment ${state}`)
  const different = payments.filter(({ network, gateway, shop }) => network !== gateway || gateway !== shop)
  const byCycle = Map.groupBy(payments, ({ cycle }) => cycle)
  const pending = await sqliteJournal(fixture.shop).pending()
  return [
    ...different.map(
      ({ id, state, network, gateway, shop }) =>
        `${id}: ${network} won on the card, ${gateway} at the gateway (${state}), ${shop} at the shop`,
    ),
    ...[...byCycle].flatMap(([cycle, charges]) => {
      const won = charges.reduce((sum, { network }) => sum + network, 0)
      return won > amount ? [`${cycle} was charged ${won} won`] : []
    }),
    ...pending.map(({ transactionId, expected }) => `${expected.orderId} (${transactionId}) is still pending`),
    ...lateSubscriptions(fixture.shop, last).map((id) => `${id} was not billed`),
    ...findSkipped(fixture, customers),
  ]
}

async function readPayments({ gateway, network, shop, tally }: BillingFixture): Promise<readonly Payment[]> {
  const rows = await gateway.context.storage.read<Row>(
    'select transaction_id, order_id, state, amount - cancelled_amount as held from payments',
  )
  const payments = new Map(rows.map((row) => [String(row.transaction_id), row]))
  const charges = shop.prepare('select * from charges').all() as unknown as readonly Row[]
  for (const { state } of charges) tally.add(`charge ${state}`)
  const paid = new Set(charges.filter(({ state }) => state === 'paid').map((row) => String(row.transaction_id)))
  const cycles = new Map(charges.map((row) => [row.order_id, `${row.subscription_id} cycle ${row.cycle}`]))
  const totals = await ledgerTotals(network.storage)
  return [...new Set([...payments.keys(), ...paid, ...totals.keys()])].map((id) => {
    const payment = payments.get(id)
    const { charged, cancelled, reversed } = totals.get(id) ?? { charged: 0, cancelled: 0, reversed: 0 }
    return {
      id,
      cycle: cycles.get(payment?.order_id ?? '') ?? `no cycle, but ${id}`,
      state: String(payment?.state ?? 'unknown'),
      network: charged - cancelled - reversed,
      gateway: payment?.state === 'approved' || payment?.state === 'partiallyCancelled' ? Number(payment.held) : 0,
      shop: paid.has(id) ? amount : 0,
    }
  })
}

/** The cycles of a subscription that was never paused follow one another. */
function findSkipped({ shop, tally }: BillingFixture, { paused }: CustomersOfRun): readonly string[] {
  const subscriptions = shop.prepare('select subscription_id as id, state, cycle from subscriptions').all()
  const paid = shop.prepare(`select count(*) as cycles from charges where subscription_id = ? and state = 'paid'`)
  return subscriptions.flatMap(({ id, state, cycle }) => {
    tally.add(`subscription ${state}`)
    const cycles = Number(paid.get(String(id))?.cycles)
    return paused.has(String(id)) || cycles === cycle ? [] : [`${id} is at cycle ${cycle}, ${cycles} are paid`]
  })
}
