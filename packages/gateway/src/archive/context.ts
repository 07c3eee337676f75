import type { Context } from '../context.ts'
import type { Transaction } from '../storage/storage.ts'
import { type Hold, keepHold } from './store.ts'

/** Progress of an archive run. */
export type ArchiveStep =
  | { readonly step: 'waiting'; readonly until: Date }
  | { readonly step: 'writing'; readonly fileName: string; readonly payments: number }
  | { readonly step: 'deleting'; readonly fileName: string; readonly payments: number; readonly of: number }
  /** A file of an earlier run is not in this folder: its remaining payments are written again. */
  | { readonly step: 'elsewhere'; readonly fileName: string }
  /** The event chain of a payment is broken: it stays in the database. */
  | { readonly step: 'damaged'; readonly transactionId: string }

export interface ArchiveContext extends Pick<Context, 'runtime' | 'storage'> {
  /** Folder of the archive files; must exist. */
  readonly folder: string
  /** A random name of this process. */
  readonly holder: string
  /** How long a claim lasts: another process may take the archive over then. */
  readonly holdMs: number
  onStep(step: ArchiveStep): void
  rest(durationMs: number): Promise<void>
}

/** Another process archives payments of this database. */
export class ArchiveBusyError extends Error {}

export function holdOf({ runtime, holder, holdMs }: ArchiveContext): Hold {
  const now = runtime.now()
  return { holder, now, until: new Date(now.getTime() + holdMs) }
}

/** Extends the claim within each transaction, so that a process whose archive was taken over changes nothing. */
export async function hold(context: ArchiveContext, transaction: Transaction, fileName: string): Promise<void> {
  if (!(await keepHold(transaction, fileName, holdOf(context))))
    throw new ArchiveBusyError('Another process has taken this archive over.')
}
