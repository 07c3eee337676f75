import assert from 'node:assert/strict'
import { test } from 'node:test'
import { abortPayment } from '../../src/approval/close-payment.ts'
import { mostSearched } from '../../src/approval/model.ts'
import { requestPayment } from '../../src/approval/request-payment.ts'
import { consoleRoutes } from '../../src/console/route.ts'
import { writeCsvRow } from '../../src/csv.ts'
import { createApprovalTest, testMerchant, testRequest } from '../approval/support.ts'
import { readCsv } from './read-csv.ts'

async function openLedger(t: { after(work: () => Promise<void>): void }) {
  const world = await createApprovalTest()
  t.after(world.close)
  const app = consoleRoutes(world.gateway, { links: [] })
  const request = (change: Partial<typeof testRequest>) =>
    requestPayment(world.gateway, { request: { ...testRequest, ...change }, merchant: testMerchant })
  const read = async (path: string) => (await app.request(`http://console.local${path}`)).text()
  const orders = async (query = '') => readCsv(await read(`/payments.csv${query}`)).map(({ 주문번호 }) => 주문번호)
  return { ...world, app, request, read, orders }
}

const texts: readonly (readonly [text: string, written: string])[] = [
  ['커피', '"커피"'],
  ['a,b', '"a,b"'],
  ['say "yes"', '"say ""yes"""'],
  ['two\r\nlines', '"two\r\nlines"'],
  ['', '""'],
  ['=1+1', `"'=1+1"`],
  ["=cmd|' /C calc'!A0", `"'=cmd|' /C calc'!A0"`],
  ['+82 10', `"'+82 10"`],
  ['-10% 할인', `"'-10% 할인"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['\t=1', `"'\t=1"`],
  ['\r=1', `"'\r=1"`],
  ['  =1', `"'  =1"`],
  ['\u200b=1', `"'\u200b=1"`],
  ['\u00a0-1', `"'\u00a0-1"`],
  ['＝1+1', `"'＝1+1"`],
  ['＠SUM', `"'＠SUM"`],
  ['1=1', '"1=1"'],
]

for (const [text, written] of texts) {
  test(`as CSV ${JSON.stringify(text)} is ${JSON.stringify(written)}`, () =>
    assert.equal(writeCsvRow([text]), `${written}\r\n`))
}

test('a number stays a number', () => assert.equal(writeCsvRow(['a', 1004, 0]), '"a",1004,0\r\n'))

test('a file of some payments reads the whole range, however many others are newer', async (t) => {
  const { gateway, request, clock, orders } = await openLedger(t)
  const oldest = await request({ orderId: 'OLDEST' })
  await abortPayment(gateway, oldest.transactionId)
  clock.advance(1000)
  const newest = await request({ orderId: 'NEWEST' })
  await gateway.storage.transact((transaction) =>
    transaction.write(
      `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ?2)
       insert into payments (transaction_id, merchant_id, order_id, amount, state, request_public, request_encrypted,
         requested_at, state_changed_at, window_expires_at, event_sequence, event_hash)
       select 'COPY' || n, merchant_id, order_id, amount, state, request_public, request_encrypted,
         requested_at, state_changed_at, window_expires_at, event_sequence, event_hash
       from payments, numbers where transaction_id = ?1`,
      [newest.transactionId, mostSearched],
    ),
  )
  assert.deepEqual(await orders('?state=aborted'), ['OLDEST'])
  assert.deepEqual(await orders(`?text=${oldest.transactionId}`), ['OLDEST'])
  assert.deepEqual(await orders('?text=nothing'), [])
})

test('every payment is in the file once, newest first, without personal data', async (t) => {
  const { request, read, clock, app } = await openLedger(t)
  for (let index = 0; index < 1203; index++) {
    if (index % 100 === 0) clock.advance(1000)
    await request({ orderId: `ORD-${index}`, amount: 1000 + index, goodsName: index === 0 ? '=1+1' : '커피, "콩"' })
  }
  const answer = await app.request('http://console.local/payments.csv')
  assert.match(answer.headers.get('content-type') ?? '', /^text\/csv; charset=utf-8/)
  assert.equal(answer.headers.get('content-disposition'), 'attachment; filename="payments.csv"')
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
  const bytes = Buffer.from(await answer.arrayBuffer())
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf])
  const text = bytes.toString('utf8')
  const rows = readCsv(text)
  assert.equal(rows.length, 1203)
  assert.equal(new Set(rows.map(({ 거래번호 }) => 거래번호)).size, 1203)
  const total = rows.reduce((sum, { 금액 }) => sum + Number(금액), 0)
  assert.equal(total, 1203 * 1000 + (1202 * 1203) / 2)
  assert.equal(rows.find(({ 주문번호 }) => 주문번호 === 'ORD-0')?.상품명, "'=1+1")
  assert.equal(rows[0]?.상품명, '커피, "콩"')
  const { buyerName, buyerPhone, buyerEmail, customerId } = testRequest
  for (const canary of [buyerName, buyerPhone, buyerEmail, customerId]) assert.ok(!text.includes(canary), canary)
  assert.match(await read('/'), /href="\/payments\.csv"/)
})

for (const path of ['/payments.csv', '/requests.csv', '/requests.json'])
  test(`${path} is sent to the console’s own page and to direct navigation, and to no other site`, async (t) => {
    const { app, request } = await openLedger(t)
    await request({ orderId: 'ORDER' })
    const statusFor = async (headers: Readonly<Record<string, string>>): Promise<number> =>
      (await app.request(`http://console.local${path}`, { headers })).status
    for (const site of ['same-origin', 'none']) assert.equal(await statusFor({ 'sec-fetch-site': site }), 200, site)
    for (const site of ['cross-site', 'same-site']) assert.equal(await statusFor({ 'sec-fetch-site': site }), 403, site)
    assert.equal(await statusFor({ origin: 'https://evil.example' }), 403)
    assert.equal(await statusFor({}), 200, 'a command line')
  })

test('the days of the page are the days of the file, in Korean time', async (t) => {
  const { request, read, orders, clock } = await openLedger(t)
  for (const [orderId, at] of [
    ['FIRST', '2025-01-02T23:59:59.999+09:00'],
    ['SECOND', '2025-01-03T00:00:00+09:00'],
    ['THIRD', '2025-01-03T23:59:59+09:00'],
    ['FOURTH', '2025-01-04T00:00:00+09:00'],
  ] as const) {
    clock.set(new Date(at))
    await request({ orderId })
  }
  const days: readonly (readonly [query: string, orders: readonly string[]])[] = [
    ['', ['FOURTH', 'THIRD', 'SECOND', 'FIRST']],
    ['?from=2025-01-03', ['FOURTH', 'THIRD', 'SECOND']],
    ['?until=2025-01-03', ['THIRD', 'SECOND', 'FIRST']],
    ['?from=2025-01-03&until=2025-01-03', ['THIRD', 'SECOND']],
    ['?from=2025-01-05', []],
    ['?from=%3Cscript%3E&until=x', ['FOURTH', 'THIRD', 'SECOND', 'FIRST']],
  ]
  for (const [query, expected] of days) {
    assert.deepEqual(await orders(query), expected, query)
    const page = await read(`/${query}`)
    assert.deepEqual(page.match(/FIRST|SECOND|THIRD|FOURTH/g) ?? [], expected, query)
    const link = /href="(\/payments\.csv[^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
    assert.deepEqual(await orders(link.slice('/payments.csv'.length)), expected, link)
  }
})
