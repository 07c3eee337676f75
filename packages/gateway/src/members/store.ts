import type { Context } from '../context.ts'
import { changesOne, type Reader, type Transaction } from '../storage/storage.ts'
import {
  countAttempt,
  type Member,
  type MemberIdentity,
  type MemberKey,
  mostAttempts,
  type PaymentCustomer,
  scopeOf,
} from './model.ts'
import { encryptIdentity, identityOf, type MemberRow, memberOf, versionOf } from './row.ts'

type KeyRing = Context['keyRing']
type Stored = Pick<Context, 'storage'>
type Encryption = { readonly transaction: Transaction; readonly keyRing: KeyRing }

/** The member that an approved payment has bound to the customer; `easyPayMerchantId` may be a scope. */
export async function findMember(
  { storage }: { readonly storage: Reader },
  { easyPayMerchantId, customerId }: MemberKey,
): Promise<Member | undefined> {
  const sql = 'select * from members where easy_pay_merchant_id = ?1 and customer_id = ?2'
  const [row] = await storage.read<MemberRow>(sql, [easyPayMerchantId, customerId])
  return row && memberOf(row)
}

/** The member of a payment's window: the customer's bound member, else the one that joined in this window. */
export async function findPayingMember(
  { storage }: { readonly storage: Reader },
  customer: PaymentCustomer,
): Promise<Member | undefined> {
  const { easyPayMerchantId, customerId, transactionId } = customer
  const rows = await storage.read<MemberRow>(
    'select * from members where easy_pay_merchant_id in (?1, ?2) and customer_id in (?3, ?4)',
    [easyPayMerchantId, scopeOf(customer), customerId, placeholderOf(transactionId)],
  )
  const isBound = (row: MemberRow): boolean => row.customer_id === customerId
  const isShared = (row: MemberRow): boolean => row.easy_pay_merchant_id === easyPayMerchantId
  const row = rows.find((one) => isBound(one) && isShared(one)) ?? rows.find(isBound) ?? rows[0]
  return row && memberOf(row)
}

/** Undefined for an unknown member, and for one without a verified identity. */
export async function findMemberIdentity(
  { storage, keyRing }: { readonly storage: Reader; readonly keyRing: KeyRing },
  memberId: string,
): Promise<MemberIdentity | undefined> {
  const row = await findRow(storage, memberId)
  return row && identityOf(keyRing, row)
}

/** Like {@link findMemberIdentity}; the member is locked until the transaction ends. */
export async function lockIdentity(
  { transaction, keyRing }: Encryption,
  memberId: string,
): Promise<MemberIdentity | undefined> {
  const row = await findRow(transaction, memberId, transaction.lock.wait)
  return row && identityOf(keyRing, row)
}

/** Locks the member until the transaction ends; false when there is none. */
export const lockMember = async (transaction: Transaction, memberId: string): Promise<boolean> =>
  (await findRow(transaction, memberId, transaction.lock.wait)) !== undefined

async function findRow(reader: Reader, memberId: string, lock = ''): Promise<MemberRow | undefined> {
  const [row] = await reader.read<MemberRow>(`select * from members where member_id = ?1 ${lock}`, [memberId])
  return row
}

interface NewMember {
  readonly memberId: string
  readonly customer: PaymentCustomer
  readonly identity: MemberIdentity | undefined
  readonly joinedAt: Date
}

/** Idempotent: a payment has one pending member, or one guest, who has no customer. */
export async function insertPendingMember(
  { transaction, keyRing }: Encryption,
  { memberId, customer, identity, joinedAt }: NewMember,
): Promise<void> {
  const { customerId, transactionId } = customer
  const scope = scopeOf(customer)
  const ciFingerprint = identity && ciFingerprintsOf(keyRing, scope, identity.ci)[0]
  const encrypted = encryptIdentity(keyRing, memberId, identity)
  const [placeholder, at] = [placeholderOf(transactionId), joinedAt.getTime()]
  await transaction.write(
    `insert into members (member_id, easy_pay_merchant_id, customer_id, pending_customer_id, pending_transaction_id,
       pending_since, ci_fingerprint, identity_encrypted, failed_attempts, joined_at)
     values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?6)
     on conflict (easy_pay_merchant_id, customer_id) do nothing`,
    [memberId, scope, placeholder, customerId || null, transactionId, at, ciFingerprint ?? null, encrypted],
  )
}

