import { isDeepStrictEqual } from 'node:util'
import type { Context } from '../context.ts'
import { Secret } from '../secret.ts'
import { readByKey } from '../storage/batching.ts'
import type { Reader } from '../storage/storage.ts'
import { readBillKeyPolicy, writeBillKeyPolicy } from './bill-key-policy.ts'
import { readInterestFree, writeInterestFree } from './interest-free.ts'
import { findMerchantProblems, type IdentityMatch, type Merchant, MerchantError } from './model.ts'

type MerchantRow = {
  readonly merchant_id: string
  readonly easy_pay_merchant_id: string
  readonly name: string
  readonly merchant_key_encrypted: string
  readonly cancel_password_encrypted: string
  readonly identity_match: string
  readonly identity_verification: string
  readonly minimum_amount: number
  readonly request_max_age_ms: number
  readonly request_max_ahead_ms: number
  readonly accepts_legacy_signature: number
  readonly repeated_approval: string
  readonly repeated_cancellation: string
  readonly repeated_deletion: string
  readonly abort_code: string
  readonly acquirer_merchant_number: string
  readonly allowed_origins: string
  readonly interest_free: string
  readonly shows_cards_before_password: number
  readonly takes_general_payments: number
  readonly card_network_timeout_ms: number | null
  readonly former_keys_encrypted: string | null
  readonly takes_payments: number
  readonly bill_keys: string | null
}

type Needed = Pick<Context, 'storage' | 'keyRing'>

const byMerchantId = { table: 'merchants', column: 'merchant_id' }

/** Undefined for an unknown merchant id. */
export async function findMerchant({ storage, keyRing }: Needed, merchantId: string): Promise<Merchant | undefined> {
  const row = await readByKey<MerchantRow>(storage, byMerchantId, merchantId)
  return row === undefined ? undefined : openedMerchant(keyRing, row)
}

/** All merchants, by their id. */
export async function listMerchants({
  storage,
  keyRing,
}: Pick<Context, 'keyRing'> & { readonly storage: Reader }): Promise<readonly Merchant[]> {
  const rows = await storage.read<MerchantRow>('select * from merchants order by merchant_id')
  return rows.map((row) => merchantOf(keyRing, row))
}

/**
 * Adds the merchant, or replaces the one with the same id. Throws {@link MerchantError} for one that could not take
 * payments.
 */
export async function saveMerchant({ storage, keyRing }: Needed, merchant: Merchant): Promise<void> {
  const problems = findMerchantProblems(merchant)
  if (problems.length > 0) throw new MerchantError(problems)
  await storage.transact((transaction) =>
    transaction.write(
      `insert into merchants (merchant_id, easy_pay_merchant_id, name, merchant_key_encrypted, cancel_password_encrypted,
         identity_match, minimum_amount, request_max_age_ms, request_max_ahead_ms, accepts_legacy_signature,
         repeated_approval, acquirer_merchant_number, allowed_origins, interest_free, identity_verification,
         shows_cards_before_password, repeated_cancellation, repeated_deletion, abort_code,
         takes_general_payments, card_network_timeout_ms, former_keys_encrypted, takes_payments, bill_keys)
       values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)
       on conflict (merchant_id) do update set
         easy_pay_merchant_id = excluded.easy_pay_merchant_id, name = excluded.name,
         merchant_key_encrypted = excluded.merchant_key_encrypted, cancel_password_encrypted = excluded.cancel_password_encrypted,
         identity_match = excluded.identity_match, minimum_amount = excluded.minimum_amount,
         request_max_age_ms = excluded.request_max_age_ms, request_max_ahead_ms = excluded.request_max_ahead_ms,
         accepts_legacy_signature = excluded.accepts_legacy_signature, repeated_approval = excluded.repeated_approval,
         acquirer_merchant_number = excluded.acquirer_merchant_number, allowed_origins = excluded.allowed_origins,
         interest_free = excluded.interest_free, identity_verification = excluded.identity_verification,
         shows_cards_before_password = excluded.shows_cards_before_password,
         repeated_cancellation = excluded.repeated_cancellation, repeated_deletion = excluded.repeated_deletion,
         abort_code = excluded.abort_code, takes_general_payments = excluded.takes_general_payments,
         card_network_timeout_ms = excluded.card_network_timeout_ms,
         former_keys_encrypted = excluded.former_keys_encrypted, takes_payments = excluded.takes_payments,
         bill_keys = excluded.bill_keys`,
      [
        merchant.merchantId,
        merchant.easyPayMerchantId,
        merchant.name,
        keyRing.encrypt(merchant.merchantKey.expose(), keyContext(merchant.merchantId)),
        keyRing.encrypt(merchant.cancelPassword.expose(), cancelContext(merchant.merchantId)),
        merchant.identityMatch,
        merchant.minimumAmount,
        merchant.requestMaxAgeMs,
        merchant.requestMaxAheadMs,
        merchant.acceptsLegacySignature ? 1 : 0,
        merchant.repeatedApproval,
        merchant.acquirerMerchantNumber,
        merchant.allowedOrigins.join(' '),
        writeInterestFree(merchant.interestFree),
        merchant.identityVerification,
        merchant.showsCardsBeforePassword ? 1 : 0,
        merchant.repeatedCancellation,
        merchant.repeatedDeletion,
        merchant.abortCode,
        merchant.takesGeneralPayments ? 1 : 0,
        merchant.cardNetworkTimeoutMs ?? null,
        writeFormerKeys(keyRing, merchant),
        merchant.takesPayments === false ? 0 : 1,
        writeBillKeyPolicy(merchant.billKeys),
      ],
    ),
  )
}

