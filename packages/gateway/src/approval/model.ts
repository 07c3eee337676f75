import type { PaymentRequest } from '@sspay/protocol'
import type { AuthorizeOutcome } from '../card-network/port.ts'
import type { PaymentEventName, PaymentState } from './transitions.ts'

export interface Payment {
  readonly transactionId: string
  readonly merchantId: string
  readonly orderId: string
  /** Whole won. */
  readonly amount: number
  readonly state: PaymentState
  readonly request: PaymentRequest
  readonly memberId?: string | undefined
  readonly cardId?: string | undefined
  /** The member was pending when the buyer authenticated: the approval binds them to the customer. */
  readonly bindsMember: boolean
  readonly installmentMonths: number
  /** Of the instalments: the merchant's rules said so when the buyer paid. */
  readonly isInterestFree: boolean
  readonly ticketHash?: string | undefined
  readonly ticketExpiresAt?: Date | undefined
  /** When the window was opened, by our clock. */
  readonly requestedAt: Date
  readonly windowExpiresAt: Date
  readonly stateChangedAt: Date
  readonly authenticatedAt?: Date | undefined
  readonly approvalNumber?: string | undefined
  readonly declineReason?: string | undefined
  /** The stored answer of the approval, as it was given. */
  readonly answer?: string | undefined
  readonly answeredAt?: Date | undefined
  /** Won that the card network has taken back, in all. */
  readonly cancelledAmount: number
  /** When it did so last, by its clock. */
  readonly cancelledAt?: Date | undefined
  readonly head: ChainHead
}

/** The last event of a payment: the next one goes on from it. */
export interface ChainHead {
  readonly sequence: number
  readonly hash: string
}

/** What a list may show: nothing of the buyer. */
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
> & { readonly goodsName: string }

/** One step of a payment's life. `hash` covers the step and the hash before it, so that a changed or missing row shows. */
export interface PaymentEvent {
  readonly transactionId: string
  readonly sequence: number
  readonly event: PaymentEventName | 'paymentRequested'
  readonly from: PaymentState | undefined
  readonly to: PaymentState
  readonly at: Date
  readonly note: string
  readonly hash: string
}

export type ApprovalOutcome = AuthorizeOutcome | { readonly outcome: 'reversed' }

/** What the buyer chose in the window. */
export interface Authentication {
  readonly memberId: string
  readonly cardId: string
  /** The member is pending: the approval binds them. */
  readonly bindsMember?: boolean
  /** 0 is a lump sum. */
  readonly installmentMonths: number
  readonly isInterestFree: boolean
}

/** Whether money has moved is not known: the network is asked again, or asked to reverse. */
export const isIndeterminate = ({ state }: Payment): boolean => state === 'unresolved' || state === 'reversing'

/** How long a call may outlast the card network's time-out: the commits around it. */
export const approvalMarginMs = 1_500

/**
 * Whether something waits for that long already. What is dated further ahead than it has to wait was written while a clock ran
 * ahead: its date says nothing, and nobody waits for it.
 */
export const hasWaited = (since: Date, durationMs: number, now: Date): boolean =>
  Math.abs(now.getTime() - since.getTime()) >= durationMs

export const hasPassed = (time: Date, now: Date): boolean => now.getTime() >= time.getTime()
