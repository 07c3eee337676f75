import type { AcceptedRequest } from '@sspay/protocol/internal'
import type { AuthorizeOutcome } from '../card-network/port.ts'
import type { PaymentEventName, PaymentState } from './transitions.ts'

export interface Payment {
  readonly transactionId: string
  readonly merchantId: string
  readonly orderId: string
  /** Whole won. */
  readonly amount: number
  readonly state: PaymentState
  readonly request: AcceptedRequest
  readonly memberId?: string | undefined
  readonly cardId?: string | undefined
  /** The key that was charged; undefined for a payment of a window. */
  readonly billKeyId?: string | undefined
  /** The member was pending when the buyer authenticated: the approval binds them to the customer. */
  readonly bindsMember: boolean
  readonly installmentMonths: number
  /** By the merchant's rules at the time of the authentication. */
  readonly isInterestFree: boolean
  readonly ticketHash?: string | undefined
  readonly ticketExpiresAt?: Date | undefined
  readonly requestedAt: Date
  readonly windowExpiresAt: Date
  readonly stateChangedAt: Date
  readonly authenticatedAt?: Date | undefined
  readonly approvalNumber?: string | undefined
  readonly declineReason?: string | undefined
  /** The stored answer of the approval. */
  readonly answer?: string | undefined
  readonly answeredAt?: Date | undefined
  /** Won: the sum of all refunds. */
  readonly cancelledAmount: number
  /** Time of the last refund, by the card network's clock. */
  readonly cancelledAt?: Date | undefined
  readonly head: ChainHead
}

/** The last event of a payment's hash chain. */
export interface ChainHead {
  readonly sequence: number
  readonly hash: string
}

export type NewPayment = Pick<
  Payment,
  | 'transactionId'
  | 'merchantId'
  | 'orderId'
  | 'amount'
  | 'request'
  | 'installmentMonths'
  | 'requestedAt'
  | 'windowExpiresAt'
>

/** A payment in a list, without the buyer. */
export type PaymentSummary = Pick<
  Payment,
  | 'transactionId'
  | 'merchantId'
  | 'orderId'
  | 'amount'
  | 'state'
  | 'installmentMonths'
  | 'requestedAt'
  | 'stateChangedAt'
  | 'approvalNumber'
  | 'declineReason'
  | 'billKeyId'
> & { readonly goodsName: string }

/** Bounds the cost of a search, on a storage that answers payments at the same time. */
export const mostSearched = 10_000

/** Payments of a list: those after the entry `before`, requested at `since` or later. */
export interface PaymentsRange {
  readonly before?: Pick<PaymentSummary, 'requestedAt' | 'transactionId'> | undefined
  readonly since?: Date | undefined
  readonly state?: PaymentState | undefined
  /** An order number or a transaction id. */
  readonly text?: string | undefined
  /** Only charges of this key. */
  readonly billKeyId?: string | undefined
}

export interface OpenPayments {
  readonly state: 'requested' | 'authenticated' | 'approving'
  readonly limit: number
}

/** Won. */
export interface StateSum {
  readonly state: PaymentState
  readonly count: number
  readonly amount: number
  readonly cancelled: number
}

/** `chargeRequested`: the payment is a charge of a bill key, which has no window. */
export type FirstEvent = 'paymentRequested' | 'chargeRequested'

/** The record of one transition. `hash` covers the event and the hash before it (hash chain). */
export interface PaymentEvent {
  readonly transactionId: string
  readonly sequence: number
  readonly event: PaymentEventName | FirstEvent
  readonly from: PaymentState | undefined
  readonly to: PaymentState
  readonly at: Date
  readonly note: string
  readonly hash: string
}

export type ApprovalOutcome = AuthorizeOutcome | { readonly outcome: 'reversed' }

/** The buyer's choices in the window. */
export interface Authentication {
  readonly memberId: string
  readonly cardId: string
  /** The member is pending: the approval binds them. */
  readonly bindsMember?: boolean
  /** 0 is a lump sum. */
  readonly installmentMonths: number
  readonly isInterestFree: boolean
}

/** Whether money has moved is unknown: to be inquired about, or reversed. */
export const isIndeterminate = ({ state }: Payment): boolean => state === 'unresolved' || state === 'reversing'

/** A general card payment: its buyer pays as a guest, with a card that belongs to this payment alone (Q64). */
export const isGeneral = ({ request }: Pick<Payment, 'request'>): boolean => request.easyPayMerchantId === undefined

/** Time for the commits around a call to the card network. */
export const approvalMarginMs = 1_500

/**
 * Whether `durationMs` have passed. A date that is further ahead than that was written by a clock that ran ahead, and
 * counts as passed.
 */
export const hasWaited = (since: Date, durationMs: number, now: Date): boolean =>
  Math.abs(now.getTime() - since.getTime()) >= durationMs

export const hasPassed = (time: Date, now: Date): boolean => now.getTime() >= time.getTime()

/** Won. From this amount a credit card may pay in instalments (Q31). */
export const installmentMinimumAmount = 50_000

/** The tax parts of an amount are optional, zero is as good as none; those given must add up to it (Q04, Q30). */
export function partsAddUp(amount: number, parts: readonly (number | undefined)[]): boolean {
  const sum = parts.reduce<number>((total, part = 0) => total + part, 0)
  return sum === 0 || sum === amount
}
