import { approvalResult, findUnwritable, paymentRequest } from '@sspay/protocol'
import type { Secret } from '../secret.ts'
import { type BillKeyPolicy, findBillKeyPolicyProblems, isBillKeyPolicyAllowed } from './bill-key-policy.ts'
import { findInterestFreeProblems, type InterestFreeRule, writeInterestFree } from './interest-free.ts'

/** The part of the verified identity that must match the buyer in the payment form (guide, 본인인증 옵션). */
export type IdentityMatch = 'none' | 'name' | 'phone' | 'name-and-phone'

/** A key that a newer one replaces, accepted while the shop moves to that. */
export interface FormerMerchantKey {
  readonly key: Secret
  /** Exclusive; undefined: as long as it is listed. */
  readonly until?: Date | undefined
}

/** A contract that may take payments: keys, limits, settings. */
export interface Merchant {
  /** Ten letters and digits. */
  readonly merchantId: string
  /** Several merchants may share one, and with it their members. */
  readonly easyPayMerchantId: string
  readonly name: string
  /** At least 32 characters: the first 32 are the key of EncData. */
  readonly merchantKey: Secret
  /** Requests may be signed and encrypted with one of these too; at most three. */
  readonly formerKeys?: readonly FormerMerchantKey[] | undefined
  /**
   * False rejects new windows and approvals, while refunds, inquiries and notifications go on. Default: true.
   */
  readonly takesPayments?: boolean | undefined
  /** Six digits, required by cancel.do. */
  readonly cancelPassword: Secret
  readonly identityMatch: IdentityMatch
  /** `off`: no agency verifies new members; docs/guides/en/identity.md lists the consequences. */
  readonly identityVerification: 'required' | 'off'
  /**
   * Anybody can open a window for a customer with a signed form. Without this it shows only how many cards the customer
   * has, until the password is tapped.
   */
  readonly showsCardsBeforePassword: boolean
  /** Whether buyers may pay by card without membership, from forms without `SspMallId` and `PopCheck` (Q64). */
  readonly takesGeneralPayments: boolean
  /** In won. */
  readonly minimumAmount: number
  readonly requestMaxAgeMs: number
  readonly requestMaxAheadMs: number
  readonly acceptsLegacySignature: boolean
  /** Whether a repeated approval replays the first answer or is rejected as spent. */
  readonly repeatedApproval: 'replay' | 'reject'
  /** Whether a repeated cancellation in full replays the first answer or is rejected as cancelled already. */
  readonly repeatedCancellation: 'replay' | 'reject'
  /**
   * Whether the same deletion deletes a customer who has joined again, as the guide's body requires, which is the same
   * each time; or is rejected as a replay.
   */
  readonly repeatedDeletion: 'delete' | 'reject'
  /** The result code at StopUrl when the buyer aborts. */
  readonly abortCode: 'S201' | 'W034' | 'U999'
  /** The acquirer's number for the shop, digits. */
  readonly acquirerMerchantNumber: string
  /**
   * Exact origins (`https://www.shop.example`) that the window may return to and that may embed it. Empty allows every
   * one, in a sandbox; anywhere else such a merchant takes no payments.
   */
  readonly allowedOrigins: readonly string[]
  /**
   * How long an authorization may take, in milliseconds, for a shop whose read timeout is short; never longer than the
   * gateway waits anyway. Undefined: as long as that.
   */
  readonly cardNetworkTimeoutMs?: number | undefined
  /** Which instalments cost the buyer no interest; empty: none. */
  readonly interestFree: readonly InterestFreeRule[]
  /** Undefined: the merchant has no contract for bill keys, and every call about them is rejected. */
  readonly billKeys?: BillKeyPolicy | undefined
}

export type MerchantProblem =
  | 'merchant_id'
  | 'easy_pay_merchant_id'
  | 'name'
  | 'merchant_key'
  | 'former_keys'
  | 'cancel_password'
  | 'identity_match'
  | 'limits'
  | 'acquirer_merchant_number'
  | 'allowed_origins'
  | 'interest_free'
  | 'bill_keys'

const mostAllowedOrigins = 50
const mostFormerKeys = 3

/** What each setting must be. */
export const merchantRules: Readonly<Record<MerchantProblem, string>> = {
  merchant_id: 'ten letters and digits',
  easy_pay_merchant_id: 'as issued, ten letters and digits as a rule',
  name: 'up to 60 characters, without line breaks',
  merchant_key: 'at least 32 printable ASCII characters without spaces',
  former_keys: `at most ${mostFormerKeys} keys of the same form, each another one`,
  cancel_password: 'six digits',
  identity_match: 'none, where identityVerification is off',
  limits: 'minimumAmount and cardNetworkTimeoutMs above 0, requestMaxAgeMs and requestMaxAheadMs not below 0',
  acquirer_merchant_number: 'digits',
  allowed_origins: `up to ${mostAllowedOrigins} exact origins such as https://www.shop.example`,
  interest_free: 'see its rules',
  bill_keys: 'otherCard add neither with sameCard reject nor with perMember one',
}

