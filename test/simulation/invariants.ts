import { nextState, type PaymentEventName, type PaymentState } from '../../packages/gateway/src/approval/transitions.ts'

/**
 * What must be so after each committed step, of the gateway, the card network and the shops:
 *
 * - a payment begins as requested, a charge of a bill key as approving, and its amount never changes;
 * - it moves along the transitions only, each move with the next event of its chain;
 * - it is approved once at most, and only while the issuers hold exactly its amount;
 * - it is not given up while a process that lives asks the card network for it;
 * - what is declined or reversed is not charged; what is expired or aborted was never brought to the issuers;
 * - between nothing and its amount is set down as cancelled;
 * - a notification reports the state that the event of its sequence led to;
 * - the issuers are asked only for payments that are being approved, for their amount;
 * - a charge is reversed only on the gateway's word, and never once an order lives by it;
 * - what is given back is at most what was charged, and never of a charge that was reversed;
 * - an order is marked paid once, by one payment, for its own amount, after the capture, and never after the shop
 *   received a decline;
 * - a shop counts as refunded at most what the issuers gave back.
 *
 * A failover that loses commits about a payment excuses what follows from them: the gateway no longer knows what it had
 * brought to the issuers, called approved or reversed. Of such a payment all else holds.
 */
export interface Invariants {
  watchAuthorizing(isAuthorizing: (id: string) => boolean): void
  born(id: string, state: string, amount: number, isBillKeyCharge: number): void
  /** A failover has lost commits about it; it is in that state again, after those events. */
  wentBack(id: string, state: string, events: readonly string[]): void
  moved(id: string, from: PaymentState, to: PaymentState, before: number, after: number, cancelled: number): void
  event(id: string, sequence: number, name: string, from: PaymentState | null, to: string): void
  notification(id: string, sequence: number, state: string): void
  entry(id: string, amount: number, outcome: string): void
  reversed(id: string): void
  cancelled(id: string, amount: number): void
  order(id: string, orderId: string, amount: number, paid: number, reportedDeclined: number, refunded: number): void
  /** The transaction that reported these facts has ended: what must hold between them. */
  committed(): void
  /** One sentence for each broken one, as far as they are worth reading. */
  readonly problems: readonly string[]
}

interface Seen {
  readonly amount: number
  state: string
  approvals: number
  events: string[]
  /** A failover has lost commits about it. */
  hasLost: boolean
  charge: { readonly amount: number; readonly isApproved: boolean; isReversed: boolean; givenBack: number } | undefined
  paid: number
}

const mostProblems = 50
/** By the first event of a payment. */
const firstState: Readonly<Record<string, PaymentState>> = {
  paymentRequested: 'requested',
  chargeRequested: 'approving',
}
const brought = ['approving', 'unresolved', 'reversing']
const held = ['approved', 'partiallyCancelled']

