import type { ExpectedPayment } from './approval-outcome.ts'
import {
  type CreditablePayment,
  type JournalEntry,
  type JournalState,
  type OpenEntry,
  type PaymentJournal,
  requireIntended,
} from './journal.ts'
import { isGivenUp, isOpen, standingOf, wasApproved } from './journal-state.ts'

interface Kept {
  readonly state: JournalState
  readonly expected?: ExpectedPayment
  /** Only while it is open: it holds the ticket. */
  readonly entry?: JournalEntry
}

/**
 * A journal that ends with the process. What is lost with it: after a crash or a restart nobody knows which payments were being approved,
 * so money may have been taken for an order that stays unpaid, and a payment may be credited a second time. For tests, tools and
 * demonstrations; a shop that takes money uses `sqliteJournal`, `postgresJournal` or its own.
 */
export function memoryJournal(): PaymentJournal<undefined> {
  const kept = new Map<string, Kept>()
  const ordersCredited = new Map<string, string>()
  let lastCredit: Promise<unknown> = Promise.resolve()

  const close = (transactionId: string, state: JournalState, expected = kept.get(transactionId)?.expected): void => {
    kept.set(transactionId, { state, ...(expected === undefined ? {} : { expected }) })
    if (state === 'credited') return
    for (const [orderId, credited] of ordersCredited) if (credited === transactionId) ordersCredited.delete(orderId)
  }

  const creditNow = async (
    payment: CreditablePayment,
    update: (connection: undefined) => unknown,
  ): Promise<boolean> => {
    const { transactionId, orderId, amount } = payment
    const known = kept.get(transactionId)
    if (known !== undefined && !isCreditable(known.state)) return false
    if (known?.expected !== undefined) requireIntended(payment, known.expected)
    if (ordersCredited.has(orderId)) return false
    await update(undefined)
    close(transactionId, 'credited', { orderId, amount })
    ordersCredited.set(orderId, transactionId)
    return true
  }

  return {
    async intend(entry) {
      const known = kept.get(entry.transactionId)
      if (known === undefined || known.state === 'declined') {
        const expected = known?.expected ?? entry.expected
        kept.set(entry.transactionId, { state: 'intended', expected, entry: { ...entry, expected } })
      }
      return standingOf(known?.state)
    },
    async find(transactionId) {
      const known = kept.get(transactionId)
      if (known === undefined) return undefined
      const { state, expected } = known
      return { state, ...(expected === undefined ? {} : { expected }) }
    },
    async settle(transactionId, settlement) {
      const known = kept.get(transactionId)
      if (settlement === 'cancelled') close(transactionId, settlement)
      else if (known === undefined || (known.state !== 'intended' && known.state !== 'given_up')) return
      else if (settlement !== 'approved') close(transactionId, settlement)
      else kept.set(transactionId, { ...known, state: known.state === 'given_up' ? 'approved_given_up' : 'approved' })
    },
    async giveUp(transactionId) {
      const known = kept.get(transactionId)
      if (known === undefined || !isOpen(known.state)) return false
      kept.set(transactionId, { ...known, state: wasApproved(known.state) ? 'approved_given_up' : 'given_up' })
      return true
    },
    openEntries: async () => [...kept.values()].flatMap(openEntryOf),
    credit(payment, update) {
      const credit = lastCredit.then(() => creditNow(payment, update))
      lastCredit = credit.catch(() => {})
      return credit
    },
  }
}

const openEntryOf = ({ state, entry }: Kept): readonly OpenEntry[] =>
  entry !== undefined && isOpen(state)
    ? [{ ...entry, isApproved: wasApproved(state), isGivenUp: isGivenUp(state) }]
    : []

const isCreditable = (state: JournalState): boolean =>
  state === 'intended' || state === 'approved' || state === 'declined'
