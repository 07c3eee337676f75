import type { OpenEntry } from './journal.ts'
import type { Merchant } from './merchant.ts'
import { type EntryProgress, type RecoveryOptions, type RecoveryRun, recoverEntry, stillOpen } from './recover-entry.ts'
import type { RecoveryReport, StillOpen } from './recovery-report.ts'
import { createRefundTurns } from './refund-in-turn.ts'

/**
 * Finishes every open entry of the journal as far as it goes now: at the start of the shop's server, on a timer, and whenever the shop gave up
 * an order. Each payment is inquired. Approved: handed to `onOutcome` to be credited. Not approved yet: approved again with the same ticket.
 * Not wanted any more: never credited, and cancelled in full where the money was taken. Declined, expired, reversed: closed. Without a
 * certain answer: left open, with the reason in the report.
 *
 * Safe to repeat, and safe at the same time in several processes and beside `approve`. Trouble with the service or with one entry is in the
 * report; it rejects only when the journal cannot tell its open entries.
 */
export async function recover(merchant: Merchant, options: RecoveryOptions): Promise<RecoveryReport> {
  const { journal, concurrency = 4 } = options
  const entries = await journal.openEntries()
  const run = { ...options, refundInTurn: createRefundTurns() }
  const progress = await mapAtMost(concurrency, entries, (entry) => recoverSafely(merchant, run, entry))

  const closable = entries.filter((_, index) => progress[index] === 'approved')
  const openAfter = closable.length === 0 ? [] : await journal.openEntries()
  const notMarkedPaid = new Set(openAfter.map(({ transactionId }) => transactionId))
  const outcomes = entries.map((entry, index): EntryProgress => {
    const outcome = progress[index] ?? 'elsewhere'
    return outcome === 'approved' && notMarkedPaid.has(entry.transactionId)
      ? stillOpen(entry, { reason: 'not_marked_paid' })
      : outcome
  })
  const idsOf = (wanted: EntryProgress): readonly string[] =>
    entries.filter((_, index) => outcomes[index] === wanted).map(({ transactionId }) => transactionId)
  return {
    approved: idsOf('approved'),
    declined: idsOf('declined'),
    cancelled: idsOf('cancelled'),
    open: outcomes.filter((outcome): outcome is StillOpen => typeof outcome === 'object'),
  }
}

async function recoverSafely(merchant: Merchant, run: RecoveryRun, entry: OpenEntry): Promise<EntryProgress> {
  try {
    return await recoverEntry(merchant, run, entry)
  } catch (error) {
    return stillOpen(entry, { reason: 'shop_error', error })
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

/** How often, and who hears of it. */
export interface RecoveryLoopOptions extends RecoveryOptions {
  /** From the end of one run to the start of the next, in milliseconds. */
  readonly everyMs: number
  /** After each run. */
  readonly onReport?: (report: RecoveryReport) => void
  /** The journal could not tell its open entries, or `onReport` threw; the loop goes on. */
  readonly onError: (error: unknown) => void
}

/** A recovery that goes on by itself. */
export interface RecoveryLoop {
  /** Starts no further run, and resolves when the last one has ended. */
  stop(): Promise<void>
}

/** Runs {@link recover} now and again until stopped. It keeps no process alive by itself. */
export function startRecovery(merchant: Merchant, options: RecoveryLoopOptions): RecoveryLoop {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isStopped = false

  const run = async (): Promise<void> => {
    try {
      const report = await recover(merchant, options)
      options.onReport?.(report)
    } catch (error) {
      tellError(error)
    }
    if (isStopped) return
    timer = setTimeout(start, options.everyMs)
    timer.unref?.()
  }
  const tellError = (error: unknown): void => {
    try {
      options.onError(error)
    } catch {
      // Money waits for the next run; a log that fails must not end it.
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
