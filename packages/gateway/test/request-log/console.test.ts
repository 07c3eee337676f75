import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { copyScript } from '../../src/console/requests-call-page.ts'
import type { RecordedCall } from '../../src/request-log/model.ts'
import { readCsv } from '../console/read-csv.ts'
import { requestForm } from '../payment-window/request-form.ts'
import {
  approvalPath,
  authenticate,
  deletionPath,
  type LoggedGateway,
  openLoggedGateway,
  type Ticket,
  ticketBody,
} from './support.ts'

const formType = 'application/x-www-form-urlencoded'

describe('the console of the request log', () => {
  let logged: LoggedGateway
  let ticket: Ticket
  let calls: readonly RecordedCall[]

  before(async () => {
    logged = await openLoggedGateway()
    ticket = await authenticate(logged)
    await logged.ask(approvalPath, ticketBody(ticket))
    await logged.waitFor('notification', 1)
    const hex = Buffer.from(requestForm().EncryptData ?? '', 'base64').toString('hex')
    await logged.ask(
      '/ssp/reqPay.do',
      String(new URLSearchParams({ ...requestForm({ orderId: 'WRONG_1' }), EncryptData: hex })),
      formType,
    )
    logged.clock.advance(60 * 60_000)
    await logged.ask(deletionPath, '{"EncData":"AAAA","Mid":"ssptest01m"}')
    calls = await logged.calls()
  })
  after(() => logged.close())

  const shownIds = (text: string): readonly number[] =>
    [...text.matchAll(/href="\/requests\/(\d+)"/g)].map(([, id]) => Number(id))

  const idsOf = (choose: (call: RecordedCall) => boolean): readonly number[] =>
    calls
      .filter(choose)
      .map(({ id }) => id)
      .toReversed()

  const filters: Readonly<Record<string, (call: RecordedCall) => boolean>> = {
    'steps=shown': () => true,
    'direction=out': ({ direction }) => direction === 'out',
    'kind=step': ({ kind }) => kind === 'step',
    'kind=card-network&result=ok': ({ kind }) => kind === 'card-network',
    'result=rejected': ({ result }) => result === 'rejected',
    'merchantId=ssptest01m': ({ merchantId }) => merchantId === 'ssptest01m',
    'merchantId=other': () => false,
    'text=wrong_1': ({ orderId }) => orderId === 'WRONG_1',
    'text=s302': ({ code }) => code === 'S302',
    'text=%25': () => false,
    'text=!_': () => false,
    'until=2025-01-02T03:30': ({ code }) => code !== 'S302',
    'from=2025-01-02T03:30': ({ code }) => code === 'S302',
    'from=2025-01-03': () => false,
    'steps=shown&from=nonsense&kind=nonsense&result=&direction=sideways': () => true,
  }
  test('the list leaves out the submits of the window, and groups calls by payment', async () => {
    const { text } = await logged.read('/requests')
    assert.deepEqual(
      shownIds(text),
      idsOf(({ kind }) => kind !== 'step'),
    )
    const groups = text.split('<tbody>').slice(1)
    const paid = calls.find(({ kind }) => kind === 'approval')?.transactionId ?? ''
    const own = groups.filter((group) => group.includes(`href="/payments/${paid}"`))
    assert.equal(own.length, 1)
    assert.match(own[0] ?? '', /data-kind="approval"[\s\S]*data-kind="window"/)
    assert.match(text, /href="\/requests\?steps=shown"/)
  })

  for (const [query, choose] of Object.entries(filters))
    test(`the list, its API and its exports apply ?${query}, newest first`, async () => {
      const expected = idsOf(choose)
      assert.deepEqual(shownIds((await logged.read(`/requests?${query}`)).text), expected)
      const api = JSON.parse((await logged.read(`/api/requests?${query}`)).text)
      assert.deepEqual(
        api.requests.map(({ id }: RecordedCall) => id),
        expected,
      )
      const json = JSON.parse((await logged.read(`/requests.json?${query}`)).text)
      assert.deepEqual(json.requests, api.requests)
      const csv = readCsv((await logged.read(`/requests.csv?${query}`)).text)
      assert.deepEqual(
        csv.map(({ 번호 = '' }) => Number(번호)),
        expected,
      )
    })

  test('the API lists all calls of one payment, and with after only later ones, newest last', async () => {
    const read = async (query: string): Promise<readonly RecordedCall[]> =>
      JSON.parse((await logged.read(`/api/requests?${query}`)).text).requests
    const ofPayment = await read(`transactionId=${ticket.transactionId}`)
    assert.deepEqual(
      ofPayment.map(({ id }) => id),
      idsOf(({ transactionId }) => transactionId === ticket.transactionId),
    )
    const [first, second, third] = calls
    const following = await read(`after=${first?.id}&limit=2`)
    assert.deepEqual(
      following.map(({ id }) => id),
      [second?.id, third?.id],
    )
    assert.deepEqual(await read(`after=${calls.at(-1)?.id}`), [])
    assert.equal((await read('after=0&limit=9999')).length, calls.length)
  })

  test('one call as JSON is its record with its curl command; an unknown id is 404', async () => {
    const approval = calls.find(({ kind }) => kind === 'approval')
    const { status, text, headers } = await logged.read(`/api/requests/${approval?.id}`)
    assert.equal(status, 200)
    assert.match(headers.get('content-type') ?? '', /^application\/json/)
    const { curl, ...call } = JSON.parse(text)
    assert.deepEqual(call, JSON.parse(JSON.stringify(approval)))
    assert.match(curl, /^curl -i 'http:\/\/localhost\/payment\/approval\/urlCallApproval\.do'/)
    for (const id of ['1', 'x', '99999999999999999999']) {
      assert.equal((await logged.read(`/api/requests/${id}`)).status, 404)
      assert.equal((await logged.read(`/requests/${id}`)).status, 404)
    }
  })

  test('the page of a wrong signature explains it in both languages, in a box of its own', async () => {
    const wrong = calls.find(({ orderId }) => orderId === 'WRONG_1')
    const { text } = await logged.read(`/requests/${wrong?.id}`)
    const box = /<section class="card gap why" data-why>[\s\S]*?<\/section>/.exec(text)?.[0] ?? ''
    assert.match(box, /data-explanation><p class="strong">16진수로 썼습니다/)
    assert.match(box, /lang="en">is written in hexadecimal/)
    assert.match(box, /&lt;MerchantKey&gt;/)
    assert.match(box, /실수 이름 <code>hex<\/code>/)
    for (const field of ['EncryptData', 'EdiDate', 'Mid', 'Amt'])
      assert.ok(box.includes(`<code>${field}</code>`), field)
  })

  test('a field is shown with its wire name, label and sensitivity', async () => {
    const window = calls.find(({ kind }) => kind === 'window')
    const { text } = await logged.read(`/requests/${window?.id}`)
    assert.match(
      text,
      /data-sensitivity="personal"><td><span class="code">BuyerTel<\/span><span class="small faint">구매자연락처<\/span><\/td><td><span class="code">0\*\*\*<\/span><span class="small faint" title="Personal: the first character">개인정보</,
    )
    assert.match(
      text,
      /data-sensitivity="public"><td><span class="code">Amt<\/span><span class="small faint">거래 금액<\/span><\/td><td><span class="code">1004<\/span><\/td>/,
    )
  })

  test('the page of a payment draws its calls in the order in which they began, to the card network and the shop too', async () => {
    const { text } = await logged.read(`/payments/${ticket.transactionId}`)
    const timeline = text.slice(text.indexOf('id="requests"'))
    const inOrder = calls
      .filter(({ transactionId }) => transactionId === ticket.transactionId)
      .toSorted((one, other) => one.startedAt.getTime() - other.startedAt.getTime())
    assert.deepEqual(
      shownIds(timeline),
      inOrder.map(({ id }) => id),
    )
    assert.deepEqual(
      inOrder.slice(-3).map(({ kind }) => kind),
      ['approval', 'card-network', 'notification'],
    )
    const offsets = [...timeline.matchAll(/>\+([0-9.]+)</g)].map(([, seconds]) => Number(seconds))
    assert.equal(offsets.length, inOrder.length)
    assert.deepEqual(
      offsets,
      offsets.toSorted((one, other) => one - other),
    )
    assert.equal(offsets[0], 0)
  })

  test("a call's page marks its own place in the payment", async () => {
    const approval = calls.find(({ kind }) => kind === 'approval')
    const { text } = await logged.read(`/requests/${approval?.id}`)
    const marked = text.split('aria-current="true"')[1] ?? ''
    assert.equal(shownIds(marked)[0], approval?.id)
  })

  test('a page allows only its own script, by hash; only the list refreshes itself', async () => {
    const policyOf = async (path: string) => (await logged.read(path)).headers.get('content-security-policy') ?? ''
    const hash = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(copyScript))).toString(
      'base64',
    )
    const ofCall = await policyOf(`/requests/${calls[0]?.id}`)
    assert.ok(ofCall.includes(`script-src 'sha256-${hash}';`) && ofCall.includes("connect-src 'none'"), ofCall)
    const ofList = await policyOf('/requests')
    assert.ok(!ofList.includes(hash) && ofList.includes("connect-src 'self'"), ofList)
    assert.ok(ofList.includes("require-trusted-types-for 'script'"))
    assert.match((await logged.read('/requests')).text, /data-live="at-top"/)
    assert.doesNotMatch((await logged.read(`/requests?before=${calls.at(-1)?.id}`)).text, /data-live/)
  })

  test('exports are downloads that no browser renders', async () => {
    for (const [path, type] of [
      ['/requests.csv', 'text/csv'],
      ['/requests.json', 'application/json'],
    ] as const) {
      const { headers } = await logged.read(path)
      assert.ok(headers.get('content-type')?.startsWith(type))
      assert.equal(headers.get('content-disposition'), `attachment; filename="${path.slice(1)}"`)
      assert.match(headers.get('content-security-policy') ?? '', /sandbox/)
    }
  })
})

