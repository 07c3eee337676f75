import { ArchiveDamagedError, isMissing, readArchive } from './file.ts'
import { isWhole, readRecord, transactionIdOf } from './record.ts'

/** An archive is intact when there is neither a `damage` nor a broken payment. */
export interface VerifiedArchive {
  readonly file: string
  readonly payments: number
  readonly events: number
  readonly sha256: string | undefined
  /** What is wrong with the file, in English. */
  readonly damage: string | undefined
  /** Transaction ids with a broken event chain, or that occur twice; the first hundred. */
  readonly broken: readonly string[]
}

const mostNamed = 100

/**
 * Reads a whole archive and checks its count, its digest and each event chain. Needs neither the database nor a key.
 */
export async function verifyArchive(file: string): Promise<VerifiedArchive> {
  const seen = new Set<string>()
  const broken: string[] = []
  let events = 0
  const found = { file, payments: 0, events: 0, sha256: undefined, damage: undefined, broken }
  try {
    const lines = readArchive(file)
    for (;;) {
      const next = await lines.next()
      if (next.done === true) return { ...found, payments: seen.size, events, sha256: next.value.sha256 }
      const record = readRecord(next.value)
      const transactionId = transactionIdOf(record)
      if ((seen.has(transactionId) || !isWhole(record)) && broken.length < mostNamed) broken.push(transactionId)
      seen.add(transactionId)
      events += record.events.length
    }
  } catch (cause) {
    return { ...found, payments: seen.size, events, damage: damageOf(cause) }
  }
}

function damageOf(cause: unknown): string {
  if (isMissing(cause)) return 'There is no such file.'
  if (cause instanceof ArchiveDamagedError) return cause.message
  return 'A line of it is not a payment.'
}