export function createInvariants(): Invariants {
  const payments = new Map<string, Seen>()
  const paidBy = new Map<string, string>()
  const problems: string[] = []
  const touched = new Map<string, Seen>()
  let isAuthorizing = (_id: string): boolean => false
  let notifications: { readonly id: string; readonly sequence: number; readonly state: string }[] = []

  const holds = (isSo: boolean, id: string, sentence: string): void => {
    if (!isSo && problems.length < mostProblems) problems.push(`${id}: step: ${sentence}`)
  }
  const seen = (id: string): Seen => {
    const known = payments.get(id)
    if (known !== undefined) return known
    holds(false, id, 'nobody requested this payment')
    const unknown: Seen = { amount: 0, state: '', approvals: 0, events: [], hasLost: false, charge: undefined, paid: 0 }
    payments.set(id, unknown)
    return unknown
  }

  return {
    problems,
    watchAuthorizing(given) {
      isAuthorizing = given
    },
    born(id, state, amount, isBillKeyCharge) {
      holds(state === (isBillKeyCharge === 1 ? 'approving' : 'requested'), id, `it began as ${state}`)
      payments.set(id, { amount, state, approvals: 0, events: [], hasLost: false, charge: undefined, paid: 0 })
    },
    wentBack(id, state, events) {
      const approvals = events.filter((to) => to === 'approved').length
      Object.assign(seen(id), { state, events: [...events], approvals, hasLost: true })
    },
    moved(id, from, to, before, after, cancelled) {
      const payment = seen(id)
      holds(before === after && after === payment.amount, id, `its amount went from ${before} to ${after}`)
      holds(cancelled >= 0 && cancelled <= after, id, `${cancelled} of ${after} won count as cancelled`)
      const isAbandoned = from === 'approving' && to === 'unresolved'
      holds(!isAbandoned || !isAuthorizing(id), id, 'it was given up while the card network was being asked')
      payment.state = to
      touched.set(id, payment)
      if (from !== to) findWrongMove(payment, to, (isSo, sentence) => holds(isSo, id, sentence))
    },
    event(id, sequence, name, from, to) {
      const payment = seen(id)
      const last = payment.events.at(-1) ?? null
      holds(sequence === payment.events.length + 1, id, `event ${sequence} came after ${payment.events.length}`)
      holds(from === last, id, `event ${sequence} starts at ${from}, the one before ended at ${last}`)
      const leadsTo = from === null ? firstState[name] : nextState(from, name as PaymentEventName)
      holds(leadsTo === to, id, `${name} led from ${from} to ${to}`)
      payment.events.push(to)
      touched.set(id, payment)
    },
    notification(id, sequence, state) {
      notifications.push({ id, sequence, state })
    },
    entry(id, amount, outcome) {
      const payment = seen(id)
      holds(payment.charge === undefined, id, 'the issuers decided it twice')
      holds(amount === payment.amount, id, `the issuers were asked for ${amount} won, it is of ${payment.amount}`)
      holds(
        payment.hasLost || brought.includes(payment.state),
        id,
        `the issuers were asked while it was ${payment.state}`,
      )
      payment.charge = { amount, isApproved: outcome === 'approved', isReversed: false, givenBack: 0 }
    },
    reversed(id) {
      const { charge, state, paid, hasLost } = seen(id)
      if (charge !== undefined) charge.isReversed = true
      holds(hasLost || state === 'reversing', id, `the charge was reversed while it was ${state}`)
      holds(hasLost || paid === 0, id, 'the charge was reversed, an order lives by it')
    },
    cancelled(id, amount) {
      const payment = seen(id)
      if (payment.charge !== undefined) payment.charge.givenBack += amount
      holds(isCharged(payment), id, 'money was given back that nobody holds')
      holds(payment.hasLost || held.includes(payment.state), id, `money was given back while it was ${payment.state}`)
      const givenBack = payment.charge?.givenBack ?? 0
      holds(givenBack <= payment.amount, id, `${givenBack} of ${payment.amount} won were given back`)
    },
    order(id, orderId, amount, paid, reportedDeclined, refunded) {
      const payment = seen(id)
      const isNew = paid > payment.paid
      payment.paid = paid
      holds(paid <= 1, id, `the order was marked paid ${paid} times`)
      holds(refunded <= (payment.charge?.givenBack ?? 0), id, `the shop counts ${refunded} won as refunded, too many`)
      if (!isNew) return
      holds(payment.hasLost || reportedDeclined === 0, id, 'the order was marked paid after a decline')
      holds(
        payment.hasLost || payment.approvals === 1,
        id,
        `the order was marked paid, the payment is ${payment.state}`,
      )
      holds(payment.hasLost || isCharged(payment), id, 'the order was marked paid without a charge')
      holds(amount === payment.amount, id, `an order of ${amount} won was marked paid for ${payment.amount}`)
      holds((paidBy.get(orderId) ?? id) === id, id, `${orderId} was marked paid by ${paidBy.get(orderId)} already`)
      paidBy.set(orderId, id)
    },
    committed() {
      for (const [id, { state, events }] of touched)
        holds(state === events.at(-1), id, `it is ${state}, its last event led to ${events.at(-1)}`)
      for (const { id, sequence, state } of notifications)
        holds(seen(id).events[sequence - 1] === state, id, `notification ${sequence} reports ${state}, which is wrong`)
      touched.clear()
      notifications = []
    },
  }
}

/** Whether the issuers took the money and did not undo it. */
const isCharged = ({ charge }: Seen): boolean => charge?.isApproved === true && !charge.isReversed

function findWrongMove(payment: Seen, to: string, holds: (isSo: boolean, sentence: string) => void): void {
  if (to === 'approved') {
    payment.approvals += 1
    holds(payment.approvals === 1, 'it was approved twice')
    holds(isCharged(payment), 'it was approved without a charge')
  }
  if (to === 'declined' || to === 'reversed') holds(!isCharged(payment), `it is ${to} and charged`)
  if (to === 'expired' || to === 'aborted')
    holds(payment.hasLost || payment.charge === undefined, `it is ${to}, the issuers know it`)
}
