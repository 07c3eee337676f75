import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { listen } from '@sspay/gateway'
import {
  type ApprovalTicket,
  approve,
  createJournalTable,
  createPaymentForm,
  defineMerchant,
  type Merchant,
  readAuthentication,
  receiveAuthentication,
  recover,
  sqliteJournal,
} from '@sspay/merchant'
import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'
import { testMerchant, testOrderSignature } from '../../packages/sandbox/src/test-merchant.ts'

export const price = 1004

export interface OrderPlan {
  readonly customerId: string
  readonly display: 'layer' | 'redirect'
  /** Whether the shop's pages are cut off from windows of other origins (Cross-Origin-Opener-Policy). */
  readonly hasCoop: boolean
  /** Whether they load only what agrees to it (Cross-Origin-Embedder-Policy). */
  readonly hasCoep?: boolean
  readonly sameSite: 'Lax' | 'Strict'
  /** No: the ReturnUrl reads the post as it comes. */
  readonly receivesWithSession: boolean
}

export interface ReturnShop {
  readonly merchant: Merchant
  /** A new order; where its buyer enters, and gets the session cookie. */
  place(plan: OrderPlan): { readonly orderId: string; readonly enterUrl: string }
  timesMarkedPaid(orderId: string): number
  /** Payments that arrived with their session, by order; each transaction once. */
  transactionsOf(orderId: string): readonly string[]
  /** Gives back what was paid twice. */
  recoverAll(): Promise<void>
  close(): Promise<void>
}

interface PlacedOrder extends OrderPlan {
  readonly transactions: Set<string>
}

/**
 * A typical shop: its session is a cookie, required to pay and to see an order; a request without it gets
 * a new one. It is at 127.0.0.1 and the gateway at localhost, which are two sites to a browser.
 */
export async function openReturnShop(sandbox: Sandbox, folder: string): Promise<ReturnShop> {
  const db = new DatabaseSync(join(folder, 'return-shop.db'))
  db.exec('pragma synchronous = off')
  db.exec(createJournalTable)
  db.exec('create table orders (order_id text primary key, times_marked_paid integer not null)')
  const markPaid = db.prepare('update orders set times_marked_paid = times_marked_paid + 1 where order_id = ?')
  const readTimesMarkedPaid = db.prepare('select times_marked_paid as timesMarkedPaid from orders where order_id = ?')
  const timesMarkedPaid = (orderId: string): number => Number(readTimesMarkedPaid.get(orderId)?.timesMarkedPaid ?? 0)
  const journal = sqliteJournal(db)
  const { merchantId, easyPayMerchantId, merchantKey, cancelPassword } = testMerchant
  const merchant = defineMerchant({
    merchantId,
    easyPayMerchantId,
    merchantKey: merchantKey.expose(),
    environment: { origin: sandbox.urls.gateway },
    orderSignature: testOrderSignature,
  })
  const orders = new Map<string, PlacedOrder>()

  const takePayment = async (orderId: string, ticket: ApprovalTicket): Promise<void> => {
    orders.get(orderId)?.transactions.add(ticket.transactionId)
    if (timesMarkedPaid(orderId) > 0) return
    const outcome = await approve(merchant, ticket, { expected: { orderId, amount: price }, journal })
    if (outcome.outcome === 'approved') await journal.markPaid(outcome.payment, () => void markPaid.run(orderId))
  }
  const answerReturn = async (request: Request, orderId: string, order: PlacedOrder): Promise<Response> => {
    const receive = order.receivesWithSession ? receiveAuthentication : readAuthentication
    const arrival = await receive(merchant, request)
    if (arrival.outcome === 'redirect') return arrival.response
    if (sessionOf(request) !== order.customerId) return otherSessionPage()
    if (arrival.outcome === 'rejected') return page('<p id="unreadable">unreadable</p>', 400)
    await takePayment(orderId, arrival.approvalTicket)
    return page(
      `<p id="receipt">${order.customerId} has ${timesMarkedPaid(orderId) > 0 ? 'paid' : 'not paid'} ${orderId}</p>`,
    )
  }

  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    async fetch(request) {
      const { pathname, searchParams, origin } = new URL(request.url)
      const orderId = searchParams.get('order') ?? ''
      const order = orders.get(orderId)
      if (order === undefined) return page('<p>no such order</p>', 404)
      const answer = {
        '/enter': async () => enter(orderId, order),
        '/pay': async () => page(paymentPage(merchant, { origin, orderId, order })),
        '/return': () => answerReturn(request, orderId, order),
      }[pathname]
      const response = (await answer?.()) ?? page('', 404)
      if (order.hasCoop) response.headers.set('cross-origin-opener-policy', 'same-origin')
      if (order.hasCoep) response.headers.set('cross-origin-embedder-policy', 'require-corp')
      return response
    },
  })
  let placed = 0
  return {
    merchant,
    place(plan) {
      const orderId = `RETURN${String(++placed).padStart(4, '0')}`
      orders.set(orderId, { ...plan, transactions: new Set() })
      db.prepare('insert into orders values (?, 0)').run(orderId)
      return { orderId, enterUrl: `${listener.url}/enter?order=${orderId}` }
    },
    timesMarkedPaid,
    transactionsOf: (orderId) => [...(orders.get(orderId)?.transactions ?? [])],
    async recoverAll() {
      const isWanted = ({ expected }: { readonly expected: { readonly orderId: string } }): boolean =>
        timesMarkedPaid(expected.orderId) === 0
      await recover(merchant, { journal, isWanted, onOutcome: () => {}, cancelPassword: cancelPassword.expose() })
    },
    async close() {
      await listener.close()
      db.close()
    },
  }
}

