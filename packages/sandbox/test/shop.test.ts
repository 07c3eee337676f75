import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { paymentRequest, readMessage, resultCodes, type WireText } from '@sspay/protocol'
import { signPaymentRequest } from '@sspay/protocol/signature'
import { approvalAnswer, type Browser, inputsOf, merchantKey, openShopTest, type ShopTest } from './shop-support.ts'

const foreign = 'http://window.example'
let counter = 0
const newTicket = () => ({
  Tid: `ssptest01m0101250102030405${String(1000 + counter++)}`,
  TrAuthKey: '0123456789abcdef'.repeat(4),
})

/** From the order page to the signed form. */
async function orderGoods(browser: Browser, goodsId = 'postcard', quantity = 1, more: WireText = {}) {
  const order = inputsOf((await browser.get(`/order?goods=${goodsId}&quantity=${quantity}`)).text)
  const page = await browser.post('/orders', { ...order, ...more } as Record<string, string>)
  const form = inputsOf(page.text)
  return {
    page,
    order,
    form,
    orderId: order.orderId ?? '',
    returnPath: new URL(form.ReturnUrl ?? 'http://none').href.replace('http://shop.example', ''),
  }
}

const approves = (
  { service }: ShopTest,
  orderId: string,
  amount = 1004,
  reason: Parameters<typeof approvalAnswer>[0] = 'approved',
) => service.answerWith(({ Tid = '' }) => approvalAnswer(reason, { transactionId: Tid, orderId, amount }))

