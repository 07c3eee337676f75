import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { paymentRequest, readMessage, resultCodes } from '@sspay/protocol'
import { signPaymentRequest } from '@sspay/protocol/signature'
import { abortOf, answerAbout, newTicket, orderGoods, windowOrigin } from './journey.ts'
import { approvalAnswer, createBrowser, merchantKey, openShopTest } from './support.ts'

describe('shop, payment', () => {
  test('the payment form holds a payment request the protocol reads, signed with the shop’s key', async () => {
    await using shop = await openShopTest()
    const { form, orderId } = await orderGoods(shop.browser, 'lamp', 2)
    const read = readMessage(paymentRequest, form)
    assert.ok(read.ok)
    assert.equal(read.value.amount, 118_000)
    assert.equal(read.value.goodsCount, 2)
    assert.equal(read.value.orderId, orderId)
    const { EdiDate = '', Mid = '', Amt = '', EncryptData } = form
    assert.equal(EncryptData, signPaymentRequest({ requestedAt: EdiDate, merchantId: Mid, amount: Amt }, merchantKey))
  })

  test('the key is on no page', async () => {
    await using shop = await openShopTest()
    const { page } = await orderGoods(shop.browser)
    const sample = await shop.browser.get('/guide-sample')
    for (const text of [page.text, sample.text]) assert.ok(!text.includes(merchantKey.slice(0, 12)))
  })

  test('an approved payment marks the order paid once, however often it returns', async () => {
    await using shop = await openShopTest()
    const { orderId, returnPath } = await orderGoods(shop.browser)
    answerAbout(shop, orderId)
    const ticket = newTicket()
    const pages = await Promise.all(
      Array.from({ length: 5 }, () => shop.browser.post(returnPath, ticket, windowOrigin)),
    )
    for (const page of [...pages, await shop.browser.post(returnPath, ticket, windowOrigin)]) {
      assert.equal(page.path, `/orders/${orderId}`)
      assert.match(page.text, /결제가 완료되었어요/)
      assert.match(page.text, /411111\*{6}1111/)
    }
    assert.match((await shop.browser.get('/membership')).text, />10점</)
  })

  test('another customer who brings a ticket to the order neither claims nor declines it', async () => {
    await using shop = await openShopTest()
    const { orderId, returnPath } = await orderGoods(shop.browser)
    answerAbout(shop, orderId, 'approval_ticket_unknown')
    const otherBrowser = createBrowser(shop.fetch)
    await orderGoods(otherBrowser)
    for (const origin of [windowOrigin, 'http://shop.example']) await otherBrowser.post(returnPath, newTicket(), origin)
    assert.deepEqual(shop.gateway.approvals, [])
    answerAbout(shop, orderId)
    assert.match((await shop.browser.post(returnPath, newTicket(), windowOrigin)).text, /결제가 완료되었어요/)
  })

  test('a second payment of a paid order is never approved', async () => {
    await using shop = await openShopTest()
    const { orderId, returnPath } = await orderGoods(shop.browser)
    answerAbout(shop, orderId)
    await shop.browser.post(returnPath, newTicket(), windowOrigin)
    await shop.browser.post(returnPath, newTicket(), windowOrigin)
    assert.equal(shop.gateway.approvals.length, 1)
  })

  test('an unknown outcome is being checked, survives a restart and becomes a receipt', async () => {
    await using shop = await openShopTest()
    const { orderId, returnPath } = await orderGoods(shop.browser)
    const ticket = newTicket()
    const checking = await shop.browser.post(returnPath, ticket, windowOrigin)
    assert.match(checking.text, /결제 결과를 확인하고 있어요/)
    answerAbout(shop, orderId)
    await shop.restart()
    const paid = await shop.browser.post(`/orders/${orderId}/check`, {})
    assert.match(paid.text, /결제가 완료되었어요/)
    for (const asked of shop.gateway.approvals) assert.deepEqual(asked, ticket)
    assert.match((await shop.browser.get('/membership')).text, />10점</)
  })

  test('an order that is being checked cannot be paid, aborted or opened again', async () => {
    await using shop = await openShopTest()
    const { order, orderId, form, returnPath } = await orderGoods(shop.browser)
    await shop.browser.post(returnPath, newTicket(), windowOrigin)
    const again = await shop.browser.post('/orders', order)
    const stopped = await shop.browser.post('/pay/stop', abortOf(form), windowOrigin)
    for (const page of [again, stopped]) {
      assert.equal(page.path, `/orders/${orderId}`)
      assert.match(page.text, /결제 결과를 확인하고 있어요/)
    }
  })

  const mismatches = [
    { name: 'another amount', answer: (orderId: string) => ({ orderId, amount: 1003 }) },
    { name: 'another order', answer: () => ({ orderId: 'ML250102-0000000000', amount: 1004 }) },
  ]
  for (const { name, answer } of mismatches) {
    test(`an approval of ${name} is not a receipt`, async () => {
      await using shop = await openShopTest()
      const { orderId, returnPath } = await orderGoods(shop.browser)
      shop.gateway.answerWith(({ Tid = '' }) => approvalAnswer('approved', { transactionId: Tid, ...answer(orderId) }))
      const page = await shop.browser.post(returnPath, newTicket(), windowOrigin)
      assert.match(page.text, /결제 결과를 확인하고 있어요/)
    })
  }

  test('a declined payment says why and offers another', async () => {
    await using shop = await openShopTest()
    const { orderId, returnPath } = await orderGoods(shop.browser)
    answerAbout(shop, orderId, 'balance_insufficient')
    const page = await shop.browser.post(returnPath, newTicket(), windowOrigin)
    assert.match(page.text, new RegExp(resultCodes.balance_insufficient.ko))
    assert.match(page.text, /href="\/order\?goods=postcard&amp;quantity=1">다시 결제/)
  })

  test('a stopped payment shows the order and the reason, and can still be paid', async () => {
    await using shop = await openShopTest()
    const { orderId, form, returnPath } = await orderGoods(shop.browser)
    const page = await shop.browser.post('/pay/stop', abortOf(form), windowOrigin)
    assert.equal(page.path, `/orders/${orderId}`)
    assert.match(page.text, /결제를 멈췄어요/)
    assert.match(page.text, new RegExp(resultCodes.buyer_aborted.ko))
    answerAbout(shop, orderId)
    assert.match((await shop.browser.post(returnPath, newTicket(), windowOrigin)).text, /결제가 완료되었어요/)
  })

  test('a stop page shows no text that the browser brought along', async () => {
    await using shop = await openShopTest()
    const { form } = await orderGoods(shop.browser)
    const abort = { ...abortOf(form), ResultCode: 'Z999', ResultMsg: '<b>전화 주세요</b>' }
    const page = await shop.browser.post('/pay/stop', abort, windowOrigin)
    assert.ok(!page.text.includes('전화 주세요'))
    assert.match(page.text, /코드 Z999/)
  })

  test('a broken return and a broken stop are answered in a sentence', async () => {
    await using shop = await openShopTest()
    const { returnPath } = await orderGoods(shop.browser)
    assert.equal((await shop.browser.post(returnPath, { Tid: 'x y' }, windowOrigin)).status, 400)
    assert.equal((await shop.browser.post('/pay/return?order=none', newTicket(), windowOrigin)).status, 400)
    assert.equal((await shop.browser.post('/pay/stop', {}, windowOrigin)).status, 400)
    assert.equal(shop.gateway.approvals.length, 0)
  })
})
