import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { abortResult, writeMessage } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { echoedRequest } from '@sspay/protocol/internal'
import fc from 'fast-check'
import { defineMerchant, type ReceiveAuthenticationResult, receiveAbort, receiveAuthentication } from '../src/index.ts'
import { approvalTicket, config, transactionId } from './samples.ts'

const minuteMs = 60_000
const startMs = Date.parse('2025-01-02T03:04:05+09:00')
let nowMs = startMs
const merchant = defineMerchant({ ...config, now: () => new Date(nowMs) })

const returnUrl = 'https://shop.example/return?order=A-1&memo=a%20b'
const right = `Tid=${transactionId}&TrAuthKey=${approvalTicket}&Later=%EB%82%98`
const formType = 'application/x-www-form-urlencoded'

type Given = Readonly<Record<string, string>>

const posted = (headers: Given, body = right, url = returnUrl): Request =>
  new Request(url, { method: 'POST', body, headers: { 'content-type': formType, ...headers } })
const fetched = (url: string, headers: Given = fromOutside): Request => new Request(url, { headers })

const fromOutside = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
const fromShop = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' }

function assertReceived(arrival: ReceiveAuthenticationResult): void {
  assert.ok(arrival.outcome === 'authenticated', JSON.stringify(arrival))
  assert.equal(arrival.approvalTicket.transactionId, transactionId)
  assert.equal(arrival.approvalTicket.exposeSecret(), approvalTicket)
  assert.deepEqual({ ...arrival.unknownFields }, { Later: '나' })
}

interface Step {
  readonly response: Response
  /** Where the browser goes next. */
  readonly next: string
}

async function assertRedirected(arrival: { readonly outcome: string; readonly response?: Response }): Promise<Step> {
  const { response } = arrival
  assert.ok(arrival.outcome === 'redirect' && response !== undefined, JSON.stringify(arrival))
  assert.equal(response.headers.get('cache-control'), 'no-store')
  assert.equal(response.headers.get('referrer-policy'), 'no-referrer')
  const html = await response.clone().text()
  const location =
    response.headers.get('location') ?? /<meta http-equiv="refresh" content="0;url=([^"]*)">/.exec(html)?.[1]
  return { response, next: new URL((location ?? '').replaceAll('&amp;', '&'), returnUrl).href }
}

const arrive = (request: Request): Promise<ReceiveAuthenticationResult> => receiveAuthentication(merchant, request)
const redirected = async (request: Request): Promise<Step> => assertRedirected(await arrive(request))

