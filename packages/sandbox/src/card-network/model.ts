import type {
  AuthorizeRequest,
  CardOwner,
  DeclineReason,
  NetworkCancelRequest,
  NetworkReference,
  VerifyCardRequest,
} from '@sspay/gateway'

export type NetworkDecision =
  | {
      readonly outcome: 'approved'
      readonly issuerCode: string
      readonly acquirerCode: string
      readonly cardKind: 'credit' | 'check'
    }
  | { readonly outcome: 'declined'; readonly reason: DeclineReason }

/** The issuers' record of one transaction; stores the masked card number only. */
export interface LedgerEntry extends NetworkReference {
  readonly maskedCardNumber: string
  readonly installmentMonths: number
  /** `barred`: reversed before the authorization arrived, which is then declined. */
  readonly outcome: 'approved' | 'declined' | 'barred'
  readonly declineReason: DeclineReason | undefined
  readonly approvalNumber: string
  readonly issuerCode: string
  readonly acquirerCode: string
  readonly cardKind: 'credit' | 'check'
  readonly answeredAt: Date
  readonly reversedAt: Date | undefined
}

/** A refund. */
export interface CancelEntry extends NetworkCancelRequest {
  readonly cancelledAt: Date
}

/** In won. The buyer has paid charged - cancelled - reversed. */
export interface LedgerTotals {
  /** Including what was reversed or refunded later. */
  readonly charged: number
  readonly cancelled: number
  readonly reversed: number
}

/** Digits 7 to 12 hidden. */
export const maskCardNumber = (cardNumber: string): string => `${cardNumber.slice(0, 6)}******${cardNumber.slice(12)}`

export function readReference(json: unknown): NetworkReference | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const { transactionId, amount } = json as Record<string, unknown>
  if (typeof transactionId !== 'string' || !/^[A-Za-z0-9]{1,40}$/.test(transactionId)) return undefined
  return isCount(amount) ? { transactionId, amount } : undefined
}

export function readAuthorizeRequest(json: unknown): AuthorizeRequest | undefined {
  const reference = readReference(json)
  if (reference === undefined) return undefined
  const given = json as Record<string, unknown>
  const { cardNumber, expiryMonth, expiryYear, installmentMonths, acquirerMerchantNumber } = given
  if (typeof cardNumber !== 'string' || !/^[0-9]{14,16}$/.test(cardNumber)) return undefined
  if (!isCount(expiryMonth) || !isCount(expiryYear) || !isCount(installmentMonths)) return undefined
  if (typeof acquirerMerchantNumber !== 'string') return undefined
  const isInterestFree = given.isInterestFree === true
  return {
    ...reference,
    cardNumber,
    expiryMonth,
    expiryYear,
    installmentMonths,
    isInterestFree,
    acquirerMerchantNumber,
  }
}

export function readCancelRequest(json: unknown): NetworkCancelRequest | undefined {
  const reference = readReference(json)
  if (reference === undefined) return undefined
  const { cancelSequence, cancelAmount, cancelTransactionId } = json as Record<string, unknown>
  if (!isCount(cancelSequence) || !isCount(cancelAmount) || cancelAmount === 0) return undefined
  if (typeof cancelTransactionId !== 'string' || !/^[A-Za-z0-9]{1,40}$/.test(cancelTransactionId)) return undefined
  return { ...reference, cancelSequence, cancelAmount, cancelTransactionId }
}

export function readVerifyCardRequest(
  json: unknown,
): (VerifyCardRequest & { readonly verificationId: string }) | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const given = json as Record<string, unknown>
  const { verificationId, cardNumber, expiryMonth, expiryYear, passwordFirstTwo } = given
  const owner = readOwner(given)
  if (owner === undefined || !isText(verificationId, /^[A-Za-z0-9]{1,64}$/)) return undefined
  if (!isText(cardNumber, /^[0-9]{13,19}$/) || !isText(passwordFirstTwo, /^[0-9]{2}$/)) return undefined
  if (!isCount(expiryMonth) || !isCount(expiryYear)) return undefined
  return { verificationId, cardNumber, expiryMonth, expiryYear, ...owner, passwordFirstTwo }
}

/** One of the two, never both. */
function readOwner({ ownerBirthDate, businessNumber }: Record<string, unknown>): CardOwner | undefined {
  if (businessNumber === undefined) return isText(ownerBirthDate, /^[0-9]{6}$/) ? { ownerBirthDate } : undefined
  return ownerBirthDate === undefined && isText(businessNumber, /^[0-9]{10}$/) ? { businessNumber } : undefined
}

const isText = (value: unknown, pattern: RegExp): value is string => typeof value === 'string' && pattern.test(value)

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
