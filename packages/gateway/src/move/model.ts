/**
 * Every table that is moved. Those of one group go one after the other, because rows of the later ones refer to rows of
 * the first; groups go at the same time.
 */
export const movedTables: readonly (readonly string[])[] = [
  ['payments'],
  ['payment_events'],
  ['notifications'],
  ['members', 'cards', 'passkeys'],
  ['bill_keys', 'bill_key_charges'],
  ['cancellations'],
  ['request_log'],
  ['merchants'],
  ['notification_targets'],
  ['passkey_challenges'],
  ['spent_deletions'],
  ['cancel_password_attempts'],
  ['window_sessions'],
  ['keypads'],
  ['archives'],
  ['archive_watermark'],
  ['root_keys'],
]

/** Of the database itself. */
export const unmovedTables: readonly string[] = ['schema_migrations', 'move_progress']

/** The migration has put its only row there. */
export const filledByMigration = 'archive_watermark'

export type MoveStep =
  | { readonly step: 'began' | 'continues' }
  | { readonly step: 'copying' | 'comparing'; readonly table: string; readonly rows: number }

export interface Moved {
  /** By table. */
  readonly rows: Readonly<Record<string, number>>
  /** Rows that this run has copied; the others were there before. */
  readonly copied: number
  readonly copyMs: number
}

/** The target is not empty, or not what was moved. */
export class MoveRejectedError extends Error {}
