import type { Context } from '../context.ts'
import type { Transaction } from '../storage/storage.ts'
import { type Hold, keepHold } from './store.ts'

/** What is told while it works. */
export type ArchiveStep =
  | { readonly step: 'waiting'; readonly until: Date }
  | { readonly step: 'writing'; readonly fileName: string; readonly payments: number }
  | { readonly step: 'deleting'; readonly fileName: string; readonly payments: number; readonly of: number }
  /** An archive that was written before is not in this folder: what is left of its payments is written again. */
  | { readonly step: 'elsewhere'; readonly fileName: string }
  /** The events of a payment do not follow from each other: it stays in the database. */
  | { readonly step: 'damaged'; readonly transactionId: string }

export interface ArchiveContext extends Pick<Context, 'runtime' | 'storage'> {
  /** Where the files go; must exist. */
  readonly folder: string
  /** A random name of this process. */
  readonly holder: string
  /** How long this process may be silent before another one takes its archive over. */
  readonly holdMs: number
  onStep(step: ArchiveStep): void
  rest(durationMs: number): Promise<void>
}

/** Somebody else works on the archives of this database. */
export class ArchiveBusyError extends Error {}

export function holdOf({ runtime, holder, holdMs }: ArchiveContext): Hold {
  const now = runtime.now()
  return { holder, now, until: new Date(now.getTime() + holdMs) }
}

/** Nothing happens in a transaction of a process whose archive was taken over. */
export async function hold(context: ArchiveContext, transaction: Transaction, fileName: string): Promise<void> {
  if (!(await keepHold(transaction, fileName, holdOf(context))))
    throw new ArchiveBusyError('Another process has taken this archive over.')
}