describe('shop', () => {
  test('the payment form holds a payment request the protocol reads, signed with the shop’s key', async () => {
    const shop = await openShopTest()
    const { form, orderId } = await orderGoods(shop.browser, 'lamp', 2)
    const read = readMessage(paymentRequest, form)
    assert.ok(read.ok)
    assert.equal(read.value.amount, 118_000)
    assert.equal(read.value.goodsCount, 2)
    assert.equal(read.value.orderId, orderId)
    const { EdiDate = '', Mid = '', Amt = '', EncryptData } = form
    assert.equal(EncryptData, signPaymentRequest({ requestedAt: EdiDate, merchantId: Mid, amount: Amt }, merchantKey))
    await shop.close()
  })

  test('the key is on no page', async () => {
    const shop = await openShopTest()
    const { page } = await orderGoods(shop.browser)
    const sample = await shop.browser.get('/guide-sample')
    for (const text of [page.text, sample.text]) assert.ok(!text.includes(merchantKey.slice(0, 12)))
    await shop.close()
  })

  test('an approved payment is credited once, however often it comes back', async () => {
    const shop = await openShopTest()
    const { orderId, returnPath } = await orderGoods(shop.browser)
    approves(shop, orderId)
    const ticket = newTicket()
    const pages = await Promise.all(Array.from({ length: 5 }, () => shop.browser.post(returnPath, ticket, foreign)))
    for (const page of [...pages, await shop.browser.post(returnPath, ticket, foreign)]) {
      assert.equal(page.path, `/orders/${orderId}`)
      assert.match(page.text, /결제가 완료되었습니다/)
      assert.match(page.text, /411111\*{6}1111/)
    }
    assert.match((await shop.browser.get('/membership')).text, />10점</)
    await shop.close()
  })

  test('a second payment of a paid order is never approved', async () => {
    const shop = await openShopTest()
    const { orderId, returnPath } = await orderGoods(shop.browser)
    approves(shop, orderId)
    await shop.browser.post(returnPath, newTicket(), foreign)
    await shop.browser.post(returnPath, newTicket(), foreign)
    assert.equal(shop.service.approvals.length, 1)
    await shop.close()
  })

  test('an unknown outcome is being checked, survives a restart and becomes a receipt', async () => {
    const shop = await openShopTest()
    const { orderId, returnPath } = await orderGoods(shop.browser)
    const ticket = newTicket()
    const checking = await shop.browser.post(returnPath, ticket, foreign)
    assert.match(checking.text, /결제 결과를 확인하고 있습니다/)
    await shop.restart()
    approves(shop, orderId)
    const paid = await shop.browser.post(`/orders/${orderId}/check`, {})
    assert.match(paid.text, /결제가 완료되었습니다/)
    assert.deepEqual(shop.service.approvals, [ticket, ticket])
    await shop.close()
  })

  test('an order that is being checked cannot be paid, aborted or opened again', async () => {
    const shop = await openShopTest()
    const { order, orderId, form, returnPath } = await orderGoods(shop.browser)
    await shop.browser.post(returnPath, newTicket(), foreign)
    const again = await shop.browser.post('/orders', order as Record<string, string>)
    const stopped = await shop.browser.post('/pay/stop', abortOf(form), foreign)
    for (const page of [again, stopped]) {
      assert.equal(page.path, `/orders/${orderId}`)
      assert.match(page.text, /결제 결과를 확인하고 있습니다/)
    }
    await shop.close()
  })

  const mismatches = [
    { name: 'another amount', answer: (orderId: string) => ({ orderId, amount: 1003 }) },
    { name: 'another order', answer: () => ({ orderId: 'ML250102-0000000000', amount: 1004 }) },
  ]
  for (const { name, answer } of mismatches) {
    test(`an approval of ${name} is not a receipt`, async () => {
      const shop = await openShopTest()
      const { orderId, returnPath } = await orderGoods(shop.browser)
      shop.service.answerWith(({ Tid = '' }) => approvalAnswer('approved', { transactionId: Tid, ...answer(orderId) }))
      const page = await shop.browser.post(returnPath, newTicket(), foreign)
      assert.match(page.text, /결제 결과를 확인하고 있습니다/)
      await shop.close()
    })
  }

  test('a declined payment says why and offers another', async () => {
    const shop = await openShopTest()
    const { orderId, returnPath } = await orderGoods(shop.browser)
    approves(shop, orderId, 1004, 'balance_insufficient')
    const page = await shop.browser.post(returnPath, newTicket(), foreign)
    assert.match(page.text, new RegExp(resultCodes.balance_insufficient.ko))
    assert.match(page.text, /href="\/order\?goods=postcard&amp;quantity=1">다시 결제/)
    await shop.close()
  })

  test('a stopped payment shows the order and the reason, and can still be paid', async () => {
    const shop = await openShopTest()
    const { orderId, form, returnPath } = await orderGoods(shop.browser)
    const page = await shop.browser.post('/pay/stop', abortOf(form), foreign)
    assert.equal(page.path, `/orders/${orderId}`)
    assert.match(page.text, /결제를 멈추었습니다/)
    assert.match(page.text, new RegExp(resultCodes.buyer_aborted.ko))
    approves(shop, orderId)
    assert.match((await shop.browser.post(returnPath, newTicket(), foreign)).text, /결제가 완료되었습니다/)
    await shop.close()
  })

  test('a stop page shows no text that the browser brought along', async () => {
    const shop = await openShopTest()
    const { form } = await orderGoods(shop.browser)
    const abort = { ...abortOf(form), ResultCode: 'Z999', ResultMsg: '<b>전화 주세요</b>' }
    const page = await shop.browser.post('/pay/stop', abort, foreign)
    assert.ok(!page.text.includes('전화 주세요'))
    assert.match(page.text, /코드 Z999/)
    await shop.close()
  })

  test('a broken return and a broken stop are answered in a sentence', async () => {
    const shop = await openShopTest()
    const { returnPath } = await orderGoods(shop.browser)
    assert.equal((await shop.browser.post(returnPath, { Tid: 'x y' }, foreign)).status, 400)
    assert.equal((await shop.browser.post('/pay/return?order=none', newTicket(), foreign)).status, 400)
    assert.equal((await shop.browser.post('/pay/stop', {}, foreign)).status, 400)
    assert.equal(shop.service.approvals.length, 0)
    await shop.close()
  })

  test('another browser sees neither the order nor its payment page', async () => {
    const shop = await openShopTest()
    const { order, orderId } = await orderGoods(shop.browser)
    shop.browser.forgetCookies()
    assert.equal((await shop.browser.get(`/orders/${orderId}`)).status, 404)
    await shop.browser.get('/order?goods=postcard')
    assert.equal((await shop.browser.post('/orders', order as Record<string, string>)).status, 404)
    await shop.close()
  })

  test('the shop’s own forms are refused from elsewhere', async () => {
    const shop = await openShopTest()
    const { order, orderId } = await orderGoods(shop.browser)
    for (const path of ['/orders', `/orders/${orderId}/check`, '/membership/delete']) {
      assert.equal((await shop.browser.post(path, order as Record<string, string>, foreign)).status, 403, path)
    }
    await shop.close()
  })

  test('a reload of the payment page signs anew and keeps one order', async () => {
    const shop = await openShopTest()
    const { order } = await orderGoods(shop.browser)
    const again = await shop.browser.post('/orders', order as Record<string, string>)
    assert.equal(inputsOf(again.text).Moid, order.orderId)
    assert.equal((await shop.browser.get('/orders')).text.match(/<li>/g)?.length, 1)
    await shop.close()
  })

  const badOrders: readonly {
    readonly name: string
    readonly fields: WireText
    readonly status: number
    readonly says: RegExp
  }[] = [
    { name: 'no name', fields: { buyerName: '' }, status: 422, says: /구매자명/ },
    { name: 'a phone with letters', fields: { buyerPhone: 'call me' }, status: 422, says: /구매자연락처/ },
    { name: 'a long e-mail', fields: { buyerEmail: `${'a'.repeat(60)}@example.com` }, status: 422, says: /60/ },
    { name: 'no such goods', fields: { goods: 'moon' }, status: 400, says: /주문서/ },
    { name: 'ten pieces', fields: { quantity: '10' }, status: 400, says: /주문서/ },
    { name: 'an own order id', fields: { orderId: 'ORD1' }, status: 400, says: /주문서/ },
  ]
  for (const { name, fields, status, says } of badOrders) {
    test(`an order with ${name} is explained`, async () => {
      const shop = await openShopTest()
      const { page } = await orderGoods(shop.browser, 'postcard', 1, fields)
      assert.equal(page.status, status)
      assert.match(page.text, says)
      await shop.close()
    })
  }

  test('the name is shown as text', async () => {
    const shop = await openShopTest()
    const { page } = await orderGoods(shop.browser, 'postcard', 1, { buyerName: '"><script>alert(1)</script>' })
    assert.ok(!page.text.includes('<script>alert'))
    await shop.close()
  })

  const agents = [
    { agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148', flow: 'page' },
    { agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0', flow: 'layer' },
  ]
  for (const { agent, flow } of agents) {
    test(`the ${flow} flow is chosen for ${agent.slice(0, 22)}`, async () => {
      const shop = await openShopTest()
      const page = await shop.browser.get('/order?goods=mug', { 'user-agent': agent })
      assert.equal(inputsOf(page.text).flow, flow)
      await shop.close()
    })
  }

  test('only the PC flow has an approval form and a callback', async () => {
    const shop = await openShopTest()
    const layer = await orderGoods(shop.browser, 'postcard', 1, { flow: 'layer' })
    const page = await orderGoods(shop.browser, 'postcard', 1, { flow: 'page' })
    assert.match(layer.page.text, /id="approvalForm"/)
    assert.match(layer.page.text, /Callback/)
    assert.doesNotMatch(page.page.text, /approvalForm|Callback/)
    for (const { text } of [layer.page, page.page]) assert.match(text, /action="http:\/\/127[^"]*\/ssp\/reqPay\.do"/)
    await shop.close()
  })

  const deletions = [
    { reason: 'member_deleted', says: /PD00/ },
    { reason: 'member_without_card_deleted', says: /PS40/ },
    { reason: 'member_unknown', says: /S301/ },
    { reason: 'overloaded', says: /S901/ },
  ] as const
  for (const { reason, says } of deletions) {
    test(`a deletion answered with ${reason} shows its code`, async () => {
      const shop = await openShopTest()
      shop.service.deleteWith(reason)
      await shop.browser.get('/order?goods=postcard')
      const page = await shop.browser.post('/membership/delete', {})
      assert.equal(page.path, '/membership')
      assert.match(page.text, says)
      await shop.close()
    })
  }

  test('the second visit is a returning member until the membership is deleted', async () => {
    const shop = await openShopTest()
    const { orderId, returnPath, form } = await orderGoods(shop.browser)
    approves(shop, orderId)
    await shop.browser.post(returnPath, newTicket(), foreign)
    const second = await orderGoods(shop.browser)
    assert.equal(second.form.MallUserId, form.MallUserId)
    assert.match((await shop.browser.get('/order?goods=mug')).text, /다시 오셨네요/)
    await shop.browser.post('/membership/delete', {})
    assert.match((await shop.browser.get('/order?goods=mug')).text, /처음이시면/)
    await shop.close()
  })

  test('the file holds nothing of the buyer', async () => {
    const shop = await openShopTest()
    const buyer = { buyerName: '홍길동카나리아', buyerPhone: '010-9876-1234', buyerEmail: 'canary@buyer.example' }
    const { orderId, returnPath } = await orderGoods(shop.browser, 'postcard', 1, buyer)
    approves(shop, orderId)
    await shop.browser.post(returnPath, newTicket(), foreign)
    const bytes = Buffer.concat([await readFile(shop.dataFile), await readFile(`${shop.dataFile}-wal`)])
    for (const canary of Object.values(buyer)) assert.ok(!bytes.includes(canary), canary)
    await shop.close()
  })
})

const abortOf = (form: Readonly<Record<string, string>>): Record<string, string> => {
  const names = [
    'PayMethod',
    'GoodsName',
    'Amt',
    'Moid',
    'Mid',
    'MallUserId',
    'BuyerName',
    'BuyerTel',
    'BuyerEmail',
    'MallReserved',
  ]
  const echoed = Object.fromEntries(names.map((name) => [name, form[name] ?? '']))
  return { ...echoed, ResultCode: 'S201', ResultMsg: '사용자가 결제를 중단했습니다.' }
}
