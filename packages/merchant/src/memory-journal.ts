import type { ExpectedPayment } from './approval-outcome.ts'
import {
  beginResultOf,
  isAbandoned,
  isPending,
  type JournalEntry,
  type JournalState,
  type PaidPayment,
  type PaymentJournal,
  type PendingPayment,
  requireSameOrder,
  wasApproved,
} from './journal.ts'

interface Kept {
  readonly state: JournalState
  readonly expected?: ExpectedPayment
  /** Present while pending: it holds the approval ticket. */
  readonly entry?: JournalEntry
}

/**
 * Keeps the journal in memory, for tests and demonstrations.
 *
 * A restart loses it: nobody then knows which payments were being approved, money may have been taken for an order that
 * stays unpaid, and a payment may be marked paid twice. A shop that takes money uses {@link sqliteJournal},
 * {@link postgresJournal}, {@link mysqlJournal} or its own {@link PaymentJournal}.
 */
export function memoryJournal(): PaymentJournal<undefined> {
  const kept = new Map<string, Kept>()
  const ordersMarkedPaid = new Map<string, string>()
  let lastMarkedPaid: Promise<unknown> = Promise.resolve()

  const close = (transactionId: string, state: JournalState, expected = kept.get(transactionId)?.expected): void => {
    kept.set(transactionId, { state, ...(expected === undefined ? {} : { expected }) })
    if (state === 'paid') return
    for (const [orderId, paid] of ordersMarkedPaid) if (paid === transactionId) ordersMarkedPaid.delete(orderId)
  }

  const markPaidNow = async (payment: PaidPayment, update: (connection: undefined) => unknown): Promise<boolean> => {
    const { transactionId, orderId, amount } = payment
    const known = kept.get(transactionId)
    if (known !== undefined && !mayBeMarkedPaid(known.state)) return false
    if (known?.expected !== undefined) requireSameOrder(payment, known.expected)
    if (ordersMarkedPaid.has(orderId)) return false
    await update(undefined)
    close(transactionId, 'paid', { orderId, amount })
    ordersMarkedPaid.set(orderId, transactionId)
    return true
  }

  const recordApproved = (transactionId: string): void => {
    const known = kept.get(transactionId)
    if (known?.state === 'begun') kept.set(transactionId, { ...known, state: 'approved' })
    if (known?.state === 'abandoned') kept.set(transactionId, { ...known, state: 'approved_abandoned' })
  }

  return {
    async begin(entry) {
      const known = kept.get(entry.transactionId)
      if (known === undefined || known.state === 'declined') {
        const expected = known?.expected ?? entry.expected
        kept.set(entry.transactionId, { state: 'begun', expected, entry: { ...entry, expected } })
      }
      return beginResultOf(known?.state)
    },
    async find(transactionId) {
      const known = kept.get(transactionId)
      if (known === undefined) return undefined
      const { state, expected } = known
      return { state, ...(expected === undefined ? {} : { expected }) }
    },
    async recordOutcome(transactionId, recordedOutcome) {
      const known = kept.get(transactionId)
      if (recordedOutcome === 'cancelled') close(transactionId, recordedOutcome)
      else if (recordedOutcome === 'approved') recordApproved(transactionId)
      else if (known?.state === 'begun' || known?.state === 'abandoned') close(transactionId, recordedOutcome)
    },
    async abandon(transactionId) {
      const known = kept.get(transactionId)
      if (known === undefined || !isPending(known.state)) return false
      kept.set(transactionId, { ...known, state: wasApproved(known.state) ? 'approved_abandoned' : 'abandoned' })
      return true
    },
    pending: async () => [...kept.values()].flatMap(pendingOf),
    pendingFor: async (orderId) =>
      [...kept.values()].flatMap(pendingOf).filter(({ expected }) => expected.orderId === orderId),
    markPaid(payment, update) {
      const markPaid = lastMarkedPaid.then(async () => {
        const isPaid = await markPaidNow(payment, update)
        if (!isPaid) recordApproved(payment.transactionId)
        return isPaid
      })
      lastMarkedPaid = markPaid.catch(() => {})
      return markPaid
    },
  }
}

const pendingOf = ({ state, entry }: Kept): readonly PendingPayment[] =>
  entry !== undefined && isPending(state)
    ? [{ ...entry, isApproved: wasApproved(state), isAbandoned: isAbandoned(state) }]
    : []

const mayBeMarkedPaid = (state: JournalState): boolean =>
  state === 'begun' || state === 'approved' || state === 'declined'
