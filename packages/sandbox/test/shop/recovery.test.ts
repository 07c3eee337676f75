import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { notification, resultCodes, writeMessage } from '@sspay/protocol'
import { signResult } from '@sspay/protocol/signature'
import { answerAbout, newTicket, orderGoods, windowOrigin } from './journey.ts'
import { merchantId, merchantKey, openShopTest, type ShopTest } from './support.ts'

interface NotifiedPayment {
  readonly transactionId: string
  readonly orderId: string
  readonly paymentState: '0' | '1' | '2'
  readonly amount?: number
  readonly cancelledAmount?: number
  readonly key?: string
}

/** A notification as the gateway writes it, without the headers of Standard Webhooks. */
async function notify(shop: ShopTest, { key = merchantKey, ...payment }: NotifiedPayment): Promise<string> {
  const { code: resultCode, ko: resultMessage } = resultCodes[payment.paymentState === '0' ? 'approved' : 'cancelled']
  const signature = signResult({ transactionId: payment.transactionId, resultCode }, key)
  const fields = writeMessage(notification, {
    amount: 1004,
    merchantId,
    resultCode,
    resultMessage,
    signature,
    ...payment,
  })
  const body = new URLSearchParams(fields as Record<string, string>)
  const answer = await shop.fetch(new Request('http://shop.example/pay/notify', { method: 'POST', body }))
  return `${answer.status} ${await answer.text()}`
}

/** An order whose approval nobody answered. */
async function indeterminateOrder(shop: ShopTest) {
  const ordered = await orderGoods(shop.browser)
  const ticket = newTicket()
  const page = await shop.browser.post(ordered.returnPath, ticket, windowOrigin)
  return { ...ordered, page, ticket, transactionId: ticket.Tid }
}

const pointsOf = async (shop: ShopTest): Promise<string | undefined> =>
  /([\d,]+)점</.exec((await shop.browser.get('/membership')).text)?.[1]

