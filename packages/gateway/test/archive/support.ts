import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { approve } from '../../src/approval/approve.ts'
import { expireForgotten } from '../../src/approval/close-payment.ts'
import { requestPayment } from '../../src/approval/request-payment.ts'
import { archivePayments } from '../../src/archive/archive-payments.ts'
import type { ArchiveContext, ArchiveStep } from '../../src/archive/context.ts'
import { readArchive } from '../../src/archive/file.ts'
import { daysBefore } from '../../src/archive/model.ts'
import { readRecord, transactionIdOf } from '../../src/archive/record.ts'
import type { Context } from '../../src/context.ts'
import { randomHex } from '../../src/runtime.ts'
import { authenticatedPayment, testMerchant, testRequest } from '../approval/support.ts'
import { type CancelTest, part, withCancelTest } from '../cancellation/support.ts'

export interface ArchiveTest extends CancelTest {
  /** Where the archives go. */
  readonly archives: string
  readonly steps: readonly ArchiveStep[]
  /** Archives what has not changed for 400 days. */
  archive(changes?: Partial<ArchiveContext & { readonly most: number; readonly perFile: number }>): Promise<ArchivedRun>
}

type ArchivedRun = Awaited<ReturnType<typeof archivePayments>>

export const withArchiveTest = (
  work: (test: ArchiveTest) => Promise<void>,
  options: Parameters<typeof withCancelTest>[1] = {},
) =>
  withCancelTest(async (test) => {
    const archives = await mkdtemp(join(tmpdir(), 'sspay-archives-'))
    const steps: ArchiveStep[] = []
    try {
      const archive: ArchiveTest['archive'] = ({ most = Number.MAX_SAFE_INTEGER, perFile = 50_000, ...changes } = {}) =>
        archivePayments(
          { ...archiveContext(test.context, archives), onStep: (step) => steps.push(step), ...changes },
          { changedBefore: daysBefore(test.context.runtime.now(), 400), most, perFile },
        )
      await work({ ...test, archives, steps, archive })
    } finally {
      await rm(archives, { recursive: true, force: true })
    }
  }, options)

export const archiveContext = ({ runtime, storage }: Context, folder: string): ArchiveContext => ({
  runtime,
  storage,
  folder,
  holder: randomHex(runtime, 16),
  holdMs: 30_000,
  onStep() {},
  rest: async () => {},
})

export const days = (count: number): number => count * 24 * 60 * 60_000

/** One payment of every end there is: approved, cancelled, taken back in parts, declined, aborted, expired. */
export async function everyEnd(test: CancelTest): Promise<readonly string[]> {
  const { gateway, network } = test
  const approved = await test.approvedPayment()
  const cancelled = await test.approvedPayment()
  await test.cancel({ Tid: cancelled })
  const inParts = await test.approvedPayment()
  await test.cancel(part(inParts, 400, 1))
  await test.cancel(part(inParts, 600, 2))
  const requested = await requestPayment(gateway, { request: testRequest, merchant: testMerchant })
  const ticket = await authenticatedPayment(gateway)
  test.clock.advance(days(1))
  await expireForgotten(gateway)
  const declined = await authenticatedPayment(gateway)
  network.answerWith(() => ({ outcome: 'declined', reason: 'balance_insufficient' }))
  await approve(gateway, declined)
  return [approved, cancelled, inParts, requested.transactionId, ticket.transactionId, declined.transactionId]
}

/** Every line of every archive in the folder. */
export async function archivedLines(folder: string): Promise<readonly string[]> {
  const lines: string[] = []
  for (const name of (await readdir(folder)).toSorted()) {
    if (name.endsWith('.gz')) for await (const line of readArchive(join(folder, name))) lines.push(line)
  }
  return lines
}

export const archivedIds = async (folder: string): Promise<readonly string[]> =>
  (await archivedLines(folder)).map((line) => transactionIdOf(readRecord(line)))

/** How many rows each table has that holds anything of a payment. */
export async function rowCounts({ storage }: Pick<Context, 'storage'>): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {}
  for (const table of ['payments', 'payment_events', 'notifications', 'cancellations', 'window_sessions']) {
    const [row] = await storage.read<{ count: number }>(`select count(*) as count from ${table}`)
    counts[table] = row?.count ?? 0
  }
  return counts
}
