import { markPaidOnce } from '../credit-once.ts'
import type { PaidPayment } from '../journal.ts'
import { isCheckoutUrl, longestUrl } from './checked-url.ts'
import type { CheckoutError, CheckoutOptions, CheckoutOrder, CheckoutResult } from './options.ts'

/** The options, checked, and what every address of the checkout needs. */
export interface Context extends Omit<CheckoutOptions, 'markOrderPaid' | 'onError' | 'journal' | 'findOrder'> {
  readonly journal: CheckoutOptions['journal']
  /** Scheme and host of the shop, without a slash at the end. */
  readonly origin: string
  /** Without a slash at the end. */
  readonly path: string
  findOrder(orderId: string): Promise<CheckoutOrder | undefined>
  /**
   * Whether a payment of this order, other than this one, may have taken its money: then no second one begins over it. One that was given up
   * counts no more, because its money goes back.
   */
  isBeingPaid(orderId: string, transactionId?: string): Promise<boolean>
  /** Credits the order of an approved payment once. False: it was not open, or the payment is credited already. */
  markPaid(payment: PaidPayment): Promise<boolean>
  /** A redirect to the shop's page for this end. */
  sendTo(result: CheckoutResult): Response
  tell(failure: CheckoutError): void
}

/** Throws a `TypeError` that names the option. */
export function openContext<Connection>(options: CheckoutOptions<Connection>): Context {
  const { markOrderPaid, onError, findOrder, ...rest } = options
  const journal = options.journal
  require(isCheckoutUrl(
    options.url,
  ), `url: https://shop.example/pay, at most ${longestUrl} characters; http only on this machine`)
  const url = new URL(options.url)
  const { recoveryKey, cancelPassword, webhookKeys = [] } = options
  require(recoveryKey === undefined || /^[\x21-\x7E]{32,}$/.test(recoveryKey), 'recoveryKey: at least 32 characters')
  require(cancelPassword === undefined || /^[0-9]{6}$/.test(cancelPassword), 'cancelPassword: six digits')
  require(webhookKeys.every((key) => key.startsWith('whsec_')), 'webhookKeys: whsec_…')
  return {
    ...rest,
    journal: journal as CheckoutOptions['journal'],
    origin: url.origin,
    path: url.pathname.replace(/\/+$/, ''),
    async findOrder(orderId) {
      const order = orderId === '' ? undefined : await findOrder(orderId)
      return order?.orderId === orderId ? order : undefined
    },
    async isBeingPaid(orderId, transactionId) {
      const entries = await journal.openEntries()
      return entries.some(
        (entry) => entry.expected.orderId === orderId && entry.transactionId !== transactionId && !entry.isAbandoned,
      )
    },
    async markPaid(payment) {
      try {
        return await markPaidOnce(journal, payment, (connection) => finished(markOrderPaid(connection, payment)))
      } catch (error) {
        if (error instanceof OrderNotOpenError) return false
        throw error
      }
    },
    sendTo: (result) => sendOn(new URL(options.resultUrl(result), `${url.origin}/`)),
    tell(failure) {
      try {
        onError(failure)
      } catch {
        // A log that fails must not change what the buyer or the payment service is told.
      }
    },
  }
}

/** Undoes the transaction of a credit. */
class OrderNotOpenError extends Error {}

/** Synchronous where the shop was: a SQLite connection has one transaction. */
function finished(wasOpen: boolean | Promise<boolean>): unknown {
  if (wasOpen instanceof Promise) return wasOpen.then(finished)
  if (!wasOpen) throw new OrderNotOpenError()
  return undefined
}

const sendOn = (location: URL): Response =>
  new Response(null, {
    status: 303,
    headers: { location: location.href, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  })

function require(isRight: boolean, rule: string): asserts isRight {
  if (!isRight) throw new TypeError(rule)
}