describe('shop, recovery', () => {
  test('a notification marks an order whose answer was lost paid, once, and the buyer finds it paid', async () => {
    await using shop = await openShopTest()
    const { orderId, transactionId, returnPath, ticket } = await indeterminateOrder(shop)
    const payment = { transactionId, orderId, paymentState: '0' } as const
    assert.deepEqual(await Promise.all([notify(shop, payment), notify(shop, payment)]), ['200 OK', '200 OK'])
    assert.match((await shop.browser.get(`/orders/${orderId}`)).text, /결제가 완료되었어요/)
    answerAbout(shop, orderId)
    await shop.browser.post(returnPath, ticket, windowOrigin)
    assert.equal(await pointsOf(shop), '10')
  })

  const unheard: readonly (readonly [what: string, change: Partial<NotifiedPayment>, answer: RegExp])[] = [
    ['signed by somebody else', { key: 'x'.repeat(40) }, /^400 /],
    ['of another amount', { amount: 1003 }, /^200 OK$/],
    ['of another order', { orderId: 'ML250102-ffffffffff' }, /^200 OK$/],
    ['of another payment of the order', { transactionId: newTicket().Tid }, /^200 OK$/],
  ]
  for (const [what, change, answer] of unheard) {
    test(`a notification ${what} marks nothing paid`, async () => {
      await using shop = await openShopTest()
      const { orderId, transactionId } = await indeterminateOrder(shop)
      assert.match(await notify(shop, { transactionId, orderId, paymentState: '0', ...change }), answer)
      assert.match((await shop.browser.get(`/orders/${orderId}`)).text, /결제 결과를 확인하고 있어요/)
      assert.equal(await pointsOf(shop), '0')
    })
  }

  test('notifications of refunds that the shop did not ask for lower what is paid', async () => {
    await using shop = await openShopTest()
    const { orderId, transactionId } = await indeterminateOrder(shop)
    await notify(shop, { transactionId, orderId, paymentState: '0' })
    await notify(shop, { transactionId, orderId, paymentState: '1', cancelledAmount: 504 })
    assert.match((await shop.browser.get(`/orders/${orderId}`)).text, /적립은 5점이에요/)
    await notify(shop, { transactionId, orderId, paymentState: '1', cancelledAmount: 1004 })
    await notify(shop, { transactionId, orderId, paymentState: '1', cancelledAmount: 504 })
    assert.match((await shop.browser.get(`/orders/${orderId}`)).text, /주문이 취소되었어요/)
    assert.equal(await pointsOf(shop), '0')
  })

  test('a notification of an approval that comes after the one of its refund marks nothing paid', async () => {
    await using shop = await openShopTest()
    const { orderId } = await orderGoods(shop.browser)
    const about = { transactionId: newTicket().Tid, orderId }
    await notify(shop, { ...about, paymentState: '1', cancelledAmount: 1004 })
    assert.equal(await notify(shop, { ...about, paymentState: '0' }), '200 OK')
    assert.equal(await pointsOf(shop), '0')
  })

  test('a buyer who withdraws an unanswered order is never charged for it', async () => {
    await using shop = await openShopTest()
    const { orderId, transactionId, returnPath, ticket } = await indeterminateOrder(shop)
    const withdrawn = await shop.browser.post(`/orders/${orderId}/cancel`, {})
    assert.match(withdrawn.text, /주문을 취소하고 있어요/)
    answerAbout(shop, orderId)
    await shop.browser.post(`/orders/${orderId}/check`, {})
    await shop.browser.post(returnPath, ticket, windowOrigin)
    await notify(shop, { transactionId, orderId, paymentState: '0' })
    assert.equal(shop.gateway.approvals.length, 1)
    assert.equal(await pointsOf(shop), '0')
  })

  test('six orders that are cancelled with a wrong cancel password send it once', async () => {
    await using shop = await openShopTest()
    for (let order = 0; order < 6; order++) {
      const { orderId, returnPath } = await orderGoods(shop.browser)
      answerAbout(shop, orderId)
      await shop.browser.post(returnPath, newTicket(), windowOrigin)
      await shop.browser.post(`/orders/${orderId}/cancel`, {})
      await shop.browser.post(`/orders/${orderId}/check`, {})
    }
    assert.equal(shop.gateway.cancellations(), 1)
  })

  test('the page of an indeterminate order reloads by itself, the page of a paid one does not', async () => {
    await using shop = await openShopTest()
    const { orderId, page } = await indeterminateOrder(shop)
    assert.match(page.text, /location\.reload/)
    answerAbout(shop, orderId)
    const paid = await shop.browser.post(`/orders/${orderId}/check`, {})
    assert.ok(!paid.text.includes('location.reload'))
  })

  test('an order whose payment nobody was asked to approve can be paid after a restart', async () => {
    await using shop = await openShopTest()
    const { orderId, returnPath } = await orderGoods(shop.browser)
    const db = new DatabaseSync(shop.dataFile)
    db.prepare(`update orders set state = 'approving', transaction_id = ? where order_id = ?`).run(
      newTicket().Tid,
      orderId,
    )
    db.close()
    await shop.restart()
    answerAbout(shop, orderId)
    assert.match((await shop.browser.post(returnPath, newTicket(), windowOrigin)).text, /결제가 완료되었어요/)
  })

  test('a closed entry keeps no ticket', async () => {
    await using shop = await openShopTest()
    const { orderId, returnPath } = await orderGoods(shop.browser)
    answerAbout(shop, orderId)
    await shop.browser.post(returnPath, newTicket(), windowOrigin)
    const db = new DatabaseSync(shop.dataFile)
    const [entry] = db.prepare('select state, approval_ticket from sspay_journal').all()
    db.close()
    assert.deepEqual({ ...entry }, { state: 'paid', approval_ticket: null })
  })
})