test('every call is on exactly one page, and once in an export of many pages', async (t) => {
  const logged = await openLoggedGateway()
  t.after(logged.close)
  for (let index = 0; index < 1_203; index++) await logged.ask('/payment/nowhere', '')
  const ids = (await logged.calls()).map(({ id }) => id).toReversed()
  assert.equal(ids.length, 1_203)
  const shown: number[] = []
  let path: string | undefined = '/requests?kind=unknown'
  while (path !== undefined && shown.length < 300) {
    const { text }: { text: string } = await logged.read(path)
    shown.push(...[...text.matchAll(/href="\/requests\/(\d+)"/g)].map(([, id]) => Number(id)))
    path = /href="(\/requests\?[^"]*before=[^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
  }
  assert.deepEqual(shown, ids.slice(0, 300))
  const { requests } = JSON.parse((await logged.read('/requests.json')).text)
  assert.deepEqual(
    requests.map(({ id }: RecordedCall) => id),
    ids,
  )
  assert.equal(readCsv((await logged.read('/requests.csv')).text).length, ids.length)
})

test('the page says when the log is off, and explains an empty list', async (t) => {
  const off = await openLoggedGateway({ settings: { requestLog: 'off' } })
  const empty = await openLoggedGateway()
  t.after(() => Promise.all([off.close(), empty.close()]))
  const { text } = await off.read('/requests')
  assert.match(text, /SSPAY_REQUEST_LOG=on/)
  assert.doesNotMatch(text, /자동으로 새로 고침/)
  assert.match((await empty.read('/requests')).text, /아직 요청이 없습니다/)
  assert.match((await empty.read('/requests?kind=notification')).text, /조건에 맞는 요청이 없습니다/)
  assert.deepEqual(JSON.parse((await off.read('/api/requests')).text), { requests: [] })
})

