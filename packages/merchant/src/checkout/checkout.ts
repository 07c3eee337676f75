import type { PaymentForm } from '../payment-form.ts'
import { type RecoveryLoop, type RecoveryReport, recover, startRecovery } from '../recover.ts'
import { type Context, openContext } from './context.ts'
import { createOrderForm, showForm } from './form.ts'
import { receiveNotification } from './notification.ts'
import type { CheckoutOptions } from './options.ts'
import { answerRecovery, recoveryOf } from './recovery.ts'
import { requestAt } from './request-at.ts'
import { receiveBuyer, receiveBuyerAbort } from './return.ts'

/** The payment pages of a shop, made by {@link createCheckout}; the adapters for frameworks take it. */
export interface Checkout {
  /** Path at which requests arrive, without a slash at the end: `/pay`. */
  readonly path: string
  /**
   * Whether a path belongs to the checkout.
   *
   * @param pathname - `new URL(request.url).pathname`.
   * @returns True for its five addresses, with or without a slash at the end.
   */
  owns(pathname: string): boolean
  /**
   * Answers a request to one of its addresses; 404 for any other. Never rejects.
   *
   * @param request - Only path, query, method, headers and body count; the host is that of the option `url`, so the
   * shop may run behind a proxy.
   * @returns The response to send as it is.
   */
  fetch(request: Request): Promise<Response>
  /**
   * For adapters: passes an error to the option `onError`, if a request to one of the addresses could not be converted
   * into a `Request`. Never throws.
   *
   * @param pathname - Path of the request.
   */
  reportError(pathname: string, error: unknown): void
  /**
   * Signs the form of an order for a page of the shop's own.
   *
   * @param options - `device`: see {@link createPaymentForm}.
   * @returns The form; undefined if there is no such open order, or a payment of it is pending.
   * @throws The errors of `createPaymentForm`.
   */
  formOf(orderId: string, options?: { readonly device?: 'pc' | 'mobile' }): Promise<PaymentForm | undefined>
  /**
   * Finishes pending payments once: see {@link recover}.
   *
   * @returns What became of each payment.
   */
  recover(): Promise<RecoveryReport>
  /**
   * Finishes pending payments at once and then at an interval: see {@link startRecovery}. Call it when the server
   * starts.
   *
   * @param options - `everyMs`: interval in milliseconds. Default 60,000.
   * @returns The loop. Call its `stop` at graceful shutdown.
   */
  startRecovery(options?: { readonly everyMs?: number }): RecoveryLoop
}

type Answer = (context: Context, request: Request) => Promise<Response>

interface Route {
  readonly methods: readonly string[]
  readonly during: 'form' | 'return' | 'abort' | 'notification' | 'recovery'
  readonly answer: Answer
}

const routes: Readonly<Record<string, Route>> = {
  '/form': { methods: ['GET', 'HEAD'], during: 'form', answer: showForm },
  '/return': { methods: ['GET', 'POST'], during: 'return', answer: receiveBuyer },
  '/abort': { methods: ['GET', 'POST'], during: 'abort', answer: receiveBuyerAbort },
  '/notice': { methods: ['POST'], during: 'notification', answer: receiveNotification },
  '/recover': { methods: ['GET', 'POST'], during: 'recovery', answer: answerRecovery },
}

