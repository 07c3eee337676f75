import {
  type CreditablePayment,
  type JournalEntry,
  type OpenEntry,
  type PaymentJournal,
  requireIntended,
  type Settlement,
} from './journal.ts'

type State = 'intended' | 'given_up' | 'credited' | Settlement

interface Kept {
  readonly state: State
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

  const close = (transactionId: string, state: State): void => {
    kept.set(transactionId, { state })
    if (state === 'credited') return
    for (const [orderId, credited] of ordersCredited) if (credited === transactionId) ordersCredited.delete(orderId)
  }

  const creditNow = async (
    payment: CreditablePayment,
    update: (connection: undefined) => unknown,
  ): Promise<boolean> => {
    const { transactionId, orderId } = payment
    const known = kept.get(transactionId)
    if (known !== undefined && !isCreditable(known.state)) return false
    if (known?.entry !== undefined) requireIntended(payment, known.entry.expected)
    if (ordersCredited.has(orderId)) return false
    await update(undefined)
    close(transactionId, 'credited')
    ordersCredited.set(orderId, transactionId)
    return true
  }

  return {
    async intend(entry) {
      const state = kept.get(entry.transactionId)?.state
      if (state === undefined || state === 'declined') kept.set(entry.transactionId, { state: 'intended', entry })
      if (state === undefined) return 'new'
      return state === 'given_up' || state === 'cancelled' ? 'closed' : 'known'
    },
    async settle(transactionId, settlement) {
      const known = kept.get(transactionId)
      if (settlement === 'cancelled') close(transactionId, settlement)
      else if (known === undefined) return
      else if (settlement === 'approved') {
        if (known.state === 'intended') kept.set(transactionId, { ...known, state: settlement })
      } else if (isOpen(known.state)) close(transactionId, settlement)
    },
    async giveUp(transactionId) {
      const known = kept.get(transactionId)
      if (known === undefined || !isOpen(known.state)) return false
      kept.set(transactionId, { ...known, state: 'given_up' })
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
    ? [{ ...entry, isApproved: state === 'approved', isGivenUp: state === 'given_up' }]
    : []

const isOpen = (state: State): boolean => state === 'intended' || state === 'approved' || state === 'given_up'

const isCreditable = (state: State): boolean => state === 'intended' || state === 'approved' || state === 'declined'
