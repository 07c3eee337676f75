import type { LocalizedText } from '@sspay/protocol'
import type { PaidPayment, PaymentJournal } from '../journal.ts'
import type { Merchant } from '../merchant.ts'
import type { PaymentNotification } from '../notification.ts'
import type { Order } from '../payment-form.ts'
import type { RecoveryReport } from '../recover.ts'
import type { SqliteDatabase } from '../sqlite-journal.ts'

/** An order of the shop's own records, never of the browser. */
export interface CheckoutOrder extends Omit<Order, 'returnUrl' | 'abortUrl' | 'requestedAt'> {
  /** `open`: to be paid. `paid`. `closed`: not wanted any more, a payment of it is refunded. */
  readonly state: 'open' | 'paid' | 'closed'
}

/**
 * Outcome of a visit to the checkout, for the page that the shop shows next.
 *
 * | outcome | money |
 * |---|---|
 * | `paid` | the order is paid |
 * | `declined` | not charged; the order may be paid again |
 * | `checking` | maybe charged: the recovery finds out. Show neither success nor failure, and offer no second payment |
 * | `closed` | the order is not wanted any more; a charge is refunded |
 * | `aborted` | not charged: the buyer left the window |
 * | `failed` | not charged by this visit: unreadable or another order's return, a buyer who may not pay, or a failing
 * journal |
 */
export type CheckoutResult =
  | { readonly outcome: 'paid' | 'checking' | 'closed' | 'aborted'; readonly orderId: string }
  | { readonly outcome: 'declined'; readonly orderId: string; readonly code: string; readonly message: LocalizedText }
  /** `orderId` only if the address named an order of the shop. */
  | { readonly outcome: 'failed'; readonly orderId?: string }

/** An error for the shop's log, without keys, tickets and personal data. */
export interface CheckoutError {
  readonly during: 'form' | 'return' | 'abort' | 'notification' | 'recovery'
  /** One English sentence. */
  readonly problem: string
  readonly orderId?: string
  /** The thrown error, if there was one. */
  readonly error?: unknown
}

/** Whether the order was open. Synchronous on SQLite, where one connection has one transaction. */
export type MarkOrderPaidResult<Connection> = Connection extends SqliteDatabase ? boolean : boolean | Promise<boolean>

/** A declined or aborted payment. */
export interface CheckoutRejection {
  readonly orderId: string
  /** 결과코드. */
  readonly code: string
  readonly message: LocalizedText
}

/** Options of {@link createCheckout}. */
export interface CheckoutOptions<Connection = unknown> {
  readonly merchant: Merchant
  /**
   * Public address of the checkout: `https://shop.example/pay`. At most 46 characters, because the addresses below it
   * are sent in fields of 100. `http:` only for localhost, and on a private network for a payment window that is opened there too: a
   * sandbox for phones.
   */
  readonly url: string
  /**
   * Path at which requests arrive, if a proxy strips a prefix of `url`: `/pay` for `https://shop.example/store/pay`.
   * Default: the path of `url`. Next.js needs none for its `basePath`.
   */
  readonly mountPath?: string
  readonly journal: PaymentJournal<Connection>
  readonly findOrder: (orderId: string) => CheckoutOrder | undefined | Promise<CheckoutOrder | undefined>
  /**
   * Whether the request may pay this order: usually, whether its session belongs to the order's customer. The form
   * names the buyer, so false is answered as an unknown order. Called again when the buyer returns, before anything is
   * written; there, after false, the signature on the order may still authorize the return. The body of the request may
   * be read already.
   */
  readonly mayPay: (request: Request, order: CheckoutOrder) => boolean | Promise<boolean>
  /**
   * Marks an open order paid, on the journal's connection, in the transaction that marks the payment paid. Returns
   * whether the order was open: `update … set state = 'paid' where order_id = ? and state = 'open'` changed a row.
   * After false the transaction is rolled back and the payment is refunded. Synchronous with `sqliteJournal`.
   */
  readonly markOrderPaid: (connection: Connection, payment: PaidPayment) => MarkOrderPaidResult<Connection>
  /** Address of the shop's page for an outcome, absolute or relative. The page itself checks who may see the order. */
  readonly resultUrl: (result: CheckoutResult) => string
  /** 취소 비밀번호, six digits, to refund unwanted payments automatically. Without it they stay pending in the report. */
  readonly cancelPassword?: string
  /**
   * Keys of signed notifications, `whsec_…`, two during a rotation. Without them only SignValue proves a notification.
   */
  readonly webhookKeys?: readonly string[]
  /**
   * At least 32 characters: lets a scheduler call `/recover` with `Authorization: Bearer …`, if no process keeps
   * running.
   */
  readonly recoveryKey?: string
  /** The payment was declined; the order is as unpaid as before. Called at least once. */
  readonly onDeclined?: (rejection: CheckoutRejection) => unknown
  /**
   * The buyer aborted. Comes unsigned through the browser, so it must not change an order that is paid or being paid.
   */
  readonly onAborted?: (abort: CheckoutRejection) => unknown
  /**
   * A notification reports a refund, in part or in full. The journal has recorded it, so an order that is open again
   * can be paid. If it throws, the notification is delivered again.
   */
  readonly onCancelled?: (notification: PaymentNotification) => unknown
  /** Called after each recovery: `pending` lists the payments without a certain outcome. */
  readonly onReport?: (report: RecoveryReport) => void
  readonly onError: (error: CheckoutError) => void
}
