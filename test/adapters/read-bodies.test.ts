import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { honoCheckout } from '@sspay/merchant/hono'
import { type Context, Hono } from 'hono'
import { openShop, type TestShop } from '../../packages/merchant/test/checkout/shop.ts'
import { answeringWith } from '../../packages/merchant/test/loopback.ts'
import { approvalTicket, approvedAnswer, transactionId } from '../../packages/merchant/test/samples.ts'

type Read = (context: Context) => unknown

/** Posts a return to a shop whose middleware reads the body first. */
async function payAfter(
  t: TestContext,
  read: Read,
  note: string,
  contentType?: string,
): Promise<readonly [number, TestShop]> {
  const shop = openShop(t, await answeringWith(t, { body: approvedAnswer() }))
  const app = new Hono()
  app.use(async (context, next) => {
    await read(context)
    await next()
  })
  app.use(honoCheckout(shop.checkout))
  app.onError((_error, context) => context.text('error', 500))
  const json = JSON.stringify({ Tid: transactionId, TrAuthKey: approvalTicket, Note: note })
  const form = `Tid=${transactionId}&TrAuthKey=${approvalTicket}&Note=${note}`
  const { status } = await app.request('/pay/return?order=ORD0001', {
    method: 'POST',
    body: contentType === 'application/json' ? json : form,
    headers: {
      'content-type': contentType ?? 'application/x-www-form-urlencoded',
      cookie: 'session=own',
      'sec-fetch-site': 'same-origin',
    },
  })
  return [status, shop]
}

const readers: Readonly<Record<string, Read>> = {
  text: ({ req }) => req.text(),
  parseBody: ({ req }) => req.parseBody(),
  formData: ({ req }) => req.formData(),
  arrayBuffer: ({ req }) => req.arrayBuffer(),
  'text, then parseBody': async ({ req }) => [await req.text(), await req.parseBody()],
}

for (const [name, read] of Object.entries(readers))
  test(`Hono: a body that middleware has read pays: ${name}`, async (t) => {
    const [status, { results, errors }] = await payAfter(t, read, '%EC%B9%98%ED%82%A8')
    assert.equal(status, 303)
    assert.deepEqual([results, errors], [[{ outcome: 'paid', orderId: 'ORD0001' }], []])
  })

test('Hono: JSON that middleware has read pays', async (t) => {
  const [, { results }] = await payAfter(t, ({ req }) => req.json(), '치킨', 'application/json')
  assert.deepEqual(results, [{ outcome: 'paid', orderId: 'ORD0001' }])
})

test('Hono: bytes of EUC-KR that middleware has read pay', async (t) => {
  const [, { results }] = await payAfter(t, ({ req }) => req.arrayBuffer(), '%C4%BF%C7%C7')
  assert.deepEqual(results, [{ outcome: 'paid', orderId: 'ORD0001' }])
})

const lost: Readonly<Record<string, Read>> = {
  'EUC-KR as a form of UTF-8': ({ req }) => req.formData(),
  'the raw request': ({ req }) => req.raw.text(),
}

for (const [name, read] of Object.entries(lost))
  test(`Hono: a body that cannot be restored is an error with cause and cure: ${name}`, async (t) => {
    const [status, { errors, results }] = await payAfter(t, read, '%C4%BF%C7%C7')
    assert.deepEqual([status, results], [500, []])
    assert.match(String(errors[0]?.error), /^BodyConsumedError: The body was read before .* c\.req\.arrayBuffer\(\)/)
  })
