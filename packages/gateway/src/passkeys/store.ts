import type { Context } from '../context.ts'
import type { Reader, Transaction } from '../storage/storage.ts'
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
  { storage, keyRing, runtime }: Pick<Context, 'storage' | 'keyRing' | 'runtime'>,
  { passkeyId, memberId, relyingParty, credential, signCount }: NewPasskey,
): Promise<'inserted' | 'already_registered' | 'too_many'> {
  const [fingerprint = '', ...former] = keyRing.fingerprints(credential.credentialId, `passkey:${relyingParty}`)
  const values = [
    passkeyId,
    memberId,
    relyingParty,
    fingerprint,
    keyRing.encrypt(JSON.stringify(credential), encryptContext(memberId, passkeyId)),
    signCount,
    runtime.now().getTime(),
  ]
  return storage.transact(async (transaction) => {
    // Locks the member's challenges: of two concurrent registrations, the second waits and counts the first's passkey.
    await transaction.read(
      `select 1 from passkey_challenges where member_id = ?1 and purpose = 'register'
       order by challenge_id ${transaction.lock.wait}`,
      [memberId],
    )
    const [known] = await transaction.read<{ count: number }>(
      'select count(*) as count from passkeys where member_id = ?1 and relying_party = ?2',
      [memberId, relyingParty],
    )
    if ((known?.count ?? 0) >= mostPasskeys) return 'too_many'
    for (const one of former) {
      const found = await transaction.read('select 1 from passkeys where credential_fingerprint = ?1', [one])
      if (found.length > 0) return 'already_registered'
    }
    const inserted = await transaction.write(
      `insert into passkeys (passkey_id, member_id, relying_party, credential_fingerprint, credential_encrypted,
         sign_count, created_at)
       values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
       on conflict (credential_fingerprint) do nothing`,
      values,
    )
    return inserted === 1 ? 'inserted' : 'already_registered'
  })
}

/** Compare-and-set of the signature counter. False, and the passkey must not pay, when it did not grow or is gone. */
export async function recordUse(
  { storage, runtime }: Pick<Context, 'storage' | 'runtime'>,
  { passkeyId, memberId, signCount }: Pick<NewPasskey, 'passkeyId' | 'memberId' | 'signCount'>,
): Promise<boolean> {
  const changed = await storage.transact((transaction) =>
    transaction.write(
      `update passkeys set sign_count = ?3, last_used_at = ?4
       where passkey_id = ?1 and member_id = ?2 and (sign_count < ?3 or (sign_count = 0 and ?3 = 0))`,
      [passkeyId, memberId, signCount, runtime.now().getTime()],
    ),
  )
  return changed === 1
}

export const deletePasskey = (
  { storage }: Pick<Context, 'storage'>,
  { passkeyId, memberId }: Pick<NewPasskey, 'passkeyId' | 'memberId'>,
): Promise<number> =>
  storage.transact((transaction) =>
    transaction.write('delete from passkeys where passkey_id = ?1 and member_id = ?2', [passkeyId, memberId]),
  )

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

export interface AskedChallenge {
  /** With its port, as the browser named it. */
  readonly host: string
  readonly random: string
}

/** Also deletes expired challenges. */
export async function insertChallenge(
  transaction: Transaction,
  { challengeId, purpose, use, host, random }: ChallengeKey & AskedChallenge,
  { now, expiresAt }: { readonly now: number; readonly expiresAt: number },
): Promise<void> {
  await transaction.write('delete from passkey_challenges where expires_at <= ?1', [now])
  await transaction.write(
    `insert into passkey_challenges (challenge_id, purpose, session_hash, member_id, transaction_id, order_id, amount,
       host, random, expires_at)
     values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`,
    [...keyValues({ challengeId, purpose, use }), host, random, expiresAt],
  )
}

const isUsable = `challenge_id = ?1 and purpose = ?2 and session_hash = ?3 and member_id = ?4 and transaction_id = ?5
  and order_id = ?6 and amount = ?7 and used_at is null and expires_at > ?8`

/** Undefined when it is used, expired, or bound to another use. */
export async function readUsableChallenge(
  reader: Reader,
  key: ChallengeKey,
  now: number,
): Promise<AskedChallenge | undefined> {
  const rows = await reader.read<{ host: string; random: string }>(
    `select host, random from passkey_challenges where ${isUsable}`,
    [...keyValues(key), now],
  )
  return rows[0]
}

/** Compare-and-set: exactly one of several concurrent requests gets it. */
export async function claimChallenge(
  transaction: Transaction,
  key: ChallengeKey,
  now: number,
): Promise<AskedChallenge | undefined> {
  const rows = await transaction.read<{ host: string; random: string }>(
    `update passkey_challenges set used_at = ?8 where ${isUsable} returning host, random`,
    [...keyValues(key), now],
  )
  return rows[0]
}

const keyValues = ({ challengeId, purpose, use }: ChallengeKey): readonly (string | number)[] => [
  challengeId,
  purpose,
  use.sessionHash,
  use.memberId,
  use.transactionId,
  use.orderId,
  use.amount,
]

const encryptContext = (memberId: string, passkeyId: string): string => `passkey:${memberId}:${passkeyId}`
