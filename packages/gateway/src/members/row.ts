import type { Context } from '../context.ts'
import { type Member, type MemberIdentity, mostAttempts } from './model.ts'

export type MemberRow = {
  readonly member_id: string
  /** The scope: an easy-pay merchant, or one merchant of it. */
  readonly easy_pay_merchant_id: string
  /** For a pending member, a placeholder with the transaction id. */
  readonly customer_id: string
  readonly ci_fingerprint: string | null
  readonly pending_customer_id: string | null
  readonly pending_transaction_id: string | null
  readonly identity_encrypted: string
  readonly password_hash: string | null
  readonly failed_attempts: number
  readonly attempts_decay_from: number | null
  readonly joined_at: number
}

type KeyRing = Context['keyRing']

const identityContext = (memberId: string): string => `member-identity:${memberId}`

export function encryptIdentity(keyRing: KeyRing, memberId: string, identity: MemberIdentity | undefined): string {
  const kept = identity === undefined ? null : { ...identity, verifiedAt: identity.verifiedAt.getTime() }
  return keyRing.encrypt(JSON.stringify(kept), identityContext(memberId))
}

export function identityOf(keyRing: KeyRing, row: MemberRow): MemberIdentity | undefined {
  const kept = JSON.parse(keyRing.decrypt(row.identity_encrypted, identityContext(row.member_id)))
  return kept === null ? undefined : { ...kept, verifiedAt: new Date(kept.verifiedAt) }
}

const tagLength = 24

/** The authentication tag at the end of the ciphertext: differs each time, also for the same identity. */
export const versionOf = (encrypted: string): string => encrypted.slice(-tagLength)

export const memberOf = (row: MemberRow): Member => ({
  memberId: row.member_id,
  customerId: row.pending_customer_id ?? row.customer_id,
  isPending: row.pending_customer_id !== null,
  ciFingerprint: row.ci_fingerprint ?? undefined,
  hasPassword: row.password_hash !== null,
  isLocked: row.failed_attempts >= mostAttempts,
  joinedAt: new Date(row.joined_at),
  identityVersion: versionOf(row.identity_encrypted),
})
