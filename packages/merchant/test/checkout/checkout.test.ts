import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { resultCodes } from '@sspay/protocol'
import { answering, answeringWith, httpAnswer, nobody } from '../loopback.ts'
import { approvalTicket, approvedAnswer, merchantKey, transactionId } from '../samples.ts'
import { openShop, posted, returned } from './shop.ts'

const get = (path: string, headers: Readonly<Record<string, string>> = {}): Request =>
  new Request(`http://10.0.0.1:8080${path}`, { headers })
const own = { cookie: 'session=own' }

test('it owns its five addresses and answers no other', async (t) => {
  const { checkout } = openShop(t, 'http://127.0.0.1:1')
  assert.equal(checkout.path, '/pay')
  for (const path of ['form', 'return', 'abort', 'notice', 'recover']) assert.ok(checkout.owns(`/pay/${path}`), path)
  for (const path of ['/pay', '/pay/', '/pay/constructor', '/pay/form/x', '/form', '/payform']) {
    assert.equal(checkout.owns(path), false, path)
    assert.equal((await checkout.fetch(get(path))).status, 404, path)
  }
  const rejected = await checkout.fetch(get('/pay/notice'))
  assert.equal(rejected.status, 405)
  assert.equal(rejected.headers.get('allow'), 'POST')
})

test('the form is a page, and JSON for a page of the shop', async (t) => {
  const { checkout } = openShop(t, 'http://127.0.0.1:4610')
  const page = await checkout.fetch(get('/pay/form?order=ORD0001', own))
  const html = await page.text()
  assert.match(html, /name="ReturnUrl" value="https:\/\/shop\.example\/pay\/return\?order=ORD0001"/)
  assert.match(html, /커피 &amp; 케이크/)
  assert.match(page.headers.get('content-security-policy') ?? '', /frame-src http:\/\/127\.0\.0\.1:4610;/)
  const json = await checkout.fetch(get('/pay/form?order=ORD0001', { ...own, accept: 'application/json' }))
  const form = (await json.json()) as { readonly fields: Record<string, string>; readonly returnUrl: string }
  assert.equal(form.returnUrl, 'https://shop.example/pay/return?order=ORD0001')
  assert.equal(form.fields.StopUrl, 'https://shop.example/pay/abort?order=ORD0001')
  assert.equal((await checkout.formOf('ORD0001'))?.fields.Amt, '1004')
  assert.equal(await checkout.formOf('ORD0002'), undefined)
})

test('a buyer who may not pay an order gets the answer for an order that does not exist', async (t) => {
  const { checkout } = openShop(t, 'http://127.0.0.1:4610')
  const foreign = await checkout.fetch(get('/pay/form?order=ORD0001'))
  const absent = await checkout.fetch(get('/pay/form?order=ORD0002', own))
  assert.equal(foreign.status, 404)
  assert.deepEqual([foreign.status, await foreign.text()], [absent.status, await absent.text()])
})

test('an order that is paid or closed shows no form', async (t) => {
  const shop = openShop(t, 'http://127.0.0.1:4610')
  for (const state of ['paid', 'closed'] as const) {
    shop.setState(state)
    const answer = await shop.checkout.fetch(get('/pay/form?order=ORD0001', own))
    assert.equal(answer.status, 303)
    assert.deepEqual(shop.results.at(-1), { outcome: state, orderId: 'ORD0001' })
    assert.equal(await shop.checkout.formOf('ORD0001'), undefined)
  }
})

test('an approved payment marks the order paid once and leads to the result page, however often it returns', async (t) => {
  const shop = openShop(t, await answeringWith(t, { body: approvedAnswer() }))
  const answers = await Promise.all([1, 2, 3, 4].map(() => shop.checkout.fetch(returned())))
  answers.push(await shop.checkout.fetch(returned()))
  for (const { status, headers } of answers) {
    assert.equal(status, 303)
    assert.equal(headers.get('location'), 'https://shop.example/orders/ORD0001')
    assert.equal(headers.get('set-cookie'), null)
  }
  assert.deepEqual(new Set(shop.results.map(({ outcome }) => outcome)), new Set(['paid']))
  assert.equal(shop.timesMarkedPaid(), 1)
})

test('a declined payment is reported to the shop, and the order stays open', async (t) => {
  const { code } = resultCodes.approval_ticket_expired
  const reported: unknown[] = []
  const gateway = await answeringWith(t, { body: approvedAnswer({ ResultCode: code, SignValue: undefined }) })
  const shop = openShop(t, gateway, { onDeclined: (rejection) => reported.push(rejection) })
  await shop.checkout.fetch(returned())
  const [result] = shop.results
  assert.ok(result?.outcome === 'declined')
  assert.equal(result.code, code)
  assert.equal(reported.length, 1)
  assert.equal(shop.timesMarkedPaid(), 0)
})

test('a payment with an unknown outcome is being checked, and the recovery marks it paid', async (t) => {
  let isDown = true
  const gateway = await answering(t, (socket) =>
    isDown ? socket.destroy() : socket.end(httpAnswer({ body: approvedAnswer() })),
  )
  const shop = openShop(t, gateway)
  await shop.checkout.fetch(returned())
  assert.deepEqual(shop.results, [{ outcome: 'checking', orderId: 'ORD0001' }])
  isDown = false
  const report = await shop.checkout.recover()
  assert.equal(report.approved.length, 1)
  assert.equal(shop.timesMarkedPaid(), 1)
})

