import type { PaidPayment } from '../journal.ts'
import { requireThat } from '../merchant.ts'
import type { CheckoutError, CheckoutOptions, CheckoutOrder, CheckoutResult } from './options.ts'

/** The validated options, and the helpers of every route. */
export interface Context extends Omit<CheckoutOptions, 'markOrderPaid' | 'onError' | 'journal' | 'findOrder'> {
  readonly journal: CheckoutOptions['journal']
  /** Scheme and host of the shop, without a slash at the end. */
  readonly origin: string
  /** Without a slash at the end. */
  readonly path: string
  findOrder(orderId: string): Promise<CheckoutOrder | undefined>
  /**
   * Whether a pending payment other than `transactionId` may still pay this order: then no second one may begin. An
   * abandoned payment does not count, because it is refunded.
   */
  isBeingPaid(orderId: string, transactionId?: string): Promise<boolean>
  /**
   * Marks the order of an approved payment paid once. False: it was not open, or the payment is marked paid already.
   */
  markPaid(payment: PaidPayment): Promise<boolean>
  /** Redirects to the shop's page for this outcome. */
  sendTo(result: CheckoutResult): Response
  reportError(error: CheckoutError): void
}

/** ReturnUrl has 100 characters, less `/return?order=` and the longest order id. */
export const longestUrl = 46

const isLocal = (hostname: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)

/** https, or http on localhost, without query, fragment or user. */
export function isCheckoutUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.search !== '' || url.hash !== '' || url.username !== '') return false
  if (text.length > longestUrl) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url.hostname))
}

/** Throws a `TypeError` that names the option. */
export function openContext<Connection>(options: CheckoutOptions<Connection>): Context {
  const { markOrderPaid, onError, findOrder, ...rest } = options
  const journal = options.journal
  requireThat(
    isCheckoutUrl(options.url),
    `url: https://shop.example/pay, at most ${longestUrl} characters; http only on this machine`,
  )
  const url = new URL(options.url)
  const { recoveryKey, cancelPassword, webhookKeys = [] } = options
  requireThat(
    recoveryKey === undefined || /^[\x21-\x7E]{32,}$/.test(recoveryKey),
    'recoveryKey: at least 32 characters',
  )
  requireThat(cancelPassword === undefined || /^[0-9]{6}$/.test(cancelPassword), 'cancelPassword: six digits')
  requireThat(
    webhookKeys.every((key) => key.startsWith('whsec_')),
    'webhookKeys: whsec_…',
  )
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
      const pending = await journal.pendingFor(orderId)
      return pending.some((payment) => payment.transactionId !== transactionId && !payment.isAbandoned)
    },
    async markPaid(payment) {
      try {
        return await journal.markPaid(payment, (connection) => finished(markOrderPaid(connection, payment)))
      } catch (error) {
        if (error instanceof OrderNotOpenError) return false
        throw error
      }
    },
    sendTo: (result) => sendOn(new URL(options.resultUrl(result), `${url.origin}/`)),
    reportError(error) {
      try {
        onError(error)
      } catch {
        // A failing log must not change the response.
      }
    },
  }
}

/** Rolls back the transaction of `markPaid`. */
class OrderNotOpenError extends Error {}

/** Synchronous if the shop's function was, as SQLite requires. */
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
