import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { koreanTime } from '@sspay/protocol/internal'
import { approve } from '../../src/approval/approve.ts'
import { abortPayment } from '../../src/approval/close-payment.ts'
import { requestPayment } from '../../src/approval/request-payment.ts'
import { paymentStates } from '../../src/approval/transitions.ts'
import { consolePage } from '../../src/console/frame.ts'
import { consoleRoutes } from '../../src/console/route.ts'
import { eventText, formatWon, stateText } from '../../src/console/wording.ts'
import { authenticatedPayment, createApprovalTest, testMerchant, testRequest } from '../approval/support.ts'

const links = [
  { href: 'http://localhost:4600', isShop: true, ko: '상점', en: 'Shop' },
  { href: '/sandbox/phone', ko: '휴대폰', en: 'Phone' },
]

async function openConsole() {
  const test = await createApprovalTest()
  const app = consoleRoutes(test.gateway, { links })
  const read = async (path: string) => {
    const answer = await app.request(`http://localhost${path}`)
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  return { ...test, read }
}

describe('console', () => {
  test('an empty list says what to do first and where the shop is', async () => {
    await using opened = await openConsole()
    const { read } = opened
    const { status, text } = await read('/')
    assert.equal(status, 200)
    assert.match(text, /아직 결제가 없습니다/)
    assert.match(text, /<a href="http:\/\/localhost:4600">상점<\/a>/)
  })

  test('lists payments newest first, with Korean time, won and a titled badge', async () => {
    await using opened = await openConsole()
    const { read, gateway, clock } = opened
    await requestPayment(gateway, { request: { ...testRequest, orderId: 'FIRST' }, merchant: testMerchant })
    clock.advance(60_000)
    const second = await requestPayment(gateway, {
      request: { ...testRequest, orderId: 'SECOND', amount: 1_234_567 },
      merchant: testMerchant,
    })
    await abortPayment(gateway, second.transactionId)

    const { text } = await read('/')
    assert.ok(text.indexOf('SECOND') < text.indexOf('FIRST'))
    assert.match(text, /2025-01-02 03:05:05/)
    assert.match(text, /1,234,567원/)
    assert.match(text, /title="Aborted by the buyer" data-state="aborted">중단</)
  })

  test('finds payments by order number, transaction id and state, and sums the day', async () => {
    await using opened = await openConsole()
    const { read, gateway, clock } = opened
    const yesterday = { ...testRequest, orderId: 'YESTERDAY' }
    await requestPayment(gateway, { request: yesterday, merchant: testMerchant })
    clock.advance(24 * 60 * 60_000)
    const ticket = await authenticatedPayment(gateway)
    await approve(gateway, ticket)
    const request = { ...testRequest, orderId: 'ABORTED' }
    const aborted = await requestPayment(gateway, { request, merchant: testMerchant })
    await abortPayment(gateway, aborted.transactionId)

    const shown = async (query: string) => {
      const { text } = await read(`/?${query}`)
      return [...text.matchAll(/href="\/payments\/([A-Za-z0-9]+)"/g)].map(([, transactionId]) => transactionId)
    }
    assert.deepEqual(await shown('text=%20ABORTED%20'), [aborted.transactionId])
    assert.deepEqual(await shown(`text=${ticket.transactionId}`), [ticket.transactionId])
    assert.deepEqual(await shown('state=approved'), [ticket.transactionId])
    assert.deepEqual(await shown('state=approved&text=ABORTED'), [])
    assert.equal((await shown('state=unknown')).length, 3, 'an invalid filter is ignored')
    const { text } = await read('/')
    assert.match(text, /오늘의 승인<\/dt><dd class="number">1,004원<small>1건</)
    assert.match(text, /승인 성공률<\/dt><dd class="number">100\.0%<small>거절 0건</)
    assert.match((await read('/?until=2025-01-02')).text, /고른 기간의 승인<\/dt><dd class="number">0원<small>0건</)
    assert.match((await read('/payments.csv?text=ABORTED')).text, /^[^\n]+\n[^\n]+ABORTED[^\n]+\n$/)
  })

  test('pages through more payments than fit, each shown once', async () => {
    await using opened = await openConsole()
    const { read, gateway, clock } = opened
    for (let index = 0; index < 65; index++) {
      clock.advance(1000)
      await requestPayment(gateway, { request: { ...testRequest, orderId: `ORD-${index}-` }, merchant: testMerchant })
    }
    const shown: string[] = []
    let path: string | undefined = '/'
    while (path !== undefined) {
      const page = await read(path)
      shown.push(...(page.text.match(/ORD-\d+-/g) ?? []))
      path = /href="(\/\?before=[^"]+)"/.exec(page.text)?.[1]
    }
    assert.deepEqual(
      shown,
      Array.from({ length: 65 }, (_, index) => `ORD-${64 - index}-`),
    )
  })

  test('lists a notification with order number and amount', async () => {
    await using opened = await openConsole()
    const { read, gateway } = opened
    const ticket = await authenticatedPayment(gateway, { orderId: 'NOTIFIED', amount: 12_000 })
    await approve(gateway, ticket)
    const { text } = await read('/notifications')
    assert.match(text, new RegExp(`href="/payments/${ticket.transactionId}"><span class="code">NOTIFIED</span>`))
    assert.match(text, /12,000원/)
  })

  test('shows one payment, its masked request and answer, and an intact chain of events', async () => {
    await using opened = await openConsole()
    const { read, gateway } = opened
    const ticket = await authenticatedPayment(gateway)
    await approve(gateway, ticket)
    const { text } = await read(`/payments/${ticket.transactionId}`)
    assert.match(text, /30001234/)
    for (const words of [
      '상점이 결제를 요청함',
      '구매자가 인증을 마침',
      '상점 서버가 승인을 요청함',
      '카드사가 승인함',
    ]) {
      assert.match(text, new RegExp(words))
    }
    assert.match(text, /data-chain="intact"/)
  })

  test('says so when an event was changed', async () => {
    await using opened = await openConsole()
    const { read, gateway } = opened
    const { transactionId } = await authenticatedPayment(gateway)
    await gateway.storage.transact((transaction) =>
      transaction.write(`update payment_events set at = at + 1 where transaction_id = ?1 and sequence = 1`, [
        transactionId,
      ]),
    )
    const { text } = await read(`/payments/${transactionId}`)
    assert.match(text, /data-chain="broken"/)
  })

  test('says so when the last event was removed', async () => {
    await using opened = await openConsole()
    const { read, gateway } = opened
    const { transactionId } = await authenticatedPayment(gateway)
    await gateway.storage.transact((transaction) =>
      transaction.write('delete from payment_events where transaction_id = ?1 and sequence = 2', [transactionId]),
    )
    assert.match((await read(`/payments/${transactionId}`)).text, /data-chain="broken"/)
  })

  test('shows nothing of the buyer, no card number and no ticket in clear', async () => {
    await using opened = await openConsole()
    const { read, gateway } = opened
    const ticket = await authenticatedPayment(gateway)
    await approve(gateway, ticket)
    const pages = (await read('/')).text + (await read(`/payments/${ticket.transactionId}`)).text
    const { buyerName, buyerPhone, buyerEmail, customerId } = testRequest
    const canaries = [
      buyerName,
      buyerPhone,
      '98761234',
      buyerEmail,
      customerId,
      '411111',
      '1111',
      ticket.approvalTicket,
    ]
    for (const canary of [...canaries, testMerchant.merchantKey.expose(), testRequest.signature]) {
      assert.ok(!pages.includes(canary), `${canary} stands on a page`)
    }
  })

  const payloads = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    '</style><script>alert(1)</script>',
    '&lt;b&gt; javascript:alert(1)',
    '{{7*7}}<%= 7*7 %>',
  ]

  for (const payload of payloads) {
    test(`shows ${payload} as text`, async () => {
      await using opened = await openConsole()
      const { read, gateway } = opened
      const request = { ...testRequest, goodsName: payload, buyerName: payload.slice(0, 30), taxCode: '1' }
      const { transactionId } = await requestPayment(gateway, { request, merchant: testMerchant })
      for (const path of ['/', `/payments/${transactionId}`]) {
        const { text } = await read(path)
        assert.ok(!/<script>alert|<img|<svg onload/.test(text.replace(/^[\s\S]*<main/, '<main')), path)
        assert.ok(
          text.includes(
            payload
              .replaceAll('&', '&amp;')
              .replaceAll('<', '&lt;')
              .replaceAll('>', '&gt;')
              .replaceAll('"', '&quot;')
              .replaceAll("'", '&#39;'),
          ),
          path,
        )
      }
    })
  }

  test('an unknown payment, an unknown address and an invalid cursor get an error page', async () => {
    await using opened = await openConsole()
    const { read } = opened
    assert.equal((await read('/payments/none')).status, 404)
    assert.equal((await read(`/payments/${encodeURIComponent('<script>')}`)).status, 404)
    assert.equal((await read('/elsewhere')).status, 404)
    assert.equal((await read('/?before=x')).status, 200)
  })

  test('pages load nothing from other origins and may not be framed', async () => {
    const answer = await consolePage({ title: 't', active: '/sandbox/phone', body: '<b>' as never, links })
    const policy = answer.headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'none'/)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.ok(!policy.includes('unsafe'))
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    const text = await answer.text()
    assert.match(text, /<a href="\/sandbox\/phone" title="Phone" aria-current="page">휴대폰<\/a>/)
    assert.match(text, /&lt;b&gt;/)
  })
})

test('every state and every event has a label', () => {
  assert.deepEqual(Object.keys(stateText).toSorted(), paymentStates.toSorted())
  assert.ok(Object.values(eventText).every(({ ko, en }) => ko !== '' && en !== ''))
})

test('times are Korean, amounts have separators', () => {
  assert.equal(koreanTime(new Date('2024-12-31T15:00:00Z')), '2025-01-01 00:00:00')
  assert.equal(formatWon(1004), '1,004원')
})
