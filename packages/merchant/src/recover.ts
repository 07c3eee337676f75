import type { CancelOutcome } from './cancel-outcome.ts'
import type { PendingPayment } from './journal.ts'
import type { Merchant } from './merchant.ts'
import {
  type EntryProgress,
  type RecoveredEntry,
  type RecoveryOptions,
  type RecoveryRun,
  type RemainingPayment,
  recoverEntry,
  remaining,
} from './recover-entry.ts'

/** Transaction ids by outcome. */
export interface RecoveryReport {
  readonly approved: readonly string[]
  readonly declined: readonly string[]
  readonly cancelled: readonly string[]
  readonly pending: readonly RemainingPayment[]
}

/**
 * Finishes every pending payment of the journal as far as possible now: at the start of the shop's server, by a timer,
 * and after the shop has closed an order. {@link startRecovery} repeats it.
 *
 * Each payment is inquired, and each charge of a bill key repeated, which answers its first outcome. Approved: passed
 * to `onOutcome` to be marked paid. Not approved yet: approved again with the same ticket. Not wanted any more: never
 * marked paid, and refunded in full if approved. Declined, expired, reversed: closed. Without a certain answer: still
 * pending, with the reason in the report. Idempotent, and safe concurrently with itself and `approve`.
 *
 * @param options - Journal and callbacks.
 * @returns What became of each payment; errors of single payments are in `pending`.
 * @throws The error of the journal if it cannot list its pending payments.
 * @example
 * ```ts
 * import { type Merchant, type PaymentJournal, recover } from '@sspay/merchant'
 *
 * export async function recoverNow(merchant: Merchant, journal: PaymentJournal, openOrders: Set<string>) {
 *   const report = await recover(merchant, {
 *     journal,
 *     isWanted: ({ expected }) => openOrders.has(expected.orderId),
 *     onOutcome: (outcome) =>
 *       outcome.outcome === 'approved' &&
 *       journal.markPaid(outcome.payment, () => openOrders.delete(outcome.payment.orderId)),
 *   })
 *   for (const { transactionId, reason } of report.pending) console.warn(transactionId, reason)
 * }
 * ```
 */
export async function recover(merchant: Merchant, options: RecoveryOptions): Promise<RecoveryReport> {
  const { journal, concurrency = 4 } = options
  const entries = await journal.pending()
  const run = { ...options, refundInTurn: createRefundTurns() }
  const recovered = await mapAtMost(concurrency, entries, (entry) => recoverSafely(merchant, run, entry))

  const closable = recovered.filter(({ progress }) => progress === 'approved')
  const stillPending = closable.length === 0 ? [] : await journal.pending()
  const notMarkedPaid = new Set(stillPending.map(({ transactionId }) => transactionId))
  const outcomes = recovered.map(({ transactionId, progress }, index): RecoveredEntry => {
    const entry = entries[index] as PendingPayment
    return progress === 'approved' && notMarkedPaid.has(transactionId)
      ? { transactionId, progress: remaining({ ...entry, transactionId }, { reason: 'not_marked_paid' }) }
      : { transactionId, progress }
  })
  const idsOf = (wanted: EntryProgress): readonly string[] =>
    outcomes.filter(({ progress }) => progress === wanted).map(({ transactionId }) => transactionId)
  return {
    approved: idsOf('approved'),
    declined: idsOf('declined'),
    cancelled: idsOf('cancelled'),
    pending: outcomes.flatMap(({ progress }) => (typeof progress === 'object' ? [progress] : [])),
  }
}

/**
 * Serializes the refunds of one run, at any concurrency. A wrong cancel password counts towards the merchant's lock
 * even if its answer is lost, so after no answer, or one about the password, the other refunds get the same outcome and
 * are not sent.
 */
function createRefundTurns(): RecoveryRun['refundInTurn'] {
  let last: Promise<unknown> = Promise.resolve()
  let stopped: CancelOutcome | undefined
  return (ask) => {
    const turn = last.then(async () => {
      const outcome = stopped ?? (await ask())
      if (stopsOthers(outcome)) stopped = outcome
      return outcome
    })
    last = turn.catch(() => {})
    return turn
  }
}

function stopsOthers(outcome: CancelOutcome): boolean {
  switch (outcome.outcome) {
    case 'cancelled':
      return false
    case 'rejected':
      return outcome.reason === 'cancel_password_wrong' || outcome.reason === 'cancel_password_locked'
    case 'unknown':
      return ['unreachable', 'interrupted', 'timeout', 'unreadable_answer'].includes(outcome.cause)
  }
}

async function recoverSafely(merchant: Merchant, run: RecoveryRun, entry: PendingPayment): Promise<RecoveredEntry> {
  try {
    return await recoverEntry(merchant, run, entry)
  } catch (error) {
    return { transactionId: entry.transactionId, progress: remaining(entry, { reason: 'shop_error', error }) }
  }
}

async function mapAtMost<Item, Result>(
  concurrency: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++
      results[index] = await work(items[index] as Item)
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, worker))
  return results
}

/** Options of {@link startRecovery}. */
export interface RecoveryLoopOptions extends RecoveryOptions {
  /** Milliseconds from the end of one run to the start of the next. */
  readonly everyMs: number
  /** Called after each run. */
  readonly onReport?: (report: RecoveryReport) => void
  /** Called if the journal could not list its pending payments, or `onReport` threw; the loop continues. */
  readonly onError: (error: unknown) => void
}

/** A running recovery loop. */
export interface RecoveryLoop {
  /** Starts no further run. Resolves when the current one has ended. */
  stop(): Promise<void>
}

/**
 * Runs {@link recover} at once and then at an interval until stopped. Does not keep the process alive by itself.
 *
 * @param options - Options of `recover`, interval and callbacks.
 * @returns The loop. Stop it at graceful shutdown.
 */
export function startRecovery(merchant: Merchant, options: RecoveryLoopOptions): RecoveryLoop {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isStopped = false

  const run = async (): Promise<void> => {
    try {
      const report = await recover(merchant, options)
      options.onReport?.(report)
    } catch (error) {
      reportError(error)
    }
    if (isStopped) return
    timer = setTimeout(start, options.everyMs)
    timer.unref?.()
  }
  const reportError = (error: unknown): void => {
    try {
      options.onError(error)
    } catch {
      // A failing log must not end the loop.
    }
  }
  const start = (): void => {
    running = run()
  }
  let running = run()

  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await running
    },
  }
}
