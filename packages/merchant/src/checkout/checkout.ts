import type { PaymentForm } from '../payment-form.ts'
import { type RecoveryLoop, recover, startRecovery } from '../recover.ts'
import type { RecoveryReport } from '../recovery-report.ts'
import { type Context, openContext } from './context.ts'
import { createOrderForm, showForm } from './form.ts'
import { receiveNotification } from './notification.ts'
import type { CheckoutOptions } from './options.ts'
import { answerRecovery, recoveryOf } from './recovery.ts'
import { receiveBuyer, receiveStop } from './return.ts'

/** The payment pages of a shop: what {@link createCheckout} makes, and what the adapters for frameworks take. */
export interface Checkout {
  /** Path of the checkout, without a slash at the end: `/pay`. */
  readonly path: string
  /** Whether an address path is one of the checkout's. */
  owns(pathname: string): boolean
  /**
   * Answers a request to one of its addresses; 404 for any other. Never rejects. Only path, query, method, headers and body of the request
   * count: the host is the one of the checkout's own `url`, so it may stand behind a proxy.
   */
  fetch(request: Request): Promise<Response>
  /** The signed form of an order for a page of the shop's own. Throws like `createPaymentForm`; undefined when there is no such open order, or a payment of it is still being checked. */
  formOf(orderId: string, options?: { readonly device?: 'pc' | 'mobile' }): Promise<PaymentForm | undefined>
  /** Finishes what is not certain yet, once: see `recover`. */
  recover(): Promise<RecoveryReport>
  /** Does so at once and then again and again. Call it when the server starts, and `stop` when it ends. Default: every 60,000 ms. */
  startRecovery(options?: { readonly everyMs?: number }): RecoveryLoop
}

type Answer = (context: Context, request: Request) => Promise<Response>

interface Route {
  readonly methods: readonly string[]
  readonly during: 'form' | 'return' | 'stop' | 'notification' | 'recovery'
  readonly answer: Answer
}

const routes: Readonly<Record<string, Route>> = {
  '/form': { methods: ['GET', 'HEAD'], during: 'form', answer: showForm },
  '/return': { methods: ['GET', 'POST'], during: 'return', answer: receiveBuyer },
  '/stop': { methods: ['GET', 'POST'], during: 'stop', answer: receiveStop },
  '/notice': { methods: ['POST'], during: 'notification', answer: receiveNotification },
  '/recover': { methods: ['GET', 'POST'], during: 'recovery', answer: answerRecovery },
}

/**
 * The whole way of a payment through a shop, over web-standard requests (guide, STEP 1 to 3, 결제 중단, 재통보). Below `url` it answers
 *
 * | address | who comes | what happens |
 * |---|---|---|
 * | `/form?order=` | the buyer | the signed form, as a page, or as JSON for `payOrder` of `@sspay/browser` |
 * | `/return?order=` | the buyer, authenticated (ReturnUrl) | authorise, approve, credit once, go to `resultUrl` |
 * | `/stop?order=` | the buyer, who walked away (StopUrl) | go to `resultUrl` |
 * | `/notice` | the payment service (재통보) | credit once, or write down what went back, answer `OK` |
 * | `/recover` | a scheduler with `recoveryKey` | finish what is not certain yet |
 *
 * Bodies are read in UTF-8 and EUC-KR, cookies with `SameSite` survive, reloads and duplicates change nothing. The shop gives its orders
 * and its database; it credits in `markOrderPaid` and nowhere else.
 *
 * Throws a `TypeError` that names the option that is wrong, never its value.
 */
export function createCheckout<Connection>(options: CheckoutOptions<Connection>): Checkout {
  const context = openContext(options)
  const { path, merchant } = context
  return {
    path,
    owns: (pathname) => routeOf(path, pathname) !== undefined,
    fetch: (request) => answer(context, request),
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
        onError: (error) => context.tell({ during: 'recovery', problem: 'The recovery could not run.', error }),
      }),
  }
}

const routeOf = (path: string, pathname: string): Route | undefined =>
  pathname.startsWith(`${path}/`) && Object.hasOwn(routes, pathname.slice(path.length))
    ? routes[pathname.slice(path.length)]
    : undefined

async function answer(context: Context, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  const route = routeOf(context.path, pathname)
  if (route === undefined) return plain(404, 'not found')
  if (!route.methods.includes(request.method))
    return plain(405, 'method not allowed', { allow: route.methods.join(', ') })
  try {
    return await route.answer(context, atOwnAddress(request, `${context.origin}${pathname}${search}`))
  } catch (error) {
    context.tell({ during: route.during, problem: 'The request could not be answered.', error })
    return plain(500, '잠시 후 주문 내역을 확인해 주세요. Please look at your order in a moment.')
  }
}

function atOwnAddress({ method, headers, body }: Request, address: string): Request {
  const streamed = body === null ? {} : { body, duplex: 'half' as const }
  return new Request(address, { method, headers, ...streamed })
}

const plain = (status: number, text: string, headers: Record<string, string> = {}): Response =>
  new Response(text, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers },
  })