const received: readonly (readonly [name: string, request: () => Request])[] = [
  ['a post from the shop’s own page', () => posted(fromShop)],
  ['a post from the same site', () => posted({ ...fromOutside, 'sec-fetch-site': 'same-site' })],
  [
    'a post from the shop’s own page in a browser that tells its origin only',
    () => posted({ origin: 'https://shop.example' }),
  ],
  [
    'the same behind a proxy that ends TLS',
    () => posted({ origin: 'https://shop.example' }, right, returnUrl.replace('https', 'http')),
  ],
  ['a script that fetches', () => posted({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' })],
  [
    'JSON',
    () =>
      posted(
        { 'content-type': 'application/json' },
        JSON.stringify({ Tid: transactionId, TrAuthKey: approvalTicket, Later: '나' }),
      ),
  ],
]

const goesOn: readonly (readonly [name: string, headers: Given])[] = [
  ['a post from another site', fromOutside],
  ['a post from another origin', { origin: 'https://tpay.smartropay.co.kr' }],
  ['a post from the shop’s host at another port', { origin: 'https://shop.example:8443' }],
  ['a post from a page that hides its origin', { origin: 'null' }],
  ['a post of which the browser says nothing', {}],
]

describe('receiving the buyer at the ReturnUrl', () => {
  for (const [name, request] of received)
    test(`${name} is received at once`, async () => assertReceived(await arrive(request())))

  for (const [name, headers] of goesOn)
    test(`${name} is asked for again`, async () => {
      const { response, next } = await redirected(posted(headers))
      assert.equal(response.status, 303)
      assert.match(response.headers.get('location') ?? '', /^\?order=A-1&memo=a%20b&sspay-return=[\w-]+$/)
      assert.ok(!next.includes(transactionId) && !next.includes(approvalTicket))
    })

  for (const [name, headers] of [
    ['with fetch metadata', fromOutside],
    ['without', {}],
  ] as const)
    test(`a browser ${name} goes on once from the shop’s own page, and is received`, async () => {
      const redirect = await redirected(posted(fromOutside))
      const page = await redirected(fetched(redirect.next, headers))
      assert.equal(page.response.status, 200)
      assert.match(page.response.headers.get('content-security-policy') ?? '', /^default-src 'none';/)
      const html = await page.response.text()
      assert.ok(!html.includes('<script') && !html.includes(approvalTicket))
      assert.match(html, /<a href="\?order=A-1&amp;memo=a%20b&amp;sspay-return=/)
      assertReceived(await arrive(fetched(page.next, fromShop)))
      assertReceived(await arrive(fetched(page.next, fromOutside)))
      assertReceived(await arrive(fetched(page.next, {})))
    })

  test('a request that is not from outside needs no page between', async () => {
    const { next } = await redirected(posted(fromOutside))
    assertReceived(await arrive(fetched(next, fromShop)))
    assertReceived(await arrive(fetched(next, { 'sec-fetch-site': 'none' })))
  })

  test('an address without parameters of its own works too', async () => {
    const plain = 'https://shop.example/return'
    const { response } = await redirected(posted(fromOutside, right, plain))
    assert.match(response.headers.get('location') ?? '', /^\?sspay-return=/)
    assertReceived(await arrive(fetched(plain + response.headers.get('location'), fromShop)))
  })

  test('a state opens for ten minutes, however far the buyer has come', async () => {
    const first = await redirected(posted(fromOutside))
    nowMs = startMs + 9 * minuteMs
    const second = await redirected(fetched(first.next))
    assertReceived(await arrive(fetched(second.next)))
    nowMs = startMs + 10 * minuteMs + 1
    for (const { next } of [first, second])
      assert.deepEqual(await arrive(fetched(next)), { outcome: 'rejected', problems: [], state: 'expired' })
    nowMs = startMs
  })

  const strangers: readonly (readonly [name: string, change: (url: string) => string])[] = [
    ['of another order', (url) => url.replace('A-1', 'A-2')],
    ['at another path', (url) => url.replace('/return', '/other')],
    ['at another host', (url) => url.replace('shop.', 'www.shop.')],
    ['that was cut', (url) => url.slice(0, -1)],
    ['that is too short', (url) => url.replace(/sspay-return=.*/, 'sspay-return=abc')],
    ['that is empty', (url) => url.replace(/sspay-return=.*/, 'sspay-return=')],
  ]
  for (const [name, change] of strangers)
    test(`a state ${name} does not open`, async () => {
      const { next } = await redirected(posted(fromOutside))
      assert.deepEqual(await arrive(fetched(change(next))), { outcome: 'rejected', problems: [], state: 'broken' })
    })

  test('a state of another merchant or of another key does not open', async () => {
    const { next } = await redirected(posted(fromOutside))
    for (const change of [{ merchantId: 'ssptest02m' }, { merchantKey: 'k'.repeat(40) }]) {
      const other = defineMerchant({ ...config, ...change, now: merchant.now })
      const arrival = await receiveAuthentication(other, fetched(next))
      assert.deepEqual(arrival, { outcome: 'rejected', problems: [], state: 'broken' })
    }
  })

  test('a state with any character changed does not open', async () => {
    const { next } = await redirected(posted(fromOutside))
    const at = next.indexOf('sspay-return=') + 'sspay-return='.length
    for (let index = at; index < next.length - 1; index++) {
      const changed = next.slice(0, index) + (next[index] === 'A' ? 'B' : 'A') + next.slice(index + 1)
      assert.equal((await arrive(fetched(changed))).outcome, 'rejected', `at ${index - at}`)
    }
  })

  test('what cannot be read is said at once, without a way round', async () => {
    const problemsOf = async (request: Request): Promise<readonly string[]> => {
      const arrival = await arrive(request)
      assert.ok(arrival.outcome === 'rejected')
      return arrival.problems.map(({ field, rule }) => `${field} ${rule}`)
    }
    assert.deepEqual(await problemsOf(posted(fromOutside, `Tid=${transactionId}`)), ['TrAuthKey missing'])
    assert.deepEqual(await problemsOf(posted(fromOutside, `${right}&Tid=other`)), ['Tid repeated'])
    assert.deepEqual(await problemsOf(fetched(returnUrl)), ['Tid missing', 'TrAuthKey missing'])
    assert.deepEqual(await problemsOf(fetched(`${returnUrl}&${right}`)), ['Tid missing', 'TrAuthKey missing'])
  })

  test('the longest return with its request fits into an address', async () => {
    const request = Object.entries(echoedRequest).map(([name, { format }]) => [name, '가'.repeat(format.maxLength)])
    const echoed = Object.fromEntries(request) as Given
    const fields = { ...echoed, MallReserved: 'eA=='.repeat(125) }
    const copy = Buffer.from(JSON.stringify(fields)).toString('base64')
    const body = `${right}&${encodeForm({ ...fields, MerReqData: copy }, 'utf-8')}`
    const { next } = await redirected(posted(fromOutside, body))
    assert.ok(next.length < 4_000, `${next.length} characters`)
    const page = await redirected(fetched(next))
    const arrival = await arrive(fetched(page.next, fromShop))
    assert.ok(arrival.outcome === 'authenticated')
    assert.deepEqual({ ...arrival.unknownFields }, { Later: '나', ...fields })
  })

  test('a post too large for an address is received as it is', async () => {
    const arrival = await arrive(posted(fromOutside, `${right}&More=${'x'.repeat(4_000)}`))
    assert.equal(arrival.outcome, 'authenticated')
  })

  test('no address makes it throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        const url = `https://shop.example/return?sspay-return=${encodeURIComponent(text)}`
        assert.equal((await arrive(fetched(url))).outcome, 'rejected')
      }),
    )
  })
})

