import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answeringWith, nobody } from '../loopback.ts'
import { approvalTicket, approvedAnswer, transactionId } from '../samples.ts'
import { openShop, posted } from './shop.ts'

const ticket = { Tid: transactionId, TrAuthKey: approvalTicket }
const paid = { outcome: 'paid', orderId: 'ORD0001' }
const own = { cookie: 'session=own' }
const pathsOfSteps = (path: string): readonly string[] =>
  ['form', 'return', 'abort', 'notice', 'recover'].map((step) => `${path}/${step}`)

test('one slash at the end is the same address', async (t) => {
  const shop = openShop(t, await answeringWith(t, { body: approvedAnswer() }))
  for (const path of pathsOfSteps('/pay')) assert.ok(shop.checkout.owns(`${path}/`), path)
  for (const path of ['/pay//', '/pay/form//', '/pay/form/x/']) assert.equal(shop.checkout.owns(path), false, path)
  const form = await shop.checkout.fetch(new Request('http://10.0.0.1/pay/form/?order=ORD0001', { headers: own }))
  assert.match(await form.text(), /name="ReturnUrl" value="https:\/\/shop\.example\/pay\/return\?order=ORD0001"/)
  await shop.checkout.fetch(posted('/return/?order=ORD0001', ticket))
  assert.deepEqual(shop.results, [paid])
})

test('a slash that comes or goes between the redirects of a return does not break it', async (t) => {
  for (const [first, second] of [
    ['/return', '/return/'],
    ['/return/', '/return'],
  ]) {
    const shop = openShop(t, await answeringWith(t, { body: approvedAnswer() }))
    const crossSite = posted(`${first}?order=ORD0001`, ticket)
    crossSite.headers.set('sec-fetch-site', 'cross-site')
    const location = (await shop.checkout.fetch(crossSite)).headers.get('location') ?? ''
    assert.match(location, /^\?order=ORD0001&sspay-return=/)
    await shop.checkout.fetch(
      new Request(`http://10.0.0.1/pay${second}${location}`, { headers: { ...own, 'sec-fetch-site': 'same-origin' } }),
    )
    assert.deepEqual(shop.results, [paid])
  }
})

test('behind a proxy that strips a prefix, addresses are public and requests arrive below mountPath', async (t) => {
  for (const mountPath of ['/pay', '/pay/']) {
    const gateway = await answeringWith(t, { body: approvedAnswer() })
    const shop = openShop(t, gateway, { url: 'https://shop.example/store/pay', mountPath })
    assert.equal(shop.checkout.path, '/pay')
    for (const path of pathsOfSteps('/pay')) assert.ok(shop.checkout.owns(path), path)
    for (const path of pathsOfSteps('/store/pay')) assert.equal(shop.checkout.owns(path), false, path)
    assert.equal(
      (await shop.checkout.formOf('ORD0001'))?.fields.StopUrl,
      'https://shop.example/store/pay/abort?order=ORD0001',
    )
    await shop.checkout.fetch(posted('/return?order=ORD0001', ticket))
    assert.deepEqual(shop.results, [paid])
  }
})

test('an adapter’s error is reported for an address of the checkout only', async (t) => {
  const { checkout, errors } = openShop(t, await nobody())
  const error = new Error('broken')
  checkout.reportError('/pay/notice/', error)
  checkout.reportError('/elsewhere', error)
  assert.deepEqual(errors, [{ during: 'notification', problem: 'The request could not be read.', error }])
})

test('a body that was read before is an error with its cure', async (t) => {
  const { checkout, errors } = openShop(t, await nobody())
  const request = posted('/return?order=ORD0001', ticket)
  await request.text()
  assert.equal((await checkout.fetch(request)).status, 500)
  assert.match(String(errors[0]?.error), /^BodyConsumedError: The body was read before .* request\.clone\(\)/)
  assert.match(String(errors[0]?.error), /먼저 본문을 읽은 코드가 있습니다\. .*뒤에 두세요/)
})