const isKey = (key: Secret): boolean => /^[\x21-\x7E]{32,}$/.test(key.expose())

/** An http(s) origin in the one spelling that a browser's `Origin` header has. */
export const isExactOrigin = (text: unknown): text is string =>
  typeof text === 'string' &&
  /^https?:\/\/[a-z0-9.:[\]-]+$/.test(text) &&
  URL.canParse(text) &&
  new URL(text).origin === text

/** Settings that are written into messages: a value that its field does not allow would make an answer impossible. */
const unwritableSettings = (merchant: Merchant): readonly string[] => [
  ...findUnwritable(approvalResult, {
    merchantId: merchant.merchantId,
    companyName: merchant.name,
    acquirerMerchantNumber: merchant.acquirerMerchantNumber,
  }),
  ...findUnwritable(paymentRequest, { easyPayMerchantId: merchant.easyPayMerchantId }),
]

/** The settings that make a merchant unusable; empty for a valid one. Names fields, never values. */
export function findMerchantProblems(merchant: Merchant): readonly MerchantProblem[] {
  const { cardNetworkTimeoutMs = 1 } = merchant
  const limits = [cardNetworkTimeoutMs, merchant.minimumAmount, merchant.requestMaxAgeMs, merchant.requestMaxAheadMs]
  const unwritable = unwritableSettings(merchant)
  const formerKeys = (merchant.formerKeys ?? []).map(({ key }) => key)
  const keys = [merchant.merchantKey, ...formerKeys].map((key) => key.expose())
  const isCorrect: Readonly<Record<MerchantProblem, boolean>> = {
    // Transaction ids begin with it, so its length is fixed.
    merchant_id: merchant.merchantId.length === 10 && !unwritable.includes('merchantId'),
    easy_pay_merchant_id: !unwritable.includes('easyPayMerchantId'),
    name: merchant.name.trim() !== '' && !unwritable.includes('companyName'),
    merchant_key: isKey(merchant.merchantKey),
    former_keys: formerKeys.length <= mostFormerKeys && formerKeys.every(isKey) && new Set(keys).size === keys.length,
    cancel_password: /^[0-9]{6}$/.test(merchant.cancelPassword.expose()),
    // Without verification there is no identity to compare (guide, 본인인증 옵션).
    identity_match: merchant.identityVerification === 'required' || merchant.identityMatch === 'none',
    limits:
      limits.every((limit) => Number.isSafeInteger(limit) && limit >= 0) &&
      merchant.minimumAmount > 0 &&
      cardNetworkTimeoutMs > 0,
    acquirer_merchant_number: merchant.acquirerMerchantNumber !== '' && !unwritable.includes('acquirerMerchantNumber'),
    allowed_origins:
      merchant.allowedOrigins.length <= mostAllowedOrigins && merchant.allowedOrigins.every(isExactOrigin),
    interest_free: findInterestFreeProblems(JSON.parse(writeInterestFree(merchant.interestFree))).length === 0,
    bill_keys: merchant.billKeys === undefined || isBillKeyPolicyRight(merchant.billKeys),
  }
  return Object.entries(isCorrect).flatMap(([problem, correct]) => (correct ? [] : [problem as MerchantProblem]))
}

const isBillKeyPolicyRight = (policy: BillKeyPolicy): boolean =>
  findBillKeyPolicyProblems(policy).length === 0 && isBillKeyPolicyAllowed(policy)

const usable = new WeakMap<Merchant, boolean>()

/**
 * Whether the merchant may take payments: false when an older version saved a setting that is rejected today. Every
 * payment asks, so the answer is cached per merchant.
 */
export function isUsable(merchant: Merchant): boolean {
  const known = usable.get(merchant)
  if (known !== undefined) return known
  const isCorrect = findMerchantProblems(merchant).length === 0
  usable.set(merchant, isCorrect)
  return isCorrect
}

/** Whether the merchant takes new payments: see {@link Merchant.takesPayments} and {@link isUsable}. */
export const mayTakePayments = (merchant: Merchant): boolean => merchant.takesPayments !== false && isUsable(merchant)

/** Thrown for a merchant that must not be saved; the message names the fields. */
export class MerchantError extends Error {
  readonly problems: readonly MerchantProblem[]
  constructor(problems: readonly MerchantProblem[]) {
    const rules = problems.map((problem) => `${problem} (${merchantRules[problem]})`)
    super(`the merchant cannot be saved: ${rules.join(', ')}`)
    this.name = 'MerchantError'
    this.problems = problems
  }
}