describe('receiving the buyer at the StopUrl', () => {
  const fields = writeMessage(abortResult, {
    paymentMethod: 'CARD',
    goodsName: '커피 & 케이크',
    amount: 1004,
    orderId: 'ORD0001',
    merchantId: 'ssptest01m',
    customerId: 'user0001',
    buyerName: '홍길동',
    buyerPhone: '01099991111',
    buyerEmail: 'noname@example.com',
    merchantNote: 'eA=='.repeat(125),
    resultCode: 'S201',
    resultMessage: '사용자가 결제를 중단했습니다.',
  })

  for (const charset of ['utf-8', 'euc-kr'] as const)
    test(`the twelve fields in ${charset} arrive from the shop’s own site`, async () => {
      const request = posted(
        { ...fromOutside, 'content-type': `${formType}; charset=${charset}` },
        encodeForm(fields, charset),
      )
      const redirect = await assertRedirected(await receiveAbort(merchant, request))
      assert.ok(redirect.next.length < 4_000, `${redirect.next.length} characters`)
      const page = await assertRedirected(await receiveAbort(merchant, fetched(redirect.next)))
      const arrival = await receiveAbort(merchant, fetched(page.next, fromShop))
      assert.ok(arrival.outcome === 'aborted')
      assert.equal(arrival.abort.goodsName, '커피 & 케이크')
      assert.equal(arrival.abort.orderId, 'ORD0001')
    })

  test('what cannot be read is said at once', async () => {
    assert.equal((await receiveAbort(merchant, posted(fromOutside, 'Moid=1'))).outcome, 'rejected')
    assert.deepEqual(await receiveAbort(merchant, fetched(`${returnUrl}&sspay-return=x`)), {
      outcome: 'rejected',
      problems: [],
      state: 'broken',
    })
  })

  test('what was encrypted for the ReturnUrl is no abort', async () => {
    const { next } = await redirected(posted(fromOutside))
    assert.equal((await receiveAbort(merchant, fetched(next))).outcome, 'rejected')
  })
})
