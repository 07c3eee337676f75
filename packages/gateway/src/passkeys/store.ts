import type { Context } from '../context.ts'
import { changesOne, type Reader, type Transaction } from '../storage/storage.ts'
import { type ChallengePurpose, type Credential, type KnownPasskey, mostPasskeys, type PasskeyUse } from './model.ts'

type PasskeyRow = {
  readonly passkey_id: string
  readonly member_id: string
  readonly credential_encrypted: string
  readonly sign_count: number
  readonly created_at: number
  readonly last_used_at: number | null
}

/** The member's passkeys of one relying party, in the order in which they were made. */
export async function passkeysOf(
  { storage, keyRing }: { readonly storage: Reader; readonly keyRing: Context['keyRing'] },
  memberId: string,
  relyingParty: string,
): Promise<readonly KnownPasskey[]> {
  const rows = await storage.read<PasskeyRow>(
    'select * from passkeys where member_id = ?1 and relying_party = ?2 order by created_at, passkey_id',
    [memberId, relyingParty],
  )
  return rows.map((row) => ({
    passkeyId: row.passkey_id,
    memberId: row.member_id,
    createdAt: new Date(row.created_at),
    lastUsedAt: row.last_used_at === null ? undefined : new Date(row.last_used_at),
    credential: JSON.parse(keyRing.decrypt(row.credential_encrypted, encryptContext(row.member_id, row.passkey_id))),
    signCount: row.sign_count,
  }))
}

interface NewPasskey {
  readonly passkeyId: string
  readonly memberId: string
  readonly relyingParty: string
  readonly credential: Credential
  readonly signCount: number
}

/** `already_registered`: any member has this credential. `too_many`: at this relying party. */
export function insertPasskey(
  { storage, keyRing, runtime }: Context,
  { passkeyId, memberId, relyingParty, credential, signCount }: NewPasskey,
): Promise<'inserted' | 'already_registered' | 'too_many'> {
  const [fingerprint = '', ...former] = keyRing.fingerprints(credential.credentialId, `passkey:${relyingParty}`)
  const encrypted = keyRing.encrypt(JSON.stringify(credential), encryptContext(memberId, passkeyId))
  const at = runtime.now().getTime()
  return storage.transact(async (transaction) => {
    // Locks the member's challenges: of two concurrent registrations, the second waits and counts the first's passkey.
    await transaction.read(
      `select 1 from passkey_challenges where member_id = ?1 and purpose = 'register'
       order by challenge_id ${transaction.lock.wait}`,
      [memberId],
    )
    const known = await passkeysOf({ storage: transaction, keyRing }, memberId, relyingParty)
    if (known.length >= mostPasskeys) return 'too_many'
    for (const one of former) {
      const [found] = await transaction.read('select 1 from passkeys where credential_fingerprint = ?1', [one])
      if (found !== undefined) return 'already_registered'
    }
    const inserted = await transaction.write(
      `insert into passkeys (passkey_id, member_id, relying_party, credential_fingerprint, credential_encrypted,
         sign_count, created_at)
       values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
       on conflict (credential_fingerprint) do nothing`,
      [passkeyId, memberId, relyingParty, fingerprint, encrypted, signCount, at],
    )
    return inserted === 1 ? 'inserted' : 'already_registered'
  })
}

type PasskeyKey = Pick<NewPasskey, 'passkeyId' | 'memberId'>

/** Compare-and-set of the signature counter. False, and the passkey must not pay, when it did not grow or is gone. */
export const recordUse = (
  { storage, runtime }: Context,
  { passkeyId, memberId, signCount }: PasskeyKey & Pick<NewPasskey, 'signCount'>,
): Promise<boolean> =>
  changesOne(
    storage,
    `update passkeys set sign_count = ?3, last_used_at = ?4
     where passkey_id = ?1 and member_id = ?2 and (sign_count < ?3 or (sign_count = 0 and ?3 = 0))`,
    [passkeyId, memberId, signCount, runtime.now().getTime()],
  )

/** False when the member has no such passkey. */
export const deletePasskey = ({ storage }: Context, { passkeyId, memberId }: PasskeyKey): Promise<boolean> =>
  changesOne(storage, 'delete from passkeys where passkey_id = ?1 and member_id = ?2', [passkeyId, memberId])

/** With challenges, so that no registration in progress adds another. */
export async function deletePasskeysOf(transaction: Transaction, memberId: string): Promise<void> {
  await transaction.write('delete from passkeys where member_id = ?1', [memberId])
  await transaction.write('delete from passkey_challenges where member_id = ?1', [memberId])
}

export interface ChallengeKey {
  readonly challengeId: string
  readonly purpose: ChallengePurpose
  readonly use: PasskeyUse
}

export type AskedChallenge = {
  /** With its port, as the browser named it. */
  readonly host: string
  readonly random: string
}

/** Also deletes expired challenges. */
export async function insertChallenge(
  transaction: Transaction,
  { host, random, expiresAt, ...key }: ChallengeKey & AskedChallenge & { readonly expiresAt: number },
  now: number,
): Promise<void> {
  await transaction.write('delete from passkey_challenges where expires_at <= ?1', [now])
  await transaction.write(
    `insert into passkey_challenges (challenge_id, purpose, session_hash, member_id, transaction_id, order_id, amount,
       host, random, expires_at)
     values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`,
    [...keyValues(key), host, random, expiresAt],
  )
}

const isUsable = `challenge_id = ?1 and purpose = ?2 and session_hash = ?3 and member_id = ?4 and transaction_id = ?5
  and order_id = ?6 and amount = ?7 and used_at is null and expires_at > ?8`

/** Undefined when it is used, expired, or bound to another use. */
export async function findChallenge(
  reader: Reader,
  key: ChallengeKey,
  now: number,
): Promise<AskedChallenge | undefined> {
  const sql = `select host, random from passkey_challenges where ${isUsable}`
  const [found] = await reader.read<AskedChallenge>(sql, [...keyValues(key), now])
  return found
}

/** Compare-and-set: exactly one of several concurrent requests gets it. */
export async function claimChallenge(
  transaction: Transaction,
  key: ChallengeKey,
  now: number,
): Promise<AskedChallenge | undefined> {
  const sql = `update passkey_challenges set used_at = ?8 where ${isUsable} returning host, random`
  const [claimed] = await transaction.read<AskedChallenge>(sql, [...keyValues(key), now])
  return claimed
}

function keyValues({ challengeId, purpose, use }: ChallengeKey): readonly (string | number)[] {
  const { sessionHash, memberId, transactionId, orderId, amount } = use
  return [challengeId, purpose, sessionHash, memberId, transactionId, orderId, amount]
}

const encryptContext = (memberId: string, passkeyId: string): string => `passkey:${memberId}:${passkeyId}`