const opened = new WeakMap<Context['keyRing'], Map<string, { row: MerchantRow; readonly merchant: Merchant }>>()

/** Whether this process has read the merchant before. */
export const isMerchantCached = (keyRing: Context['keyRing'], merchantId: string): boolean =>
  opened.get(keyRing)?.has(merchantId) === true

/** Caches merchants per process: secrets are decrypted again only when the row has changed. */
function openedMerchant(keyRing: Context['keyRing'], row: MerchantRow): Merchant {
  const known = opened.get(keyRing) ?? new Map()
  opened.set(keyRing, known)
  const before = known.get(row.merchant_id)
  if (before !== undefined && (before.row === row || isDeepStrictEqual(before.row, row))) {
    // Calls that share a statement get the same row object, so it is compared once.
    before.row = row
    return before.merchant
  }
  const merchant = merchantOf(keyRing, row)
  known.set(row.merchant_id, { row, merchant })
  return merchant
}

const keyContext = (merchantId: string): string => `merchant-key:${merchantId}`
const formerContext = (merchantId: string): string => `merchant-former-keys:${merchantId}`
const cancelContext = (merchantId: string): string => `merchant-cancel:${merchantId}`

/** JSON of the keys and their ends, encrypted; null without any. */
function writeFormerKeys(keyRing: Context['keyRing'], { merchantId, formerKeys = [] }: Merchant): string | null {
  const written = formerKeys.map(({ key, until }) => ({ key: key.expose(), until }))
  return written.length === 0 ? null : keyRing.encrypt(JSON.stringify(written), formerContext(merchantId))
}

function readFormerKeys(
  keyRing: Context['keyRing'],
  { merchant_id, former_keys_encrypted: encrypted }: MerchantRow,
): Pick<Merchant, 'formerKeys'> {
  if (encrypted === null) return {}
  const written: readonly { key: string; until?: string }[] = JSON.parse(
    keyRing.decrypt(encrypted, formerContext(merchant_id)),
  )
  return {
    formerKeys: written.map(({ key, until }) => ({
      key: new Secret(key),
      ...(until === undefined ? {} : { until: new Date(until) }),
    })),
  }
}

const merchantOf = (keyRing: Context['keyRing'], row: MerchantRow): Merchant => ({
  merchantId: row.merchant_id,
  easyPayMerchantId: row.easy_pay_merchant_id,
  name: row.name,
  merchantKey: new Secret(keyRing.decrypt(row.merchant_key_encrypted, keyContext(row.merchant_id))),
  cancelPassword: new Secret(keyRing.decrypt(row.cancel_password_encrypted, cancelContext(row.merchant_id))),
  identityMatch: row.identity_match as IdentityMatch,
  identityVerification: row.identity_verification as Merchant['identityVerification'],
  minimumAmount: row.minimum_amount,
  requestMaxAgeMs: row.request_max_age_ms,
  requestMaxAheadMs: row.request_max_ahead_ms,
  acceptsLegacySignature: row.accepts_legacy_signature === 1,
  repeatedApproval: row.repeated_approval as Merchant['repeatedApproval'],
  repeatedCancellation: row.repeated_cancellation as Merchant['repeatedCancellation'],
  repeatedDeletion: row.repeated_deletion as Merchant['repeatedDeletion'],
  abortCode: row.abort_code as Merchant['abortCode'],
  acquirerMerchantNumber: row.acquirer_merchant_number,
  allowedOrigins: row.allowed_origins.split(' ').filter((origin) => origin !== ''),
  interestFree: readInterestFree(JSON.parse(row.interest_free)),
  showsCardsBeforePassword: row.shows_cards_before_password === 1,
  takesGeneralPayments: row.takes_general_payments === 1,
  ...(row.card_network_timeout_ms === null ? {} : { cardNetworkTimeoutMs: row.card_network_timeout_ms }),
  ...readFormerKeys(keyRing, row),
  ...(row.takes_payments === 0 ? { takesPayments: false } : {}),
  ...(row.bill_keys === null ? {} : { billKeys: readBillKeyPolicy(row.bill_keys) }),
})
