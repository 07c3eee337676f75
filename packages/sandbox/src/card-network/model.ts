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

export interface CancelEntry extends NetworkCancelRequest {
  readonly cancelledAt: Date
}

/** One line of the ledger of a day. A charge that was reversed is both an approval and a reversal. */
export interface Movement extends NetworkReference {
  readonly kind: 'approval' | 'refund' | 'reversal'
  readonly at: Date
  /** The payment; `transactionId` of a partial refund is its own. */
  readonly originalTransactionId: string
  readonly approvalNumber: string
  readonly issuerCode: string
  readonly acquirerCode: string
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

type Json = Readonly<Record<string, unknown>>
type Checks<T> = { readonly [Name in keyof T]-?: (value: unknown) => boolean }

/** Reads the fields of a request, each by its check; undefined when one fails. */
export const reader =
  <T>(checks: Checks<T>) =>
  (json: Json): T | undefined => {
    const entries = Object.entries<(value: unknown) => boolean>(checks)
    const isRight = entries.every(([name, check]) => check(json[name]))
    return isRight ? (Object.fromEntries(entries.map(([name]) => [name, json[name]])) as T) : undefined
  }

export const text =
  (pattern: RegExp) =>
  (value: unknown): value is string =>
    typeof value === 'string' && pattern.test(value)
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0
const isTransactionId = text(/^[A-Za-z0-9]{1,40}$/)
const reference = { transactionId: isTransactionId, amount: isCount }
const expiry = { expiryMonth: isCount, expiryYear: isCount }

export const readReference = reader<NetworkReference>(reference)

const readAuthorization = reader<Omit<AuthorizeRequest, 'isInterestFree'>>({
  ...reference,
  ...expiry,
  cardNumber: text(/^[0-9]{14,16}$/),
  installmentMonths: isCount,
  acquirerMerchantNumber: text(/^/),
})

export function readAuthorizeRequest(json: Json): AuthorizeRequest | undefined {
  const request = readAuthorization(json)
  return request && { ...request, isInterestFree: json.isInterestFree === true }
}

export const readCancelRequest = reader<NetworkCancelRequest>({
  ...reference,
  cancelSequence: isCount,
  cancelAmount: (value) => isCount(value) && value !== 0,
  cancelTransactionId: isTransactionId,
})

const readCard = reader<Omit<VerifyCardRequest, keyof CardOwner> & { readonly verificationId: string }>({
  ...expiry,
  verificationId: text(/^[A-Za-z0-9]{1,64}$/),
  cardNumber: text(/^[0-9]{13,19}$/),
  passwordFirstTwo: text(/^[0-9]{2}$/),
})

export function readVerifyCardRequest(
  json: Json,
): (VerifyCardRequest & { readonly verificationId: string }) | undefined {
  const [card, owner] = [readCard(json), readOwner(json)]
  return card && owner && { ...card, ...owner }
}

/** One of the two, never both. */
function readOwner({ ownerBirthDate, businessNumber }: Json): CardOwner | undefined {
  if (businessNumber === undefined) return isBirthDate(ownerBirthDate) ? { ownerBirthDate } : undefined
  return ownerBirthDate === undefined && isBusinessNumber(businessNumber) ? { businessNumber } : undefined
}

const isBirthDate = text(/^[0-9]{6}$/)
const isBusinessNumber = text(/^[0-9]{10}$/)
