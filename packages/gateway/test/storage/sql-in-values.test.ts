import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestPayment } from '../../src/approval/request-payment.ts'
import { findPayment } from '../../src/approval/store.ts'
import { consoleRoutes } from '../../src/console/route.ts'
import { createApprovalTest, testMerchant, testRequest } from '../approval/support.ts'

const texts = [
  "'); drop table payments; --",
  "' or '1'='1",
  '" or ""="',
  "\\' or 1=1 --",
  '?1 $1 :a @b',
  '%_!%',
  "'; select pg_sleep(9); --",
  '/* */ union select 1',
]

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;').replaceAll('<', '&lt;')

test('texts that look like SQL are stored, found and shown as texts', async () => {
  await using opened = await createApprovalTest()
  const { gateway } = opened
  const app = consoleRoutes(gateway, { links: [] })
  const read = async (path: string): Promise<string> => (await app.request(`http://localhost${path}`)).text()

  for (const [index, text] of texts.entries()) {
    const request = { ...testRequest, orderId: `ORD-${index}`, goodsName: text }
    const { transactionId } = await requestPayment(gateway, { request, merchant: testMerchant })
    assert.equal((await findPayment(gateway, transactionId))?.request.goodsName, text)
  }
  const whole = await read('/')
  for (const text of texts) assert.ok(whole.includes(escaped(text)), text)

  const counted = async (): Promise<unknown> => gateway.storage.read('select count(*) as payments from payments')
  const before = await counted()
  for (const text of texts.map(encodeURIComponent)) {
    assert.match(await read(`/payments/${text}`), /없는 결제/)
    for (const name of ['from', 'until', 'before']) assert.match(await read(`/?${name}=${text}`), /<main/)
    for (const name of ['state', 'before']) assert.match(await read(`/notifications?${name}=${text}`), /<main/)
    for (const name of ['text', 'merchantId', 'kind', 'before'])
      assert.match(await read(`/requests?${name}=${text}`), /<main/)
  }
  assert.deepEqual(await counted(), before)
})