/** The pending member of this customer with this CI, from the window of another payment. */
export async function findPendingPerson(
  { transaction, keyRing }: Encryption,
  customer: PaymentCustomer,
  ci: string,
): Promise<Member | undefined> {
  const scope = scopeOf(customer)
  for (const ciFingerprint of ciFingerprintsOf(keyRing, scope, ci)) {
    const [row] = await transaction.read<MemberRow>(
      `select * from members where easy_pay_merchant_id = ?1 and pending_customer_id = ?2 and ci_fingerprint = ?3
       order by pending_since desc, member_id limit 1 ${transaction.lock.wait}`,
      [scope, customer.customerId, ciFingerprint],
    )
    if (row !== undefined) return memberOf(row)
  }
  return undefined
}

/** Moves the pending member to another payment. */
export const movePendingMember = (
  transaction: Transaction,
  memberId: string,
  { transactionId, at }: { readonly transactionId: string; readonly at: Date },
): Promise<number> =>
  transaction.write(
    `update members set customer_id = ?2, pending_transaction_id = ?3, pending_since = ?4
     where member_id = ?1 and pending_since is not null`,
    [memberId, placeholderOf(transactionId), transactionId, at.getTime()],
  )

/**
 * Binds a pending member to its customer. `taken`: another member is bound. `not_pending`: the member is bound already,
 * or gone. Locks all pending members of the customer first: of two concurrent approvals, the second sees what the first
 * has bound.
 */
export async function bindPendingMember(
  transaction: Transaction,
  memberId: string,
): Promise<'bound' | 'taken' | 'not_pending'> {
  const found = await findRow(transaction, memberId)
  if (found === undefined || found.pending_customer_id === null) return 'not_pending'
  const key = [found.easy_pay_merchant_id, found.pending_customer_id]
  const pending = await transaction.read<Pick<MemberRow, 'member_id'>>(
    `select member_id from members where easy_pay_merchant_id = ?1 and pending_customer_id = ?2
     order by member_id ${transaction.lock.wait}`,
    key,
  )
  if (!pending.some(({ member_id }) => member_id === memberId)) return 'not_pending'
  const bound = await transaction.write(
    `update members set customer_id = ?3, pending_customer_id = null, pending_transaction_id = null, pending_since = null
     where member_id = ?1 and not exists (
       select 1 from members as bound where bound.easy_pay_merchant_id = ?2 and bound.customer_id = ?3)`,
    [memberId, ...key],
  )
  return bound === 1 ? 'bound' : 'taken'
}

/** The ids of the customer's pending members in these scopes. */
export async function pendingMembersOf(
  transaction: Transaction,
  [scope, otherScope]: readonly [string, string],
  customerId: string,
): Promise<readonly string[]> {
  const rows = await transaction.read<Pick<MemberRow, 'member_id'>>(
    `select member_id from members where easy_pay_merchant_id in (?1, ?2) and pending_customer_id = ?3
     order by member_id ${transaction.lock.wait}`,
    [scope, otherScope, customerId],
  )
  return rows.map(({ member_id }) => member_id)
}

interface Old {
  readonly membersSince: Date
  /** Later than `membersSince`. */
  readonly guestsSince: Date
}

/** The second condition alone uses the index. */
const isOld = '(pending_since <= ?1 or pending_customer_id is null) and pending_since <= ?2'

/** Whether {@link oldPendingMembers} would find any. */
export async function hasOldPendingMembers({ storage }: Stored, { membersSince, guestsSince }: Old): Promise<boolean> {
  const since = [membersSince.getTime(), guestsSince.getTime()]
  return (await storage.read(`select 1 from members where ${isOld} limit 1`, since)).length > 0
}

