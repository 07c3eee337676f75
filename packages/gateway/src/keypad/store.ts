import type { Reader, Transaction } from '../storage/storage.ts'

export interface KeypadRow {
  readonly keypadId: string
  readonly sessionHash: string
  readonly encryptedLayout: string
  readonly expiresAt: number
}

/** Also forgets every keypad whose time is over. */
export async function insertKeypad(transaction: Transaction, row: KeypadRow, now: number): Promise<void> {
  await transaction.write('delete from keypads where expires_at <= ?1', [now])
  await transaction.write(
    'insert into keypads (keypad_id, session_hash, layout_encrypted, expires_at) values (?1, ?2, ?3, ?4)',
    [row.keypadId, row.sessionHash, row.encryptedLayout, row.expiresAt],
  )
}

interface EncryptedKeypad {
  readonly encryptedLayout: string
  readonly expiresAt: number
}

/** Undefined when it is another session's, used, or out of time. */
export async function readUsableKeypad(
  reader: Reader,
  keypadId: string,
  sessionHash: string,
  now: number,
): Promise<EncryptedKeypad | undefined> {
  const found = await reader.read<{ layout_encrypted: string; expires_at: number }>(
    `select layout_encrypted, expires_at from keypads
     where keypad_id = ?1 and session_hash = ?2 and used_at is null and expires_at > ?3`,
    [keypadId, sessionHash, now],
  )
  const row = found[0]
  return row && { encryptedLayout: row.layout_encrypted, expiresAt: row.expires_at }
}

/** Of several concurrent callers, exactly one gets true. */
export async function claimKeypad(
  transaction: Transaction,
  keypadId: string,
  sessionHash: string,
  now: number,
): Promise<boolean> {
  const claimed = await transaction.write(
    `update keypads set used_at = ?3
     where keypad_id = ?1 and session_hash = ?2 and used_at is null and expires_at > ?3`,
    [keypadId, sessionHash, now],
  )
  return claimed === 1
}
