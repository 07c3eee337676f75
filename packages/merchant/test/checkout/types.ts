/** Compiled, never run: a checkout that is put together wrongly does not compile. */
import { DatabaseSync } from 'node:sqlite'
import { openPaymentWindow, payOrder } from '../../../browser/src/index.ts'
import { expressCheckout } from '../../src/adapters/express.ts'
import { fastifyCheckout } from '../../src/adapters/fastify.ts'
import { honoCheckout } from '../../src/adapters/hono.ts'
import { nestCheckout } from '../../src/adapters/nest.ts'
import { nextCheckout } from '../../src/adapters/next.ts'
import {
  type CheckoutOrder,
  type CheckoutResult,
  createCheckout,
  type MerchantConfig,
  sqliteJournal,
} from '../../src/index.ts'
import { merchantAt } from '../samples.ts'

const merchant = merchantAt('http://127.0.0.1:1')
const order: CheckoutOrder = {
  orderId: 'ORD0001',
  amount: 1004,
  customerId: 'user0001',
  goodsName: '커피',
  buyerName: '홍길동',
  buyerPhone: '01012345678',
  buyerEmail: 'buyer@shop.example',
  state: 'open',
}
const options = {
  merchant,
  url: 'https://shop.example/pay',
  journal: sqliteJournal(new DatabaseSync(':memory:')),
  findOrder: (orderId: string) => (orderId === order.orderId ? order : undefined),
  mayPay: () => true,
  markOrderPaid: (connection: DatabaseSync) => connection.prepare('update orders').run().changes === 1,
  resultUrl: ({ outcome }: CheckoutResult) => `/${outcome}`,
  onError: () => {},
}
const { markOrderPaid: _credit, ...withoutCredit } = options
const { findOrder: _find, ...withoutFind } = options
const { mayPay: _may, ...withoutMayPay } = options
const { onError: _error, ...withoutError } = options

export const checkout = createCheckout(options)

// The connection of the journal is the connection of the mark paid, without being named.
createCheckout({
  ...withoutCredit,
  markOrderPaid: (connection) => connection.prepare('update orders').all().length === 1,
})

// @ts-expect-error: nothing would ever be paid.
createCheckout(withoutCredit)
// @ts-expect-error: what is paid, only the shop's records know.
createCheckout(withoutFind)
// @ts-expect-error: a form names its buyer, so who may see it must be said.
createCheckout(withoutMayPay)
// @ts-expect-error: an error is reported.
createCheckout(withoutError)
// @ts-expect-error: a misspelt option does nothing, so it is rejected.
createCheckout({ ...options, cancelPasword: '123456' })
// @ts-expect-error: whether the order was open must be answered.
createCheckout({ ...options, markOrderPaid: (connection: DatabaseSync) => connection.exec('update orders') })
createCheckout({
  ...options,
  // @ts-expect-error: on SQLite the transaction does not wait.
  markOrderPaid: async (connection: DatabaseSync) => connection.prepare('').all().length === 1,
})
// @ts-expect-error: and by more than that something was run.
createCheckout({ ...options, markOrderPaid: (connection: DatabaseSync) => connection.prepare('update orders').run() })
// @ts-expect-error: the connection is the journal's.
createCheckout({ ...options, markOrderPaid: (connection: { query(sql: string): boolean }) => connection.query('') })
// @ts-expect-error: a key is no merchant.
createCheckout({ ...options, merchant: 'M6AywGL98l3kGfAPGZNPKoyTHEG+y6VvZQQKh6ZdQC0G' })
// @ts-expect-error: settings are checked first.
createCheckout({ ...options, merchant: {} as MerchantConfig })
// @ts-expect-error: an order without a state could be paid twice.
createCheckout({ ...options, findOrder: () => ({ ...order, state: undefined }) })
// @ts-expect-error: a state of the shop's own is reported as open, paid or closed.
createCheckout({ ...options, findOrder: () => ({ ...order, state: 'shipped' }) })
// @ts-expect-error: won are a number.
createCheckout({ ...options, findOrder: () => ({ ...order, amount: '1004' }) })

// @ts-expect-error: a misspelt field of an order.
export const misspelt: CheckoutOrder = { ...order, goodName: '커피' }
// @ts-expect-error: the addresses of a checkout are its own.
export const withAddress: CheckoutOrder = { ...order, returnUrl: 'https://shop.example/return' }

export function everyResultHasItsPage(result: CheckoutResult): string {
  switch (result.outcome) {
    case 'paid':
    case 'checking':
    case 'closed':
    case 'aborted':
      return result.orderId
    case 'declined':
      return result.message.ko
    case 'failed':
      return result.orderId ?? ''
  }
}

// @ts-expect-error: a shop that forgets `checking` would ask for the money again.
export function checkingIsForgotten(result: CheckoutResult): string {
  switch (result.outcome) {
    case 'paid':
    case 'closed':
    case 'aborted':
    case 'declined':
    case 'failed':
      return '/'
  }
}

// @ts-expect-error: a reason is there only when it was declined.
export const reasonOf = (result: CheckoutResult): string => result.message.ko

export const middlewares = [expressCheckout(checkout), honoCheckout(checkout), nestCheckout(checkout)]
export const plugin = fastifyCheckout(checkout)
export const handlers = nextCheckout(() => checkout)

// @ts-expect-error: the options are not the checkout.
expressCheckout(options)
// @ts-expect-error: the merchant is not the checkout.
fastifyCheckout(merchant)
// @ts-expect-error: an adapter takes the checkout itself.
honoCheckout(() => checkout)
// @ts-expect-error: an adapter takes the checkout itself.
nestCheckout(Promise.resolve(checkout))
// @ts-expect-error: a build loads the file without the environment of the server, so it is opened later.
nextCheckout(checkout)

export async function whatABrowserMayNotHave(config: MerchantConfig): Promise<void> {
  // @ts-expect-error: the page names the form, not the merchant.
  await payOrder(merchant)
  // @ts-expect-error: no key goes to the browser.
  await payOrder('/pay/form?order=ORD0001', { merchantKey: config.merchantKey })
  // @ts-expect-error: the merchant stays on the server.
  await openPaymentWindow(merchant, { environment: 'staging' })
  // @ts-expect-error: so do its settings.
  await openPaymentWindow(config, { environment: 'staging' })
}
