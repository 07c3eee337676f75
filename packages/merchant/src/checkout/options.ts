import type { LocalizedText } from '@sspay/protocol'
import type { PaidPayment, PaymentJournal } from '../journal.ts'
import type { Merchant } from '../merchant.ts'
import type { PaymentNotification } from '../notification.ts'
import type { Order } from '../payment-form.ts'
import type { RecoveryReport } from '../recovery-report.ts'
import type { SqliteDatabase } from '../sqlite-journal.ts'

/** An order as the shop's own records say it, never as the browser does. */
export interface CheckoutOrder extends Omit<Order, 'returnUrl' | 'abortUrl' | 'requestedAt'> {
  /** `open`: waits to be paid. `paid`: is. `closed`: is not wanted any more, and money that was taken for it goes back. */
  readonly state: 'open' | 'paid' | 'closed'
}

/**
 * How a visit to the checkout ended, for the page that the shop shows then.
 *
 * | result | money |
 * |---|---|
 * | `paid` | the order is paid |
 * | `declined` | not taken; the order may be paid again |
 * | `checking` | perhaps taken: the recovery finds out. Show neither success nor failure, and offer no second payment |
 * | `closed` | not kept: the order is not wanted any more, what was taken for it goes back |
 * | `stopped` | not taken: the buyer walked away |
 * | `failed` | not taken by this visit: what came back could not be read or is not of this order, the visitor may not pay it, or the journal could not be written |
 */
export type CheckoutResult =
  | { readonly result: 'paid' | 'checking' | 'closed' | 'stopped'; readonly orderId: string }
  | { readonly result: 'declined'; readonly orderId: string; readonly code: string; readonly message: LocalizedText }
  /** `orderId` only where the address named an order of the shop. */
  | { readonly result: 'failed'; readonly orderId?: string }

/** Something for the shop's log. It holds no key, no ticket and nothing personal. */
export interface CheckoutError {
  readonly during: 'form' | 'return' | 'stop' | 'notification' | 'recovery'
  /** One English sentence. */
  readonly problem: string
  readonly orderId?: string
  /** What was thrown, where something was. */
  readonly error?: unknown
}

/** On SQLite everything on the connection belongs to one transaction, so there the answer cannot be waited for. */
export type WasOpen<Connection> = Connection extends SqliteDatabase ? boolean : boolean | Promise<boolean>

/** What a refusal of the payment says. */
export interface CheckoutRejection {
  readonly orderId: string
  /** 결과코드. */
  readonly code: string
  readonly message: LocalizedText
}

/** What a checkout must know of the shop: who it is, where it answers, its orders and its journal. */
export interface CheckoutOptions<Connection = unknown> {
  readonly merchant: Merchant
  /**
   * Where the checkout answers, as browsers and the payment service reach it: `https://shop.example/pay`. At most 46 characters, because the
   * addresses below it travel in fields of 100. `http:` only for this machine.
   */
  readonly url: string
  readonly journal: PaymentJournal<Connection>
  readonly findOrder: (orderId: string) => CheckoutOrder | undefined | Promise<CheckoutOrder | undefined>
  /**
   * Whether who asks may pay this order: usually, whether the session of the request belongs to its customer. The form names the buyer, so a
   * no is answered as if there were no such order. Asked again when the buyer comes back, before anything is written or told about the order;
   * a no then leaves the order note of a merchant that seals its orders to authorise the return. The body of the request may be read already.
   */
  readonly mayPay: (request: Request, order: CheckoutOrder) => boolean | Promise<boolean>
  /**
   * Marks an open order paid, on the journal's connection, in the transaction that remembers the payment: both or neither, once. Returns
   * whether the order was open: `update … set state = 'paid' where order_id = ? and state = 'open'` changed a row. With false nothing is kept
   * and the money goes back. Synchronous with `sqliteJournal`.
   */
  readonly markOrderPaid: (connection: Connection, payment: PaidPayment) => WasOpen<Connection>
  /** The shop's page for an end: absolute, or relative to the shop. It asks for itself who may see the order. */
  readonly resultUrl: (result: CheckoutResult) => string
  /** 취소 비밀번호, six digits: with it, money that the shop does not want goes back by itself. Without it such payments stay open in the report. */
  readonly cancelPassword?: string
  /** Keys of signed notices, `whsec_…`, two while they change; without, only SignValue proves a notice. */
  readonly webhookKeys?: readonly string[]
  /** At least 32 characters: opens `/recover` to a scheduler that sends it as `Authorization: Bearer …`, where nothing runs by itself. */
  readonly recoveryKey?: string
  /** The payment was refused, for who may pay the order; it is as unpaid as before. Safe to be told twice. */
  readonly onDeclined?: (rejection: CheckoutRejection) => unknown
  /** The buyer, who `mayPay`, walked away. It comes unsigned through the browser, so it must change no order that is paid or being paid. */
  readonly onStopped?: (stop: CheckoutRejection) => unknown
  /**
   * A notice says that a payment was cancelled, in part or whole; the journal knows it already, so an order that is open again can be paid.
   * What throws is told again.
   */
  readonly onCancelled?: (notification: PaymentNotification) => unknown
  /** After each recovery: `open` names the payments that are not certain yet. */
  readonly onReport?: (report: RecoveryReport) => void
  readonly onError: (failure: CheckoutError) => void
}
