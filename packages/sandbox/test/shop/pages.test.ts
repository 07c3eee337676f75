import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { answerAbout, newTicket, orderGoods, windowOrigin } from './journey.ts'
import { inputsOf, openShopTest } from './support.ts'

describe('shop, pages', () => {
  test('another browser sees neither the order nor its payment page', async () => {
    await using shop = await openShopTest()
    const { order, orderId } = await orderGoods(shop.browser)
    shop.browser.forgetCookies()
    for (const path of [`/orders/${orderId}`, `/orders/${orderId}/pay`])
      assert.equal((await shop.browser.get(path)).status, 404, path)
    await shop.browser.get('/order?goods=postcard')
    assert.equal((await shop.browser.post('/orders', order)).status, 404)
  })

  test('the shop’s own forms are rejected from another origin', async () => {
    await using shop = await openShopTest()
    const { order, orderId } = await orderGoods(shop.browser)
    for (const path of ['/orders', `/orders/${orderId}/check`, '/membership/delete']) {
      assert.equal((await shop.browser.post(path, order, windowOrigin)).status, 403, path)
    }
  })

  test('the payment page is a GET: a reload signs again and keeps one order', async () => {
    await using shop = await openShopTest()
    const { page, order, form } = await orderGoods(shop.browser, 'postcard', 2, {
      flow: 'page',
      buyerName: '홍 & 길동',
    })
    assert.equal(page.path, `/orders/${order.orderId}/pay`)
    const { text } = await shop.browser.get(page.path)
    const { EdiDate, EncryptData, ...signed } = form
    assert.partialDeepStrictEqual(inputsOf(text), signed)
    assert.equal(signed.BuyerName, '홍 & 길동')
    assert.doesNotMatch(text, /Callback/)
    assert.equal((await shop.browser.get('/orders')).text.match(/<li>/g)?.length, 1)
  })

  test('a payment page without what the buyer entered leads to the order page', async () => {
    await using shop = await openShopTest()
    const { page } = await orderGoods(shop.browser, 'postcard', 2)
    shop.browser.forgetCookie('entered')
    const again = await shop.browser.get(page.path)
    assert.equal(again.path, '/order?goods=postcard&quantity=2')
    assert.match(again.text, /action="\/orders"/)
  })

  const badOrders: readonly {
    readonly name: string
    readonly fields: Readonly<Record<string, string>>
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
      await using shop = await openShopTest()
      const { page } = await orderGoods(shop.browser, 'postcard', 1, fields)
      assert.equal(page.status, status)
      assert.match(page.text, says)
    })
  }

  test('the name is shown as text', async () => {
    await using shop = await openShopTest()
    const { page } = await orderGoods(shop.browser, 'postcard', 1, { buyerName: '"><script>alert(1)</script>' })
    assert.ok(!page.text.includes('<script>alert'))
  })

  const agents = [
    { agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148', flow: 'page' },
    { agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0', flow: 'layer' },
  ]
  for (const { agent, flow } of agents) {
    test(`the ${flow} flow is chosen for ${agent.slice(0, 22)}`, async () => {
      await using shop = await openShopTest()
      const page = await shop.browser.get('/order?goods=mug', { 'user-agent': agent })
      assert.equal(inputsOf(page.text).flow, flow)
    })
  }

  test('only the PC flow has an approval form and a callback', async () => {
    await using shop = await openShopTest()
    const layer = await orderGoods(shop.browser, 'postcard', 1, { flow: 'layer' })
    const page = await orderGoods(shop.browser, 'postcard', 1, { flow: 'page' })
    assert.match(layer.page.text, /id="approvalForm"/)
    assert.match(layer.page.text, /Callback/)
    assert.doesNotMatch(page.page.text, /approvalForm|Callback/)
    for (const { text } of [layer.page, page.page]) assert.match(text, /action="http:\/\/127[^"]*\/ssp\/reqPay\.do"/)
  })

  const deletions = [
    { reason: 'member_deleted', says: /PD00/ },
    { reason: 'member_without_card_deleted', says: /PS40/ },
    { reason: 'member_unknown', says: /S301/ },
    { reason: 'overloaded', says: /S901/ },
  ] as const
  for (const { reason, says } of deletions) {
    test(`a deletion answered with ${reason} shows its code`, async () => {
      await using shop = await openShopTest()
      shop.gateway.deleteWith(reason)
      await shop.browser.get('/order?goods=postcard')
      await shop.browser.get('/membership')
      const page = await shop.browser.post('/membership/delete', {})
      assert.equal(page.path, '/membership')
      assert.match(page.text, says)
    })
  }

  test('the second visit is a returning member until the membership is deleted', async () => {
    await using shop = await openShopTest()
    const { orderId, returnPath, form } = await orderGoods(shop.browser)
    answerAbout(shop, orderId)
    await shop.browser.post(returnPath, newTicket(), windowOrigin)
    const second = await orderGoods(shop.browser)
    assert.equal(second.form.MallUserId, form.MallUserId)
    assert.match((await shop.browser.get('/order?goods=mug')).text, /다시 오셨네요/)
    await shop.browser.get('/membership')
    await shop.browser.post('/membership/delete', {})
    assert.match((await shop.browser.get('/order?goods=mug')).text, /처음이시면/)
  })

  test('the file holds nothing of the buyer', async () => {
    await using shop = await openShopTest()
    const buyer = { buyerName: '홍길동카나리아', buyerPhone: '010-9876-1234', buyerEmail: 'canary@buyer.example' }
    const { orderId, returnPath } = await orderGoods(shop.browser, 'postcard', 1, buyer)
    answerAbout(shop, orderId)
    await shop.browser.post(returnPath, newTicket(), windowOrigin)
    const bytes = Buffer.concat([await readFile(shop.dataFile), await readFile(`${shop.dataFile}-wal`)])
    for (const canary of Object.values(buyer)) assert.ok(!bytes.includes(canary), canary)
  })
})