/**
 * Creates the payment pages of a shop, over web-standard requests (guide, STEP 1 to 3, 결제 중단, 재통보). Below `url` it
 * serves
 *
 * | address | request | effect |
 * |---|---|---|
 * | `/form?order=` | the buyer | the signed form, as a page, or as JSON for `payOrder` of `@sspay/browser` |
 * | `/return?order=` | the authenticated buyer (ReturnUrl) | authorizes, approves, marks paid once, redirects to
 * `resultUrl` |
 * | `/abort?order=` | the buyer who aborted (StopUrl) | redirects to `resultUrl` |
 * | `/notice` | the payment service (재통보) | marks paid once, or records a refund, answers `OK` |
 * | `/recover` | a scheduler with `recoveryKey` | finishes pending payments |
 *
 * Reads UTF-8 and EUC-KR, keeps `SameSite` cookies, and is idempotent under reloads and duplicates. The shop brings its
 * orders and its database, and marks an order paid in `markOrderPaid` only.
 *
 * @param options - Merchant, address, orders, journal and callbacks.
 * @returns The checkout, for an adapter such as `@sspay/merchant/express`.
 * @throws `TypeError` that names the invalid option, never its value.
 * @example
 * ```ts
 * import { DatabaseSync } from 'node:sqlite'
 * import { type CheckoutOrder, createCheckout, createJournalTable, readCheckoutConfig, sqliteJournal } from
 * '@sspay/merchant'
 *
 * declare function findOrder(orderId: string): CheckoutOrder | undefined
 * declare function customerOf(request: Request): string | undefined
 *
 * const db = new DatabaseSync('shop.db', { timeout: 5_000 })
 * db.exec(createJournalTable)
 *
 * export const checkout = createCheckout({
 *   ...readCheckoutConfig(process.env),
 *   journal: sqliteJournal(db),
 *   findOrder,
 *   mayPay: (request, order) => customerOf(request) === order.customerId,
 *   markOrderPaid: (connection, { orderId }) =>
 *     connection.prepare(`update orders set state = 'paid' where order_id = ? and state = 'open'`).run(orderId).changes
 *     === 1,
 *   resultUrl: ({ orderId, outcome }) => `/orders/${orderId ?? ''}?result=${outcome}`,
 *   onError: (error) => console.warn(error),
 * })
 * ```
 */
export function createCheckout<Connection>(options: CheckoutOptions<Connection>): Checkout {
  const context = openContext(options)
  const { path, merchant } = context
  return {
    path,
    owns: (pathname) => routeOf(path, pathname) !== undefined,
    fetch: (request) => answer(context, request),
    reportError(pathname, error) {
      const during = routeOf(path, pathname)?.during
      if (during !== undefined) context.reportError({ during, problem: 'The request could not be read.', error })
    },
    formOf: async (orderId, { device } = {}) => {
      const order = await context.findOrder(orderId)
      const isPayable = order?.state === 'open' && !(await context.isBeingPaid(orderId))
      return isPayable ? createOrderForm(context, order, device) : undefined
    },
    recover: () => recover(merchant, recoveryOf(context)),
    startRecovery: ({ everyMs = 60_000 } = {}) =>
      startRecovery(merchant, {
        ...recoveryOf(context),
        everyMs,
        onReport: (report) => context.onReport?.(report),
        onError: (error) => context.reportError({ during: 'recovery', problem: 'The recovery could not run.', error }),
      }),
  }
}

/** Below the path of the checkout. One slash at the end is the same address. */
const stepOf = (path: string, pathname: string): string =>
  pathname.startsWith(`${path}/`) ? pathname.slice(path.length).replace(/\/$/, '') : ''

function routeOf(path: string, pathname: string): Route | undefined {
  const step = stepOf(path, pathname)
  return Object.hasOwn(routes, step) ? routes[step] : undefined
}

async function answer(context: Context, request: Request): Promise<Response> {
  const { path, publicUrl } = context
  const { pathname, search } = new URL(request.url)
  const route = routeOf(path, pathname)
  if (route === undefined) return plain(404, 'not found')
  if (!route.methods.includes(request.method))
    return plain(405, 'method not allowed', { allow: route.methods.join(', ') })
  try {
    return await route.answer(context, requestAt(request, `${publicUrl}${stepOf(path, pathname)}${search}`))
  } catch (error) {
    context.reportError({ during: route.during, problem: 'The request could not be answered.', error })
    return plain(500, route.during === 'form' ? notBegun : perhapsBegun)
  }
}

const notBegun =
  '결제를 시작하지 못했어요. 결제된 금액은 없으니 잠시 뒤 다시 결제해 주시고, 계속되면 쇼핑몰에 알려 주세요. The payment could not begin. Nothing was charged. Please try again in a moment, and tell the shop if it goes on.'

const perhapsBegun = '잠시 뒤 주문 내역을 확인해 주세요. Please look at your order in a moment.'

const plain = (status: number, text: string, headers: Record<string, string> = {}): Response =>
  new Response(text, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers },
  })
