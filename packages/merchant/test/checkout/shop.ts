import { DatabaseSync } from 'node:sqlite'
import type { TestContext } from 'node:test'
import { resultCodes } from '@sspay/protocol'
import {
  type Checkout,
  type CheckoutError,
  type CheckoutOptions,
  type CheckoutOrder,
  type CheckoutResult,
  createCheckout,
  createJournalTable,
  sqliteJournal,
} from '../../src/index.ts'
import { approvalTicket, merchantAt, order, transactionId } from '../samples.ts'

const shopUrl = 'https://shop.example/pay'

export interface TestShop {
  readonly checkout: Checkout
  readonly database: DatabaseSync
  readonly errors: readonly CheckoutError[]
  readonly results: readonly CheckoutResult[]
  /** How many times the order was marked paid. */
  timesMarkedPaid(): number
  setState(state: CheckoutOrder['state']): void
  setAmount(amount: number): void
}

type Changes = Partial<CheckoutOptions<DatabaseSync>>

/** A shop with one order in a real database, and a checkout against the service at this origin. */
export function openShop(t: TestContext, gateway: string, changes: Changes = {}): TestShop {
  const database = new DatabaseSync(':memory:')
  t.after(() => database.close())
  database.exec(createJournalTable)
  database.exec(`create table orders (order_id text, amount integer, state text, times_paid integer);
    insert into orders values ('ORD0001', 1004, 'open', 0)`)
  const errors: CheckoutError[] = []
  const results: CheckoutResult[] = []
  const { requestedAt: _, returnUrl: _return, abortUrl: _abort, ...payable } = order
  const row = (): { state: CheckoutOrder['state']; amount: number; timesMarkedPaid: number } =>
    database.prepare('select state, amount, times_paid as timesMarkedPaid from orders').get() as never
  const stateAndAmount = (): Pick<CheckoutOrder, 'state' | 'amount'> => {
    const { state, amount } = row()
    return { state, amount }
  }
  const checkout = createCheckout<DatabaseSync>({
    merchant: merchantAt(gateway),
    url: shopUrl,
    journal: sqliteJournal(database),
    findOrder: (orderId) => (orderId === 'ORD0001' ? { ...payable, ...stateAndAmount() } : undefined),
    mayPay: (request) => request.headers.get('cookie') === 'session=own',
    markOrderPaid: (connection) =>
      connection.prepare(`update orders set state = 'paid', times_paid = times_paid + 1 where state = 'open'`).run()
        .changes === 1,
    resultUrl(result) {
      results.push(result)
      return `/orders/${result.orderId ?? ''}`
    },
    onError: (failure) => void errors.push(failure),
    ...changes,
  })
  return {
    checkout,
    database,
    errors,
    results,
    timesMarkedPaid: () => row().timesMarkedPaid,
    setAmount: (amount) => void database.prepare('update orders set amount = ?').run(amount),
    setState: (state) => void database.prepare('update orders set state = ?').run(state),
  }
}

type Fields = Readonly<Record<string, string>>

/** The buyer's browser posts from the shop's own page, as the Callback on PC does. */
export const returned = (changes: Fields = {}, cookie?: string): Request =>
  posted('/return?order=ORD0001', { Tid: transactionId, TrAuthKey: approvalTicket, ...changes }, cookie)

/** With the session of the buyer, unless another cookie is given. */
export const posted = (path: string, fields: Fields, cookie = 'session=own'): Request =>
  new Request(`http://10.0.0.1:8080/pay${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { cookie, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' },
  })

/** The window's post to StopUrl. */
export const aborted = (changes: Readonly<Record<string, string>> = {}, cookie?: string): Request =>
  posted(
    '/abort?order=ORD0001',
    {
      PayMethod: 'CARD',
      GoodsName: '커피',
      Amt: '1004',
      Moid: 'ORD0001',
      Mid: 'ssptest01m',
      MallUserId: 'user0001',
      BuyerName: '홍길동',
      BuyerTel: '01099991111',
      BuyerEmail: 'a@example.com',
      ResultCode: resultCodes.buyer_aborted.code,
      ResultMsg: resultCodes.buyer_aborted.ko,
      ...changes,
    },
    cookie,
  )
