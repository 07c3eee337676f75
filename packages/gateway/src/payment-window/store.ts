import type { Reader, Transaction } from '../storage/storage.ts'

export interface SessionRow {
  readonly sessionHash: string
  readonly transactionId: string
  readonly encryptedFacts: string
  readonly expiresAt: number
  readonly version: number
}

type StoredRow = {
  session_hash: string
  transaction_id: string
  facts_encrypted: string
  expires_at: number
  version: number
}

/** Also forgets the sessions whose time is over. */
export async function insertSession(transaction: Transaction, row: SessionRow, now: number): Promise<void> {
  await transaction.write('delete from window_sessions where expires_at <= ?1', [now])
  await transaction.write(
    `insert into window_sessions (session_hash, transaction_id, facts_encrypted, expires_at, version)
     values (?1, ?2, ?3, ?4, ?5)`,
    [row.sessionHash, row.transactionId, row.encryptedFacts, row.expiresAt, row.version],
  )
}

export async function readSession(reader: Reader, sessionHash: string, now: number): Promise<SessionRow | undefined> {
  const [row] = await reader.read<StoredRow>(
    'select * from window_sessions where session_hash = ?1 and expires_at > ?2',
    [sessionHash, now],
  )
  if (row === undefined) return undefined
  return {
    sessionHash: row.session_hash,
    transactionId: row.transaction_id,
    encryptedFacts: row.facts_encrypted,
    expiresAt: row.expires_at,
    version: row.version,
  }
}

/** False when another tab was quicker. */
export async function replaceFacts(
  transaction: Transaction,
  { sessionHash, version, encryptedFacts }: Pick<SessionRow, 'sessionHash' | 'version' | 'encryptedFacts'>,
): Promise<boolean> {
  const changed = await transaction.write(
    'update window_sessions set facts_encrypted = ?3, version = version + 1 where session_hash = ?1 and version = ?2',
    [sessionHash, version, encryptedFacts],
  )
  return changed === 1
}
