import type { PaidPayment, PaymentJournal } from './journal.ts'

/**
 * Credits the order of an approved payment exactly once, whoever calls: the return page, its reload, `recover` or a notice that came first.
 *
 * `update` is the shop's own change of its order, run on the journal's connection in the transaction that marks the payment credited:
 * both happen or neither. With `sqliteJournal` it must be synchronous; with `postgresJournal` it uses the client it is given.
 * `payment` is the `payment` of an approved outcome, or what a notice says after the shop compared it with its order; the journal need not
 * know the transaction yet.
 *
 * True: this call has credited the order. False: `update` was not run, because the payment has been credited before, was given up or
 * cancelled, or because another payment has paid the same order; the last is open until `isWanted` of `recover` says no and it is cancelled.
 * Either way the shop's own order tells what to show.
 *
 * Rejects with what `update` threw, and when the payment is intended for another order or amount; then nothing has changed.
 */
export const markPaidOnce = <Connection>(
  journal: PaymentJournal<Connection>,
  payment: PaidPayment,
  update: (connection: Connection) => unknown,
): Promise<boolean> => journal.markPaid(payment, update)
