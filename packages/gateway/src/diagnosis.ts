import type { LocalizedText, WireText } from '@sspay/protocol'
import type { Secret } from './secret.ts'

/** Requests whose signature or encrypted body the shop makes itself. */
export type DiagnosedRequest = DiagnosedForm | DiagnosedEnvelope
/** A form that the buyer's browser posts; it is not encrypted. */
export type DiagnosedForm = 'payment_request' | 'bill_key_request'
/** An encrypted request of the shop's server. */
export type DiagnosedEnvelope =
  | 'member_deletion'
  | 'cancellation'
  | 'bill_key_registration'
  | 'bill_key_charge'
  | 'bill_key_deletion'

/** Why a signature, an encrypted body or a value is wrong. Holds no key, and nothing that is encrypted. */
export interface Explanation {
  /** Of a signature: the values to sign, with a name in place of the key and of personal values. */
  readonly joined?: string
  /** Names for programs: `hex`, `amount_format`. Empty when no known mistake gives the value. */
  readonly mistakes: readonly string[]
  /** What was done, and what is right. */
  readonly words: LocalizedText
}

/**
 * Port: explains what a shop did in place of the guide's signature or encryption. A sandbox plugs it in; in production
 * it is absent, because an explanation is an oracle that tells an attacker how close a guess is.
 *
 * @param fields of the rejected request, by their wire names
 * @param merchants every merchant of the sandbox: the key of another one is a common mistake
 * @returns undefined when there is nothing to explain
 */
export type Diagnose = (
  request: DiagnosedRequest,
  fields: WireText,
  merchants: readonly { readonly merchantId: string; readonly merchantKey: Secret }[],
) => Explanation | undefined
