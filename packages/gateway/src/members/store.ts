import type { Context } from '../context.ts'
import type { Reader, Transaction } from '../storage/storage.ts'
import { type Member, type MemberIdentity, type MemberKey, mostAttempts } from './model.ts'

type MemberRow = {
  readonly member_id: string
  readonly easy_pay_merchant_id: string
  readonly customer_id: string
  readonly identity_sealed: string
  readonly password_hash: string | null
  readonly failed_attempts: number
  readonly joined_at: number
}

export type DeletionOutcome = 'member_deleted' | 'member_without_card_deleted'

export async function findMember(
  { storage }: { readonly storage: Reader },
  { easyPayMerchantId, customerId }: MemberKey,
): Promise<Member | undefined> {
  const [row] = await storage.read<MemberRow>(
    'select * from members where easy_pay_merchant_id = ?1 and customer_id = ?2',
    [easyPayMerchantId, customerId],
  )
  return row === undefined ? undefined : memberOf(row)
}

export async function findMemberIdentity(
  { storage, keyRing }: Pick<Context, 'storage' | 'keyRing'>,
  memberId: string,
): Promise<MemberIdentity | undefined> {
  const [row] = await storage.read<MemberRow>('select * from members where member_id = ?1', [memberId])
  if (row === undefined) return undefined
  const identity = JSON.parse(keyRing.open(row.identity_sealed, identityContext(memberId)))
  return { ...identity, verifiedAt: new Date(identity.verifiedAt) }
}

/** The existing member when the customer has joined already. */
export async function insertMember(
  { storage, keyRing, runtime }: Pick<Context, 'storage' | 'keyRing' | 'runtime'>,
  given: MemberKey & { readonly memberId: string; readonly identity: MemberIdentity },
): Promise<Member> {
  const { memberId, easyPayMerchantId, customerId, identity } = given
  const sealed = sealIdentity(keyRing, memberId, identity)
  return storage.transact(async (transaction) => {
    await transaction.write(
      `insert into members (member_id, easy_pay_merchant_id, customer_id, identity_sealed, failed_attempts, joined_at)
       values (?1, ?2, ?3, ?4, 0, ?5)
       on conflict (easy_pay_merchant_id, customer_id) do nothing`,
      [memberId, easyPayMerchantId, customerId, sealed, runtime.now().getTime()],
    )
    const member = await findMember({ storage: transaction }, given)
    if (member === undefined) throw new Error('a member that was just inserted is missing')
    return member
  })
}

/** Counts a try before anything is compared, so that parallel guesses cannot pass the limit. Undefined: no try is left. */
export async function claimAttempt(
  { storage, runtime }: Pick<Context, 'storage' | 'runtime'>,
  memberId: string,
): Promise<{ readonly passwordHash: string; readonly triesLeft: number } | undefined> {
  const [row] = await storage.transact((transaction) =>
    transaction.read<Pick<MemberRow, 'password_hash' | 'failed_attempts'>>(
      `update members set failed_attempts = failed_attempts + 1,
         locked_at = case when failed_attempts + 1 >= ?2 then ?3 else locked_at end
       where member_id = ?1 and password_hash is not null and failed_attempts < ?2
       returning password_hash, failed_attempts`,
      [memberId, mostAttempts, runtime.now().getTime()],
    ),
  )
  if (row === undefined || row.password_hash === null) return undefined
  return { passwordHash: row.password_hash, triesLeft: mostAttempts - row.failed_attempts }
}

/** False when the password was replaced since `passwordHash` was read. */
export async function forgetAttempts(
  { storage }: Pick<Context, 'storage'>,
  memberId: string,
  passwordHash: string,
): Promise<boolean> {
  const changed = await storage.transact((transaction) =>
    transaction.write(
      'update members set failed_attempts = 0, locked_at = null where member_id = ?1 and password_hash = ?2',
      [memberId, passwordHash],
    ),
  )
  return changed === 1
}

/** False when a password is there already: only a new identity verification makes room for another. */
export async function insertPassword(
  { storage }: Pick<Context, 'storage'>,
  memberId: string,
  passwordHash: string,
): Promise<boolean> {
  const changed = await storage.transact((transaction) =>
    transaction.write(
      `update members set password_hash = ?2, failed_attempts = 0, locked_at = null
       where member_id = ?1 and password_hash is null`,
      [memberId, passwordHash],
    ),
  )
  return changed === 1
}

/** The same password, hashed with the pepper of the current root key; a password that was replaced since stays. */
export async function replaceHash(
  { storage }: Pick<Context, 'storage'>,
  memberId: string,
  hashes: { readonly from: string; readonly to: string },
): Promise<void> {
  await storage.transact((transaction) =>
    transaction.write('update members set password_hash = ?3 where member_id = ?1 and password_hash = ?2', [
      ...[memberId, hashes.from, hashes.to],
    ]),
  )
}

/** Clears lock and password, and keeps the identity as verified now. */
export async function replaceIdentity(
  { storage, keyRing }: Pick<Context, 'storage' | 'keyRing'>,
  memberId: string,
  identity: MemberIdentity,
): Promise<void> {
  await storage.transact((transaction) =>
    transaction.write(
      `update members set identity_sealed = ?2, password_hash = null, failed_attempts = 0, locked_at = null
       where member_id = ?1`,
      [memberId, sealIdentity(keyRing, memberId, identity)],
    ),
  )
}

export const deleteMemberRow = (transaction: Transaction, memberId: string): Promise<number> =>
  transaction.write('delete from members where member_id = ?1', [memberId])

/** By its fingerprint under any root key there has been. */
export async function findSpentDeletion(
  transaction: Transaction,
  bodyFingerprints: readonly string[],
): Promise<DeletionOutcome | undefined> {
  for (const bodyFingerprint of bodyFingerprints) {
    const [row] = await transaction.read<{ outcome: string }>(
      'select outcome from spent_deletions where body_fingerprint = ?1',
      [bodyFingerprint],
    )
    if (row !== undefined) return row.outcome as DeletionOutcome
  }
  return undefined
}

export async function recordSpentDeletion(
  transaction: Transaction,
  spent: {
    readonly bodyFingerprint: string
    readonly memberId: string
    readonly outcome: DeletionOutcome
    readonly at: Date
  },
): Promise<void> {
  await transaction.write(
    'insert into spent_deletions (body_fingerprint, member_id, outcome, at) values (?1, ?2, ?3, ?4)',
    [spent.bodyFingerprint, spent.memberId, spent.outcome, spent.at.getTime()],
  )
}

const identityContext = (memberId: string): string => `member-identity:${memberId}`

const sealIdentity = (keyRing: Context['keyRing'], memberId: string, identity: MemberIdentity): string => {
  const { name, phone, birthDate, verifiedAt } = identity
  return keyRing.seal(
    JSON.stringify({ name, phone, birthDate, verifiedAt: verifiedAt.getTime() }),
    identityContext(memberId),
  )
}

const memberOf = (row: MemberRow): Member => ({
  memberId: row.member_id,
  easyPayMerchantId: row.easy_pay_merchant_id,
  customerId: row.customer_id,
  hasPassword: row.password_hash !== null,
  isLocked: row.failed_attempts >= mostAttempts,
  joinedAt: new Date(row.joined_at),
})
