import {
  type Checkout,
  type CheckoutError,
  createCheckout,
  createJournalTable,
  defineMerchant,
  type SqliteDatabase,
  sqliteJournal,
} from '@sspay/merchant'

/** The same shop on every runtime: the host brings the database and the server. */
export interface RuntimeShop {
  readonly checkout: Checkout
  /** Answers the checkout's addresses, and `/orders/ID` with what the shop has recorded of an order. */
  fetch(request: Request): Promise<Response>
  /** Undefined if the path names no order. */
  orderAt(pathname: string): OrderRecord | undefined
}

export interface OrderRecord {
  readonly state: 'open' | 'paid'
  readonly timesMarkedPaid: number
  readonly timesAborted: number
}

export interface ShopSettings {
  readonly gateway: string
  /** Public address of the checkout. */
  readonly url: string
  readonly mountPath?: string | undefined
  readonly onError?: (error: CheckoutError) => void
}

export const webhookKey = `whsec_${'c3NwYXktdGVzdC13ZWJob29r'.repeat(2)}`
export const merchantKey = 'key-of-a-merchant-under-test-which-is-not-a-secret'

const createOrders = `create table if not exists orders (
  order_id text primary key not null, state text not null default 'open',
  times_paid integer not null default 0, times_aborted integer not null default 0)`

export function openRuntimeShop(database: SqliteDatabase, settings: ShopSettings): RuntimeShop {
  const { gateway, url, mountPath, onError = () => {} } = settings
  database.exec(createJournalTable)
  database.exec(createOrders)
  const rows = (sql: string, orderId: string): unknown[] => database.prepare(sql).all(orderId)

  const recordOf = (orderId: string): OrderRecord => {
    rows('insert into orders (order_id) values (?1) on conflict do nothing', orderId)
    const [record] = rows(
      'select state, times_paid as timesMarkedPaid, times_aborted as timesAborted from orders where order_id = ?1',
      orderId,
    )
    return { ...(record as OrderRecord) }
  }
  const orderAt = (pathname: string): OrderRecord | undefined => {
    const [, orderId] = /\/orders\/(ORDER\d+)\/?$/.exec(pathname) ?? []
    return orderId === undefined ? undefined : recordOf(orderId)
  }

  const checkout = createCheckout({
    merchant: defineMerchant({
      merchantId: 'ssptest01m',
      easyPayMerchantId: 'SSPTEST00p',
      merchantKey,
      environment: { origin: gateway },
      orderSignature: 'off_and_orders_can_be_tampered_with',
      connectTimeoutMs: 30_000,
      readTimeoutMs: 30_000,
    }),
    url,
    ...(mountPath === undefined ? {} : { mountPath }),
    webhookKeys: [webhookKey],
    journal: sqliteJournal(database),
    findOrder: (orderId) =>
      /^ORDER\d+$/.test(orderId) ? { ...order, orderId, state: recordOf(orderId).state } : undefined,
    mayPay: (request) => request.headers.get('cookie') === 'session=own',
    markOrderPaid: (connection, { orderId }) =>
      connection
        .prepare(
          `update orders set state = 'paid', times_paid = times_paid + 1
            where order_id = ?1 and state = 'open' returning order_id`,
        )
        .all(orderId).length === 1,
    resultUrl: ({ orderId, outcome }) => `/orders/${orderId ?? ''}?result=${outcome}`,
    onAborted: ({ orderId }) =>
      void rows('update orders set times_aborted = times_aborted + 1 where order_id = ?1', orderId),
    onError,
  })
  return {
    checkout,
    orderAt,
    async fetch(request) {
      const record = orderAt(new URL(request.url).pathname)
      return record === undefined ? checkout.fetch(request) : Response.json(record)
    },
  }
}

const order = {
  amount: 1004,
  customerId: 'user0001',
  goodsName: '똠방각하',
  buyerName: '홍길동',
  buyerPhone: '01099991111',
  buyerEmail: 'buyer@shop.example',
}
