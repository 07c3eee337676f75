import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type ApprovalTicket,
  approve,
  defineMerchant,
  isPaymentOf,
  memoryJournal,
  receiveAbort,
  receiveAuthentication,
} from '@sspay/merchant'

const { MERCHANT_KEY = '', ORDER_SIGNING_KEY = '', GATEWAY = 'http://localhost:4610' } = process.env

const merchant = defineMerchant({
  merchantId: 'ssptest01m',
  easyPayMerchantId: 'SSPTEST00p',
  merchantKey: MERCHANT_KEY,
  environment: { origin: GATEWAY },
  orderSignature: { keys: [ORDER_SIGNING_KEY] },
})

const journal = memoryJournal()

export interface Order {
  readonly orderId: string
  readonly customerId: string
  readonly amount: number
  state: 'open' | 'paid'
}

export const orders = new Map<string, Order>()
const sessions = new Map<string, string>()

const sessionOf = (request: Request): string | undefined =>
  sessions.get(/(?:^|; )session=([^;]*)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? '')

export function login(customerId: string): Response {
  const token = randomUUID()
  sessions.set(token, customerId)
  const cookie = `session=${token}; Path=/; HttpOnly; Secure; SameSite=Strict`
  return new Response(null, { status: 303, headers: { location: '/', 'set-cookie': cookie } })
}

export async function returnPage(request: Request): Promise<Response> {
  const order = orders.get(new URL(request.url).searchParams.get('order') ?? '')
  const arrival = await receiveAuthentication(merchant, request)
  if (order === undefined) return new Response('없는 주문이에요.', { status: 404 })
  switch (arrival.outcome) {
    case 'redirect':
      return arrival.response
    case 'rejected':
      return arrival.state === 'expired'
        ? orderPage(request, order)
        : new Response('다시 시도해 주세요.', { status: 400 })
    case 'authenticated':
      if (order.state === 'open' && (await isOfBuyer(request, order, arrival.approvalTicket)))
        await takePayment(order, arrival.approvalTicket)
      return orderPage(request, order)
  }
}

const isOfBuyer = async (request: Request, order: Order, authentication: ApprovalTicket): Promise<boolean> =>
  sessionOf(request) === order.customerId || isPaymentOf(merchant, authentication, order)

async function takePayment({ orderId, amount }: Order, authentication: ApprovalTicket): Promise<void> {
  const others = (await journal.pendingFor(orderId)).filter(
    ({ transactionId, isAbandoned }) => transactionId !== authentication.transactionId && !isAbandoned,
  )
  if (others.length > 0) return
  const outcome = await approve(merchant, authentication, { expected: { orderId, amount }, journal })
  if (outcome.outcome === 'approved') await journal.markPaid(outcome.payment, () => payOrder(orderId))
}

function payOrder(orderId: string): void {
  const order = orders.get(orderId)
  if (order !== undefined) order.state = 'paid'
}

function orderPage(request: Request, { customerId, state }: Order): Response {
  if (sessionOf(request) !== customerId) return new Response('로그인하면 주문을 볼 수 있어요.', { status: 403 })
  return new Response(state === 'paid' ? '결제했어요.' : '결제 결과를 확인하고 있어요. 다시 결제하지 말아 주세요.')
}

export async function stopPage(request: Request): Promise<Response> {
  const arrival = await receiveAbort(merchant, request)
  if (arrival.outcome === 'redirect') return arrival.response
  if (arrival.outcome === 'rejected') return new Response('결제를 중단했어요.')
  return new Response(`결제를 중단했어요. 주문번호 ${arrival.abort.orderId}`)
}

export function toRequest(incoming: IncomingMessage, body: Uint8Array<ArrayBuffer>): Request {
  const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  )
  const method = incoming.method ?? 'GET'
  const url = new URL(incoming.url ?? '/', `https://${incoming.headers.host}`)
  return new Request(url, { method, headers, ...(method === 'POST' ? { body } : {}) })
}

export async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text())
}
