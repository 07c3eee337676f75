import type { PaidPayment } from '../journal.ts'
import { requireOptions } from './option-rules.ts'
import type { CheckoutError, CheckoutOptions, CheckoutOrder, CheckoutResult } from './options.ts'

/** The validated options, and the helpers of every route. */
export interface Context extends Omit<CheckoutOptions, 'markOrderPaid' | 'onError' | 'journal' | 'findOrder'> {
  readonly journal: CheckoutOptions['journal']
  /** The option `url`, without a slash at the end. */
  readonly publicUrl: string
  /** Where requests arrive, without a slash at the end. */
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

const withoutSlash = (path: string): string => path.replace(/\/+$/, '')

/** Throws a `TypeError` that names the options. */
export function openContext<Connection>(options: CheckoutOptions<Connection>): Context {
  requireOptions(options)
  const { markOrderPaid, onError, findOrder, ...rest } = options
  const { journal } = options
  const url = new URL(options.url)
  const publicPath = withoutSlash(url.pathname)
  return {
    ...rest,
    journal: journal as CheckoutOptions['journal'],
    publicUrl: `${url.origin}${publicPath}`,
    path: options.mountPath === undefined ? publicPath : withoutSlash(options.mountPath),
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