/** The oldest pending members and guests, locked until the transaction ends. */
export async function oldPendingMembers(
  transaction: Transaction,
  { membersSince, guestsSince, limit }: Old & { readonly limit: number },
): Promise<readonly { readonly memberId: string; readonly transactionId: string; readonly isGuest: boolean }[]> {
  const rows = await transaction.read<MemberRow>(
    `select * from members where ${isOld} order by pending_since limit ?3 ${transaction.lock.skip}`,
    [membersSince.getTime(), guestsSince.getTime(), limit],
  )
  return rows.map(({ member_id, pending_transaction_id, pending_customer_id }) => ({
    memberId: member_id,
    transactionId: pending_transaction_id ?? '',
    isGuest: pending_customer_id === null,
  }))
}

/**
 * Counts an attempt before it is compared, so that concurrent guesses cannot exceed the limit. Undefined: locked, or
 * without a password.
 */
export function claimAttempt(
  { storage, runtime }: Pick<Context, 'storage' | 'runtime'>,
  memberId: string,
): Promise<{ readonly passwordHash: string; readonly triesLeft: number } | undefined> {
  const now = runtime.now().getTime()
  return storage.transact(async (transaction) => {
    const row = await findRow(transaction, memberId, transaction.lock.wait)
    if (row === undefined || row.password_hash === null || row.failed_attempts >= mostAttempts) return undefined
    const { failed, decayFrom } = countAttempt(
      { failed: row.failed_attempts, decayFrom: row.attempts_decay_from ?? now },
      now,
    )
    await transaction.write(
      'update members set failed_attempts = ?2, attempts_decay_from = ?3, locked_at = ?4 where member_id = ?1',
      [memberId, failed, decayFrom, failed >= mostAttempts ? now : null],
    )
    return { passwordHash: row.password_hash, triesLeft: mostAttempts - failed }
  })
}

/** Undoes {@link claimAttempt}. False when the password was replaced since `passwordHash` was read. */
export const returnAttempt = ({ storage }: Stored, memberId: string, passwordHash: string): Promise<boolean> =>
  changesOne(
    storage,
    `update members set locked_at = null,
       failed_attempts = case when failed_attempts > 0 then failed_attempts - 1 else 0 end
     where member_id = ?1 and password_hash = ?2`,
    [memberId, passwordHash],
  )

/** False when there is a password: only a new identity verification clears it. */
export const insertPassword = ({ storage }: Stored, memberId: string, passwordHash: string): Promise<boolean> =>
  changesOne(
    storage,
    `update members set password_hash = ?2, failed_attempts = 0, locked_at = null
     where member_id = ?1 and password_hash is null`,
    [memberId, passwordHash],
  )

/** Compare-and-set: the same password, hashed with the pepper of the current root key. */
export function replaceHash(
  { storage }: Stored,
  memberId: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<boolean> {
  const sql = 'update members set password_hash = ?3 where member_id = ?1 and password_hash = ?2'
  return changesOne(storage, sql, [memberId, from, to])
}

/** Clears the lock, too, so that a new password can be set. */
export const clearPassword = (transaction: Transaction, memberId: string): Promise<number> =>
  transaction.write(
    'update members set password_hash = null, failed_attempts = 0, locked_at = null where member_id = ?1',
    [memberId],
  )

/** Returns the new identity version. */
export async function replaceIdentity(
  { transaction, keyRing }: Encryption,
  memberId: string,
  identity: MemberIdentity,
): Promise<string> {
  const encrypted = encryptIdentity(keyRing, memberId, identity)
  await transaction.write('update members set identity_encrypted = ?2 where member_id = ?1', [memberId, encrypted])
  return versionOf(encrypted)
}

export const deleteMemberRow = (transaction: Transaction, memberId: string): Promise<number> =>
  transaction.write('delete from members where member_id = ?1', [memberId])

/** Fingerprints under the current root key, then under former ones. The CI itself is in the encrypted identity only. */
const ciFingerprintsOf = (keyRing: KeyRing, scope: string, ci: string): readonly string[] =>
  keyRing.fingerprints(ci, `member-ci:${scope}`)

/** Customer ids have no colon. */
const placeholderOf = (transactionId: string): string => `pending:${transactionId}`
