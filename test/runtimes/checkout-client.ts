import { resultCodes } from '@sspay/protocol'
import { approvalTicket } from '../../packages/merchant/test/samples.ts'
import { transactionOf } from './gateway.ts'
import { notificationOf } from './notifications.ts'
import type { Send, ShopAnswer } from './send.ts'
import type { OrderRecord } from './shop.ts'

interface PayableOrder {
  readonly orderId: string
  readonly transactionId: string
}

type Headers = Readonly<Record<string, string>>

/** The buyer's browser, and the payment service's notifications. */
export interface CheckoutClient {
  readonly publicUrl: string
  newOrder(): PayableOrder
  transactionOf(orderId: string): string
  /** Requests an address of the checkout. */
  get(step: string, headers?: Headers): Promise<ShopAnswer>
  /** The Callback's form of a PC; the outcome in the address where the buyer is sent. */
  comeBack(order: PayableOrder): Promise<string | undefined>
  abort(order: PayableOrder): Promise<string | undefined>
  notify(order: PayableOrder, changes: Parameters<typeof notificationOf>[2]): Promise<ShopAnswer>
  /** What the shop has recorded. */
  recordOf(orderId: string): Promise<OrderRecord>
}

const browser = { cookie: 'session=own', 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' }
const formType = { 'content-type': 'application/x-www-form-urlencoded' }

export function createCheckoutClient(send: Send, url: string): CheckoutClient {
  const { pathname } = new URL(url)
  let lastOrder = 0

  const post = async (path: string, fields: Readonly<Record<string, string>>): Promise<string | undefined> => {
    const body = String(new URLSearchParams(fields))
    const headers = { ...browser, ...formType, 'content-length': String(body.length) }
    const { status, location, text } = await send({ method: 'POST', path, headers, body })
    if (status !== 303) throw new Error(`${path} was answered with ${status}: ${text.slice(0, 500)}`)
    return location?.split('result=')[1]
  }

  return {
    publicUrl: url,
    transactionOf: (orderId) => transactionOf(Number(orderId.replace('ORDER', ''))),
    newOrder() {
      lastOrder++
      return { orderId: `ORDER${lastOrder}`, transactionId: transactionOf(lastOrder) }
    },
    get: (step, headers = {}) =>
      send({ method: 'GET', path: `${pathname}${step}`, headers: { ...browser, accept: 'text/html', ...headers } }),
    comeBack: ({ orderId, transactionId }) =>
      post(`${pathname}/return?order=${orderId}`, { Tid: transactionId, TrAuthKey: approvalTicket }),
    abort: ({ orderId }) => post(`${pathname}/abort?order=${orderId}`, abortFields(orderId)),
    async notify({ orderId, transactionId }, changes) {
      const { headers, body } = notificationOf(orderId, transactionId, changes)
      const length = { 'content-length': String(body.length) }
      return send({ method: 'POST', path: `${pathname}/notice`, headers: { ...headers, ...length }, body })
    },
    async recordOf(orderId) {
      const path = `${pathname.replace(/\/pay$/, '')}/orders/${orderId}`
      return JSON.parse((await send({ method: 'GET', path, headers: {} })).text)
    },
  }
}

const abortFields = (orderId: string): Readonly<Record<string, string>> => ({
  PayMethod: 'CARD',
  GoodsName: '커피',
  Amt: '1004',
  Moid: orderId,
  Mid: 'ssptest01m',
  MallUserId: 'user0001',
  BuyerName: '홍길동',
  BuyerTel: '01099991111',
  BuyerEmail: 'buyer@shop.example',
  ResultCode: resultCodes.buyer_aborted.code,
  ResultMsg: resultCodes.buyer_aborted.ko,
})