test('over a payment that may have taken money no second one begins', async (t) => {
  let requests = 0
  const gateway = await answering(t, (socket) => {
    requests++
    socket.destroy()
  })
  const shop = openShop(t, gateway)
  await shop.checkout.fetch(returned())
  assert.match(shop.errors[0]?.problem ?? '', /not known yet: interrupted/)
  const asked = requests
  await shop.checkout.fetch(returned({ Tid: `${transactionId.slice(0, -1)}9` }))
  const form = await shop.checkout.fetch(get('/pay/form?order=ORD0001', own))
  assert.equal(form.status, 303)
  assert.equal(requests, asked)
  assert.deepEqual(
    shop.results.map(({ outcome }) => outcome),
    ['checking', 'checking', 'checking'],
  )
  assert.equal(await shop.checkout.formOf('ORD0001'), undefined)
})

test('a journal that cannot write sends nothing: failed, and nothing is taken', async (t) => {
  const shop = openShop(t, await answeringWith(t, { body: approvedAnswer() }))
  shop.database.exec('drop table sspay_journal')
  await shop.checkout.fetch(returned())
  assert.deepEqual(shop.results, [{ outcome: 'failed', orderId: 'ORD0001' }])
  assert.deepEqual(
    shop.errors.map(({ during }) => during),
    ['return'],
  )
})

test('money that was taken while the shop’s records were out of reach is being checked', async (t) => {
  const error = new Error('disk full')
  const markOrderPaid = (): boolean => {
    throw error
  }
  const shop = openShop(t, await answeringWith(t, { body: approvedAnswer() }), { markOrderPaid })
  await shop.checkout.fetch(returned())
  assert.deepEqual(shop.results, [{ outcome: 'checking', orderId: 'ORD0001' }])
  assert.equal(shop.errors[0]?.error, error)
})

test('an order that was closed while it was approved is not marked paid, and its refund is pending', async (t) => {
  const gateway = await answering(t, (socket) => {
    shop.setState('closed')
    socket.end(httpAnswer({ body: approvedAnswer() }))
  })
  const shop = openShop(t, gateway)
  await shop.checkout.fetch(returned())
  assert.deepEqual(shop.results, [{ outcome: 'closed', orderId: 'ORD0001' }])
  assert.equal(shop.timesMarkedPaid(), 0)
  const { pending } = await shop.checkout.recover()
  assert.deepEqual(
    pending.map(({ reason }) => reason),
    ['cancel_password_missing'],
  )
})

test('what cannot be read, and an order that is not there, fail', async (t) => {
  const shop = openShop(t, await nobody())
  await shop.checkout.fetch(returned({ TrAuthKey: '' }))
  await shop.checkout.fetch(posted('/return?order=ORD0002', {}))
  await shop.checkout.fetch(posted('/return', {}))
  assert.deepEqual(shop.results, [
    { outcome: 'failed', orderId: 'ORD0001' },
    { outcome: 'failed' },
    { outcome: 'failed' },
  ])
})

test('no error shows the merchant key or the ticket', async (t) => {
  const shop = openShop(t, await answeringWith(t, { body: approvedAnswer() }))
  shop.database.exec('drop table sspay_journal')
  await shop.checkout.fetch(returned())
  await shop.checkout.fetch(returned({ TrAuthKey: `${approvalTicket} `, Tid: '' }))
  assert.equal(shop.errors.length, 3)
  const text = inspect(shop.errors, { depth: 9 })
  for (const secret of [merchantKey, approvalTicket]) assert.ok(!text.includes(secret))
})

test('a log that fails changes no answer', async (t) => {
  const shop = openShop(t, await nobody(), {
    onError() {
      throw new Error('no log')
    },
  })
  assert.equal((await shop.checkout.fetch(returned({ Tid: '' }))).status, 303)
})

test('a form that cannot be made says that nothing was charged, and what to do', async (t) => {
  const shop = openShop(t, await nobody())
  shop.setAmount(-1)
  const answer = await shop.checkout.fetch(get('/pay/form?order=ORD0001', own))
  assert.equal(answer.status, 500)
  assert.match(await answer.text(), /결제된 금액은 없으니.*Nothing was charged/)
  const { during, error } = shop.errors.at(-1) ?? {}
  assert.equal(during, 'form')
  assert.match(String(error), /Amt: malformed \(amount, max 12\)\. .*올바르지 않습니다\. .* \/ .*is malformed: /)
})

test('a page of the shop that throws is answered in a sentence', async (t) => {
  const shop = openShop(t, await nobody(), {
    resultUrl() {
      throw new Error('boom')
    },
  })
  const answer = await shop.checkout.fetch(returned())
  assert.equal(answer.status, 500)
  assert.doesNotMatch(await answer.text(), /boom/)
  assert.equal(shop.errors.at(-1)?.during, 'return')
})

test('a checkout may stand at the root of a host', (t) => {
  const { checkout } = openShop(t, 'http://127.0.0.1:1', { url: 'https://pay.shop.example' })
  assert.ok(checkout.owns('/return'))
  assert.equal(checkout.path, '')
})
