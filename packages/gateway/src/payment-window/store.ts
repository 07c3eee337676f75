import type { Reader, Transaction } from '../storage/storage.ts'

export interface StoredSession {
  readonly sessionHash: string
  readonly transactionId: string
  readonly encryptedState: string
  readonly version: number
}

/** Also deletes expired sessions. False when the transaction id is taken. */
export async function insertSession(
  transaction: Transaction,
  row: StoredSession & { readonly expiresAt: number },
  now: number,
): Promise<boolean> {
  await transaction.write('delete from window_sessions where expires_at <= ?1', [now])
  const inserted = await transaction.write(
    `insert into window_sessions (session_hash, transaction_id, facts_encrypted, expires_at, version)
     values (?1, ?2, ?3, ?4, ?5) on conflict (transaction_id) do nothing`,
    [row.sessionHash, row.transactionId, row.encryptedState, row.expiresAt, row.version],
  )
  return inserted === 1
}

type SessionRow = { readonly transaction_id: string; readonly facts_encrypted: string; readonly version: number }

export async function readSession(
  reader: Reader,
  sessionHash: string,
  now: number,
): Promise<StoredSession | undefined> {
  const sql = 'select * from window_sessions where session_hash = ?1 and expires_at > ?2'
  const [row] = await reader.read<SessionRow>(sql, [sessionHash, now])
  return (
    row && { sessionHash, transactionId: row.transaction_id, encryptedState: row.facts_encrypted, version: row.version }
  )
}

/** Compare-and-set: false when another tab has changed the state since it was read. */
export async function replaceState(
  transaction: Transaction,
  { sessionHash, version, encryptedState }: Pick<StoredSession, 'sessionHash' | 'version' | 'encryptedState'>,
): Promise<boolean> {
  const changed = await transaction.write(
    'update window_sessions set facts_encrypted = ?3, version = version + 1 where session_hash = ?1 and version = ?2',
    [sessionHash, version, encryptedState],
  )
  return changed === 1
}
