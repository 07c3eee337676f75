import { groupThousands, koreanTime } from '@sspay/protocol/internal'

/**
 * `approving`: the approval was requested, its outcome is not known yet. `withdrawing`: the buyer cancelled such an
 * order, so a payment is reversed. A `paid` order may be refunded in part.
 */
export type OrderState = 'awaiting' | 'aborted' | 'approving' | 'withdrawing' | 'paid' | 'declined' | 'cancelled'

/** How the window opens: a layer over the shop's page, or the whole page. */
export type PaymentFlow = 'layer' | 'page'

export interface Order {
  readonly orderId: string
  readonly customerId: string
  readonly goodsId: string
  readonly quantity: number
  /** Whole won; the amount that must be approved. */
  readonly amount: number
  readonly state: OrderState
  readonly orderedAt: Date
  /** The only payment that may pay this order. */
  readonly transactionId: string | undefined
  /** Result code of a failed payment. */
  readonly resultCode: string | undefined
  readonly receipt: Receipt | undefined
  /** Refunded so far, in whole won. */
  readonly cancelledAmount: number
  readonly cancellation: Cancellation | undefined
}

/** A refund, requested until its outcome is known. */
export interface Cancellation {
  readonly orderId: string
  /** 1, 2, 3…: the idempotency key of the cancellation. */
  readonly sequence: number
  /** Whole won. */
  readonly amount: number
  readonly state: 'asked' | 'done' | 'rejected'
  /** Result code of a rejected one. */
  readonly resultCode: string | undefined
}

export interface Receipt {
  readonly approvalNumber: string
  readonly approvedAt: Date | undefined
  readonly issuerName: string
  readonly maskedCardNumber: string
  /** 0 is a lump sum. */
  readonly installmentMonths: number
}

/** Entered on the order page, passed to the gateway, never stored by the shop. */
export interface Buyer {
  readonly buyerName: string
  readonly buyerPhone: string
  readonly buyerEmail: string
}

/** `1,004원`. */
export const formatWon = (amount: number): string => `${groupThousands(amount)}원`

export const formatPoints = (points: number): string => `${groupThousands(points)}점`

/** `2025-01-02 03:04`, Korean time. */
export const formatTime = (date: Date): string => koreanTime(date).slice(0, 16)

/** One percent, whole won, once per paid order. */
export const pointsOf = (amount: number): number => Math.floor(amount / 100)
