/**
 * Where an order stands for the shop. `approving`: the gateway was asked to approve and the outcome is not known yet. `withdrawing`: the
 * buyer no longer wants it, and whatever was taken goes back. A `paid` order may be cancelled in part.
 */
export type OrderState = 'awaiting' | 'aborted' | 'approving' | 'withdrawing' | 'paid' | 'declined' | 'cancelled'

/** How the window opens: a layer over the shop's page, or the whole page. */
export type PaymentFlow = 'layer' | 'page'

export interface Order {
  readonly orderId: string
  readonly customerId: string
  readonly goodsId: string
  readonly quantity: number
  /** Whole won; what the shop expects to be approved. */
  readonly amount: number
  readonly state: OrderState
  readonly orderedAt: Date
  /** The one payment that may pay this order. */
  readonly transactionId: string | undefined
  /** Why there is no payment, as a result code of the wire. */
  readonly resultCode: string | undefined
  readonly receipt: Receipt | undefined
  /** Whole won that went back to the buyer. */
  readonly cancelledAmount: number
  /** The newest cancellation the buyer asked for. */
  readonly cancellation: Cancellation | undefined
}

/** Money that goes back. Asked for until the gateway has said yes or no. */
export interface Cancellation {
  readonly orderId: string
  /** 1, 2, 3…: the same number again is the same cancellation, never a second one. */
  readonly sequence: number
  /** Whole won. */
  readonly amount: number
  readonly state: 'asked' | 'done' | 'rejected'
  /** Why it was refused, as a result code of the wire. */
  readonly resultCode: string | undefined
}

/** What the buyer keeps. Holds nothing personal but the masked card number. */
export interface Receipt {
  readonly approvalNumber: string
  readonly approvedAt: Date | undefined
  readonly issuerName: string
  readonly maskedCardNumber: string
  /** 0 is a lump sum. */
  readonly installmentMonths: number
}

/** What the buyer types on the order page; handed on to the gateway and never stored by the shop. */
export interface Buyer {
  readonly buyerName: string
  readonly buyerPhone: string
  readonly buyerEmail: string
}

const wonFormat = new Intl.NumberFormat('ko-KR')

/** `1,004원`. */
export const formatWon = (amount: number): string => `${wonFormat.format(amount)}원`

const timeFormat = new Intl.DateTimeFormat('ko-KR', {
  timeZone: 'Asia/Seoul',
  dateStyle: 'medium',
  timeStyle: 'short',
})

/** Korean time, as a person reads it. */
export const formatTime = (date: Date): string => timeFormat.format(date)

/** One percent, whole won, once per paid order. */
export const pointsOf = (amount: number): number => Math.floor(amount / 100)
