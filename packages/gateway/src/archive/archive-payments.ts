import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { koreanTimestamp } from '@sspay/protocol'
import { randomHex } from '../runtime.ts'
import type { Reader } from '../storage/storage.ts'
import { ArchiveBusyError, type ArchiveContext, hold, holdOf } from './context.ts'
import { digestOf, readArchive, removePartials, writeArchive } from './file.ts'
import { archiveNameOf } from './model.ts'
import { isWhole, readRecord, transactionIdOf, writeRecord } from './record.ts'
import { removeArchived } from './remove-archived.ts'
import {
  type Archive,
  claimArchive,
  finishedPayments,
  forgetArchive,
  type Position,
  raiseWatermark,
  recordDone,
  recordWritten,
} from './store.ts'

export interface ArchiveOptions {
  /** Payments that have not changed since. */
  readonly changedBefore: Date
  /** The most payments to archive. */
  readonly most: number
  /** The most payments of one file. */
  readonly perFile: number
}

export interface ArchivedFile {
  readonly fileName: string
  readonly payments: number
  readonly sha256: string
  readonly removed: number
  readonly stayed: number
}

const start: Position = { requestedAt: -1, transactionId: '' }

const pageSize = 500

/** How many payments can be archived, and when the first of them was requested. */
export async function countArchivable(
  storage: Reader,
  changedBefore: Date,
  onStep: (counted: number) => void,
): Promise<{ readonly payments: number; readonly oldest: Date | undefined }> {
  let payments = 0
  let oldest: Date | undefined
  for (let next: Position | undefined = start; next !== undefined; ) {
    const page = await finishedPayments(storage, { changedBefore, after: next, limit: pageSize })
    payments += page.records.length
    const [first] = page.records
    if (first !== undefined) oldest ??= new Date(Number(first.payment.requested_at))
    next = page.next
    onStep(payments)
  }
  return { payments, oldest }
}

/**
 * Moves finished payments into files. A payment is deleted only after its file is durable. It may be killed at any
 * time: the next call continues the unfinished archive.
 *
 * @throws ArchiveBusyError while another process archives
 */
export async function archivePayments(
  context: ArchiveContext,
  options: ArchiveOptions,
): Promise<readonly ArchivedFile[]> {
  const files: ArchivedFile[] = []
  let position: Position | undefined = start
  let left = options.most
  while (position !== undefined && left > 0) {
    const archive = await claim(context, options.changedBefore)
    const known = await digestsIn(context, archive)
    if (known !== undefined) {
      files.push(await remove(context, archive, known))
      continue
    }
    if (archive.state === 'written') {
      context.onStep({ step: 'elsewhere', fileName: archive.fileName })
      await finish(context, archive)
      continue
    }
    const written: Written = await write(context, archive, position, Math.min(left, options.perFile))
    position = written.next
    left -= written.digests.size
    if (written.digests.size > 0) files.push(await remove(context, archive, written))
  }
  return files
}

/** Waits for the claim of a dead process to expire; throws when its process turns out to be alive. */
async function claim(context: ArchiveContext, changedBefore: Date): Promise<Archive> {
  const { runtime, storage } = context
  let waitsFor: { readonly heldUntil: Date; readonly holder: string } | undefined
  for (;;) {
    const fileName = archiveNameOf(koreanTimestamp(runtime.now()).slice(0, 8), randomHex(runtime, 4))
    const claimed = await storage.transact((transaction) =>
      claimArchive(transaction, { fileName, changedBefore }, holdOf(context)),
    )
    if (!('heldUntil' in claimed)) return claimed
    const isAlive = waitsFor !== undefined && waitsFor.heldUntil.getTime() !== claimed.heldUntil.getTime()
    if (isAlive) throw new ArchiveBusyError('Another process is archiving payments of this database.')
    if (waitsFor === undefined) context.onStep({ step: 'waiting', until: claimed.heldUntil })
    waitsFor = claimed
    await context.rest(Math.min(1_000, Math.max(50, claimed.heldUntil.getTime() - runtime.now().getTime())))
  }
}

interface Digests {
  readonly digests: ReadonlyMap<string, string>
  readonly sha256: string
}

interface Written extends Digests {
  /** The start of the next file; undefined when no payment is left. */
  readonly next: Position | undefined
}

/** Digests of a file that an earlier process has written; undefined when it is not in the folder. */
async function digestsIn({ folder }: ArchiveContext, { fileName }: Archive): Promise<Digests | undefined> {
  const file = join(folder, fileName)
  const isThere = await access(file).then(
    () => true,
    () => false,
  )
  if (!isThere) return undefined
  const digests = new Map<string, string>()
  const lines = readArchive(file)
  for (;;) {
    const next = await lines.next()
    if (next.done === true) return { digests, sha256: next.value.sha256 }
    digests.set(transactionIdOf(readRecord(next.value)), digestOf(next.value))
  }
}

async function write(context: ArchiveContext, archive: Archive, from: Position, most: number): Promise<Written> {
  const { fileName, changedBefore } = archive
  const digests = new Map<string, string>()
  let next: Position | undefined = from
  async function* lines(): AsyncGenerator<string> {
    while (next !== undefined && digests.size < most) {
      const limit = Math.min(pageSize, most - digests.size)
      const page = await finishedPayments(context.storage, { changedBefore, after: next, limit })
      next = page.next
      for (const record of page.records) {
        const transactionId = transactionIdOf(record)
        if (!isWhole(record)) {
          context.onStep({ step: 'damaged', transactionId })
          continue
        }
        const line = writeRecord(record)
        digests.set(transactionId, digestOf(line))
        yield line
      }
      await context.storage.transact((transaction) => hold(context, transaction, fileName))
      context.onStep({ step: 'writing', fileName, payments: digests.size })
    }
  }
  const head = {
    archive: fileName,
    format: 1 as const,
    changedBefore: changedBefore.toISOString(),
    writtenAt: context.runtime.now().toISOString(),
  }
  const file = join(context.folder, fileName)
  await removePartials(file)
  const { sha256 } = await writeArchive({ file, writer: context.holder }, head, lines())
  if (digests.size === 0) await context.storage.transact((transaction) => forgetArchive(transaction, fileName))
  return { digests, sha256, next }
}

/** Deletes the payments of a durable file, after the watermark says that they may be missing. */
async function remove(context: ArchiveContext, archive: Archive, { digests, sha256 }: Digests): Promise<ArchivedFile> {
  const { fileName, changedBefore } = archive
  await context.storage.transact(async (transaction) => {
    await hold(context, transaction, fileName)
    await recordWritten(transaction, fileName, { payments: digests.size, digest: sha256 })
    await raiseWatermark(transaction, 'archivedBefore', changedBefore)
  })
  const removed = await removeArchived(context, fileName, digests)
  await finish(context, archive)
  return { fileName, payments: digests.size, sha256, ...removed }
}

const finish = (context: ArchiveContext, { fileName }: Archive): Promise<void> =>
  context.storage.transact(async (transaction) => {
    await hold(context, transaction, fileName)
    await recordDone(transaction, fileName, context.runtime.now())
  })