test('a call is shown as soon as it is answered', async (t) => {
  const logged = await openLoggedGateway()
  t.after(logged.close)
  await logged.ask('/payment/nothing-here', '{}')
  assert.match((await logged.read('/requests')).text, /\/payment\/nothing-here/)
})

const payloads = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'-alert(1)-'",
  '=HYPERLINK("https://evil.example")',
]

for (const payload of payloads)
  test(`${payload} in a goods name, an order id and a path stays text on page, timeline and export`, async (t) => {
    const logged = await openLoggedGateway()
    t.after(logged.close)
    const form = { ...requestForm(), GoodsName: payload, Moid: payload, [payload]: payload, EncryptData: 'x' }
    await logged.ask('/ssp/reqPay.do', String(new URLSearchParams(form)), formType)
    await logged.ask(`/payment/${encodeURIComponent(payload)}`, '{}')
    const calls = await logged.calls()
    assert.equal(calls.length, 2)
    const paths = [
      '/requests',
      `/requests?text=${encodeURIComponent(payload)}`,
      ...calls.map(({ id }) => `/requests/${id}`),
    ]
    for (const path of paths) {
      const { text } = await logged.read(path)
      const markup = text.replace(/<script>[\s\S]*?<\/script>/g, (script) => (script.includes('alert(') ? script : ''))
      assert.doesNotMatch(markup, /<script>alert|<img src=x|onerror=alert\(1\)>(?!&)/, path)
    }
    const rows = readCsv((await logged.read('/requests.csv')).text)
    assert.equal(rows[1]?.주문번호, payload.startsWith('=') ? `'${payload}` : payload)
  })
