import type { Order } from './read-orders.ts'
import type { ReportEntry } from './read-report.ts'

/**
 * `missingThere`: paid here, unknown there. `missingHere`: paid or refunded there, no such order here. `amount`,
 * `refund`: other amounts paid or refunded. `doubled`: the order stands in the export twice, or was paid twice.
 * `state`: paid there and unpaid here, or paid here and reversed or indeterminate there.
 */
export const differenceClasses = ['missingThere', 'missingHere', 'amount', 'refund', 'doubled', 'state'] as const

export type DifferenceClass = (typeof differenceClasses)[number]

export type Here = Omit<Order, 'orderId'>

/** One payment, as the payment service knows it. */
export interface There {
  readonly state: 'approved' | 'refunded' | 'reversed' | 'indeterminate'
  readonly transactionId: string
  /** Undefined: approved before the days of the reports. */
  readonly amount: number | undefined
  readonly refunded: number
}

export interface Difference {
  readonly class: DifferenceClass
  readonly orderId: string
  /** The shop. */
  readonly here?: Here
  /** The payment service. */
  readonly there?: There
}

type Account = readonly There[]

/** What the payment service knows of each order, in the sequence of the reports. */
export function accountsOf(entries: readonly ReportEntry[]): ReadonlyMap<string, Account> {
  const refunds = new Map<string, number>()
  for (const { kind, paymentId, amount } of entries)
    if (kind === 'refund') refunds.set(paymentId, (refunds.get(paymentId) ?? 0) + amount)
  const approved = new Set(entries.filter(({ kind }) => kind === 'approval').map(({ transactionId }) => transactionId))
  // A refund in these days belongs to its approval, or stands for one before them.
  const counted = entries.filter(({ kind, paymentId }) => kind !== 'refund' || !approved.has(paymentId))
  const accounts = new Map<string, There[]>()
  for (const entry of counted) {
    const there = thereOf(entry, refunds.get(entry.transactionId) ?? 0)
    const account = accounts.get(entry.orderId)
    if (account === undefined) accounts.set(entry.orderId, [there])
    else account.push(there)
  }
  return accounts
}

function thereOf({ kind, transactionId, paymentId, amount }: ReportEntry, refunded: number): There {
  switch (kind) {
    case 'approval':
      return { state: refunded < amount ? 'approved' : 'refunded', transactionId, amount, refunded }
    case 'refund':
      return { state: 'refunded', transactionId: paymentId, amount: undefined, refunded: amount }
    default:
      return { state: kind === 'reversal' ? 'reversed' : 'indeterminate', transactionId, amount, refunded }
  }
}

/** Every order of either side, those of the export first. */
export function* compareOrders(
  orders: readonly Order[],
  accounts: ReadonlyMap<string, Account>,
): Generator<Difference> {
  const seen = new Set<string>()
  for (const { orderId, ...here } of orders) {
    const isDoubled = seen.has(orderId)
    const found = isDoubled ? ([{ class: 'doubled' }] as Found[]) : compareOrder(here, accounts.get(orderId) ?? [])
    for (const { class: name, there } of found) yield { class: name, orderId, here, ...(there && { there }) }
    seen.add(orderId)
  }
  for (const [orderId, account] of accounts)
    if (!seen.has(orderId))
      for (const there of account.filter(isPayment)) yield { class: 'missingHere', orderId, there }
}

const isPayment = ({ state }: There): boolean => state === 'approved' || state === 'refunded'

type Found = Pick<Difference, 'class' | 'there'>

function* compareOrder(here: Here, account: Account): Generator<Found> {
  const [first, ...doubled] = account.filter(({ state }) => state === 'approved')
  for (const there of doubled) yield { class: 'doubled', there }
  if (here.state === 'unpaid') {
    if (first !== undefined) yield { class: 'state', there: first }
    return
  }
  // A second payment that was refunded in full is none.
  const there = first ?? account.findLast(isApproval) ?? sumOfEarlier(account) ?? account[0]
  if (there === undefined) yield { class: 'missingThere' }
  else if (isPayment(there)) yield* compareAmounts(here, there)
  else yield { class: 'state', there }
}

const isApproval = (there: There): boolean => isPayment(there) && there.amount !== undefined

/** What was refunded of payments before the days of the reports. */
function sumOfEarlier(account: Account): There | undefined {
  const earlier = account.filter(({ amount }) => amount === undefined)
  const refunded = earlier.reduce((sum, one) => sum + one.refunded, 0)
  return earlier[0] && { ...earlier[0], refunded }
}

function* compareAmounts(here: Here, there: There): Generator<Found> {
  const { amount = here.amount, refunded } = there
  if (here.amount !== amount) yield { class: 'amount', there }
  if ((here.refunded === 'all' ? amount : here.refunded) !== refunded) yield { class: 'refund', there }
}
