import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WindowRejection } from '../../packages/sandbox/src/buyer/walk-window.ts'
import { assertBuyersVoice } from '../support/buyers-voice.ts'
import { assertPaidOnce, assertUnpaid, type Fixture } from './fixture.ts'

const declinedCard = '9406000030810007'

export function paymentContract(fixture: Fixture): void {
  const { buyer, ledger } = fixture

  test('the form is a page, and JSON for a page of the shop; the amount is the shop’s', async () => {
    const orderId = await buyer.placeOrder()
    const page = await buyer.send(`/pay/form?order=${orderId}`)
    assert.equal(page.status, 200)
    assert.match(page.headers.get('content-type') ?? '', /^text\/html; ?charset=utf-8$/i)
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/)
    assert.match(page.html, /1,004원 결제하기/)
    const { fields, returnUrl } = await buyer.openForm(orderId)
    assert.equal(fields.Amt, '1004')
    assert.equal(returnUrl, `${fixture.origin}/pay/return?order=${orderId}`)
    for (const name of Object.keys(fields)) assert.match(page.html, new RegExp(`name="${name}"`))
  })

  test('for another customer’s order there is no form, as for an order that is not there', async () => {
    const orderId = await buyer.placeOrder()
    const stranger = fixture.newBuyer()
    await stranger.placeOrder()
    const foreign = await stranger.send(`/pay/form?order=${orderId}`)
    const absent = await stranger.send('/pay/form?order=no-such-order')
    assert.equal(foreign.status, 404)
    assert.deepEqual(
      [foreign.status, foreign.html, foreign.headers.get('content-type')],
      [absent.status, absent.html, absent.headers.get('content-type')],
    )
    assert.equal((await stranger.send(`/orders/${orderId}`)).status, 404)
  })

  test('on a PC the Callback’s form pays the order, and its form is gone', async () => {
    const { orderId, seen } = await buyer.pay()
    assert.equal(seen.url, `${fixture.origin}/orders/${orderId}?result=paid`)
    assert.match(seen.html, /결제했어요/)
    assertPaidOnce(fixture, orderId)
    const form = await buyer.send(`/pay/form?order=${orderId}`)
    assert.equal(form.status, 303)
    assert.equal(form.headers.get('location'), seen.url)
  })

  test('a reload, and the back button with the old form, charge nothing more', async () => {
    const { orderId, form, ticket } = await buyer.pay()
    for (let reload = 0; reload < 3; reload++) assert.match((await buyer.comeBack(form, ticket)).html, /결제했어요/)
    const second = await buyer.authenticate(form)
    assert.notEqual(second.Tid, ticket.Tid)
    assert.match((await buyer.comeBack(form, second)).html, /결제했어요/)
    assertPaidOnce(fixture, orderId)
  })

  test('twenty concurrent returns charge once and mark the order paid once', async () => {
    const orderId = await buyer.placeOrder()
    const form = await buyer.openForm(orderId)
    const fields = await buyer.authenticate(form)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => buyer.send(form.returnUrl, { fields, from: 'same-origin' })),
    )
    // One that comes while the first is still asked for does not know its end.
    for (const { status, headers } of answers) {
      assert.equal(status, 303)
      assert.match(headers.get('location') ?? '', /result=(paid|checking)$/)
    }
    assert.match((await buyer.send(`/orders/${orderId}`)).html, /결제했어요/)
    assertPaidOnce(fixture, orderId)
  })

  test('of two payments of one order in two tabs one is kept', async () => {
    const orderId = await buyer.placeOrder()
    const form = await buyer.openForm(orderId)
    const [first, second] = [await buyer.authenticate(form), await buyer.authenticate(form)]
    await Promise.all([first, second].map((ticket) => buyer.comeBack(form, ticket)))
    await fixture.recover()
    assert.equal(ledger.openPayments(orderId), 0)
    assert.equal(ledger.charged(orderId).won, 1004)
    assert.deepEqual(ledger.order(orderId), { state: 'paid', timesMarkedPaid: 1 })
  })

  test('a declined card is reported to the buyer, and another one pays the order', async () => {
    const orderId = await buyer.placeOrder()
    const declined = await buyer.openForm(orderId)
    const seen = await buyer.comeBack(declined, await buyer.authenticate(declined, { cardNumber: declinedCard }))
    assert.match(seen.url, /result=declined$/)
    assert.match(seen.html, /결제하지 못했어요\. .*<details[^>]*><summary>[^<]*<\/summary>잔액 또는 한도/s)
    assertBuyersVoice(seen.html)
    assertUnpaid(fixture, orderId)
    const form = await buyer.openForm(orderId)
    assert.match((await buyer.comeBack(form, await buyer.authenticate(form))).html, /결제했어요/)
    assertPaidOnce(fixture, orderId)
  })

  test('a form with another amount is rejected by the window', async () => {
    const orderId = await buyer.placeOrder()
    const form = await buyer.openForm(orderId)
    const cheap = { ...form, fields: { ...form.fields, Amt: '100' } }
    await assert.rejects(buyer.authenticate(cheap), WindowRejection)
    assertUnpaid(fixture, orderId)
  })

  test('the payment of one order pays no other', async () => {
    const [own, other] = [await buyer.placeOrder(), await buyer.placeOrder()]
    const form = await buyer.openForm(own)
    const ticket = await buyer.authenticate(form)
    const seen = await buyer.comeBack({ ...form, returnUrl: form.returnUrl.replace(own, other) }, ticket)
    assert.doesNotMatch(seen.html, /결제했어요/)
    assert.equal(ledger.order(other).state, 'open')
    assert.equal(ledger.order(own).state, 'open')
  })

  test('a form whose order was exchanged is not approved', async () => {
    const [own, other] = [await buyer.placeOrder(), await buyer.placeOrder()]
    const form = await buyer.openForm(own)
    const exchanged = { ...form, fields: { ...form.fields, Moid: other } }
    const seen = await buyer.comeBack(exchanged, await buyer.authenticate(exchanged))
    assert.doesNotMatch(seen.html, /결제했어요/)
    for (const orderId of [own, other]) assertUnpaid(fixture, orderId)
  })

  test('an unknown address of the checkout, or a wrong method, is rejected', async () => {
    assert.equal((await buyer.send('/pay/nothing')).status, 404)
    assert.ok([404, 405].includes((await buyer.send('/pay/notice')).status))
    assert.equal((await buyer.send('/pay/form?order=x', { fields: { order: 'x' } })).status, 405)
  })

  test('a body without end is not kept', async () => {
    const orderId = await buyer.placeOrder()
    const { returnUrl } = await buyer.openForm(orderId)
    const answer = await buyer
      .send(returnUrl, { fields: { Tid: 'x'.repeat(1_000_000), TrAuthKey: 'y' }, from: 'same-origin' })
      .catch(() => undefined)
    assert.ok(answer === undefined || [303, 413].includes(answer.status), String(answer?.status))
    assertUnpaid(fixture, orderId)
    assert.equal((await buyer.send('/')).status, 200, 'the shop lives on')
  })
}