const sessionOf = (request: Request): string | undefined =>
  /(?:^|; )session=([^;]*)/.exec(request.headers.get('cookie') ?? '')?.[1]

function enter(orderId: string, { customerId, sameSite }: OrderPlan): Response {
  const cookie = `session=${customerId}; Path=/; HttpOnly; SameSite=${sameSite}`
  return new Response(null, { status: 303, headers: { location: `/pay?order=${orderId}`, 'set-cookie': cookie } })
}

/** As session middleware does: the new session takes the place of the buyer's. */
function otherSessionPage(): Response {
  const response = page('<p id="other-session">Who are you?</p>', 403)
  response.headers.set('set-cookie', 'session=nobody; Path=/; HttpOnly')
  return response
}

const page = (body: string, status = 200): Response =>
  new Response(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>shop</title><link rel="icon" href="data:,"></head><body>${body}</body></html>`,
    { status, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' } },
  )

interface PaymentPage {
  readonly origin: string
  readonly orderId: string
  readonly order: OrderPlan
}

function paymentPage(merchant: Merchant, { origin, orderId, order: { customerId, display } }: PaymentPage): string {
  const returnUrl = `${origin}/return?order=${orderId}`
  const device = display === 'layer' ? 'pc' : 'mobile'
  const form = createPaymentForm(
    merchant,
    {
      orderId,
      customerId,
      amount: price,
      goodsName: 'mug',
      buyerName: 'Hong',
      buyerPhone: '01099991111',
      buyerEmail: 'buyer@example.com',
      returnUrl,
      abortUrl: `${origin}/stop`,
    },
    { device },
  )
  const callback = `Callback: function (result) {
    var form = document.approvalForm;
    form.Tid.value = result.Tid;
    form.TrAuthKey.value = result.TrAuthKey;
    form.submit();
  }`
  return `<form id="tranMgr" method="post" action="${form.action}">${form.html()}<button type="submit">Pay</button></form>
<form name="approvalForm" method="post" action="${returnUrl}"><input type="hidden" name="Tid"><input type="hidden" name="TrAuthKey"></form>
<script src="${form.scriptUrl}"></script>
<script>document.getElementById('tranMgr').onsubmit = function () {
  smartropay.init({ mode: 'STG', actionUri: '/ssp/reqPay.do' });
  smartropay.payment({ FormId: 'tranMgr'${display === 'layer' ? `, ${callback}` : ''} });
  return false;
};</script>`
}
