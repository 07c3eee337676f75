import { findRecordProblem, type RecordProblem } from '../archive/record.ts'
import { readWatermark, recordsAfter, recordsOf } from '../archive/store.ts'
import type { Reader } from '../storage/storage.ts'
import { type Finding, traceTables, type VerifiedDatabase } from './model.ts'
import { findFileProblems, findWithoutPayment } from './store.ts'

export interface VerifyOptions {
  /** A SQLite file, whose structure is checked too. */
  readonly hasFile: boolean
  onStep(step: VerifyStep): void
}

export type VerifyStep =
  | { readonly step: 'file' }
  | { readonly step: 'payments'; readonly payments: number; readonly found: number }

const mostNamed = 100
const pageSize = 500
const mostReads = 20

/**
 * Checks the event chain of every payment, and that every row of a payment has its payment. Changes nothing, needs no
 * key, and may run beside a gateway.
 */
export async function verifyDatabase(reader: Reader, { hasFile, onStep }: VerifyOptions): Promise<VerifiedDatabase> {
  if (hasFile) onStep({ step: 'file' })
  const fileProblems = hasFile ? await findFileProblems(reader).catch(problemsOf) : []
  const tally = { payments: 0, events: 0, found: 0, findings: [] as Finding[] }
  const report = (finding: Finding): void => {
    tally.found++
    if (tally.findings.length < mostNamed) tally.findings.push(finding)
  }
  try {
    const { archivedBefore } = await readWatermark({ storage: reader })
    for (let after: string | undefined = ''; after !== undefined; ) {
      const records = await recordsAfter(reader, after, pageSize)
      const last = records.length < pageSize ? undefined : records.at(-1)?.payment.transaction_id
      tally.payments += records.length
      for (const { events } of records) tally.events += events.length
      for (const finding of await findBroken(reader, records)) report(finding)
      for await (const finding of findMissing(reader, { after, to: last, archivedBefore })) report(finding)
      onStep({ step: 'payments', payments: tally.payments, found: tally.found })
      after = last
    }
  } catch (cause) {
    // Pages of the file that cannot be read end the walk.
    if (!hasFile || fileProblems.length === 0) throw cause
  }
  return { ...tally, fileProblems }
}

const problemsOf = (cause: Error): readonly string[] => [cause.message]

type Records = Awaited<ReturnType<typeof recordsAfter>>

/**
 * A payment and its events are read one after the other, and a gateway may record an event in between: what looks
 * broken is read again, until the payment is the same before and after its events.
 */
async function findBroken(reader: Reader, records: Records): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  let suspicious = records
  for (let read = 0; read < mostReads; read++) {
    const broken = new Map<string, { readonly hash: string; readonly problem: RecordProblem }>()
    for (const record of suspicious) {
      const problem = findRecordProblem(record)
      if (problem !== undefined) broken.set(record.payment.transaction_id, { hash: record.payment.event_hash, problem })
    }
    if (broken.size === 0) return findings
    const changed: Records[number][] = []
    for (const record of await recordsOf(reader, [...broken.keys()])) {
      const { transaction_id: transactionId, event_hash: hash } = record.payment
      const before = broken.get(transactionId)
      if (before?.hash === hash) findings.push({ transactionId, ...before.problem })
      else changed.push(record)
    }
    suspicious = changed
  }
  throw new Error('A payment changes so often that its events cannot be read.')
}

async function* findMissing(
  reader: Reader,
  { after, ...range }: { readonly after: string; readonly to: string | undefined; readonly archivedBefore: Date },
): AsyncGenerator<Finding> {
  const known = new Set<string>()
  for (const namedIn of traceTables) {
    for (let from: string | undefined = after; from !== undefined; ) {
      const ids = await findWithoutPayment(reader, namedIn, { ...range, after: from, limit: pageSize })
      for (const transactionId of ids) {
        if (!known.has(transactionId)) yield { transactionId, problem: 'payment_missing', namedIn }
        known.add(transactionId)
      }
      from = ids.length < pageSize ? undefined : ids.at(-1)
    }
  }
}
