import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { post } from '../payment-window/buyer.ts'
import { requestForm, testMerchant } from '../payment-window/request-form.ts'
import { type MeasuredGateway, openMeasuredGateway } from '../telemetry/measured-gateway.ts'

const shop = 'https://shop.example'

const html = 'text/html; charset=utf-8'
const json = 'application/json; charset=utf-8'
const plain = 'text/plain; charset=utf-8'

interface Asked {
  readonly half: 'fetch' | 'console'
  readonly path: string
  readonly init?: RequestInit
  readonly type: string
}

const open = (path: string, type: string, init: RequestInit = {}): Asked => ({ half: 'fetch', path, type, init })
const operator = (path: string, type: string): Asked => ({ half: 'console', path, type })
const api = ['urlCallApproval.do', 'approvalInquiry.do', 'cancel.do', 'ssbMemberDel.do', 'nowhere.do']

/** An answer of every kind that the gateway gives, by its address. */
const kinds: readonly Asked[] = [
  open('/', html),
  open('/nowhere', html),
  open('/ssp/reqPay.do', html),
  open(`/ssp/window/${'0'.repeat(64)}`, html),
  open('/asset/js/SmartroPAY-1.0.min.js', 'text/javascript; charset=utf-8'),
  open('/asset/scripts.json', json),
  open('/healthz', plain),
  open('/readyz', plain),
  ...api.map((name) => open(`/payment/approval/${name}`, json, { method: 'POST', body: '{}' })),
  ...['/', '/notifications', '/requests', '/payments/none', '/requests/1', '/nowhere'].map((path) =>
    operator(path, html),
  ),
  ...['/api/notifications', '/api/requests', '/requests.json'].map((path) => operator(path, json)),
  operator('/payments.csv', 'text/csv; charset=utf-8; header=present'),
  operator('/metrics', 'text/plain; version=0.0.4; charset=utf-8'),
]

let measured: MeasuredGateway
let kept: readonly { readonly asked: Asked; readonly answer: Response; readonly body: string }[]

const ask = ({ half, path, init }: Asked, origin = 'http://127.0.0.1'): Promise<Response> =>
  measured.gateway[half](new Request(origin + path, init))

/** The window of a new payment, as a page of the shop shows it in its layer or as the browser shows it in place. */
async function openedWindow(isLayer: boolean): Promise<Response> {
  const requestedAt = measured.gateway.context.runtime.now()
  const form = { ...requestForm({ requestedAt }), ...(isLayer ? { SspReturn: 'message' } : {}) }
  const { headers, status } = await ask(open('/ssp/reqPay.do', html, post(form, { origin: shop })))
  assert.equal(status, 303)
  return ask(open(headers.get('location') ?? '', html))
}

before(async () => {
  measured = await openMeasuredGateway()
  await measured.gateway.saveMerchant(testMerchant)
  kept = await Promise.all(
    kinds.map(async (asked) => {
      const answer = await ask(asked)
      return { asked, answer, body: await answer.text() }
    }),
  )
})
after(() => measured.close())

test('every answer with a body names its type and charset, and forbids sniffing', async () => {
  for (const { asked, answer, body } of kept) {
    assert.equal(answer.headers.get('content-type'), asked.type, asked.path)
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', asked.path)
    if (asked.type === json) assert.doesNotThrow(() => JSON.parse(body), asked.path)
    else assert.equal(body.startsWith('<!doctype html>'), asked.type === html, asked.path)
  }
  assert.equal((await openedWindow(false)).headers.get('content-type'), html)
})

test('no answer may be framed, but for the window by the page that opened it', async () => {
  const ancestors = ({ headers }: Response): string | undefined =>
    /frame-ancestors ([^;]*)/.exec(headers.get('content-security-policy') ?? '')?.[1]
  for (const { asked, answer } of kept) assert.equal(ancestors(answer), "'none'", asked.path)
  assert.equal(ancestors(await openedWindow(false)), "'none'")
  assert.equal(ancestors(await openedWindow(true)), shop)
})

test('what is no page is sandboxed, also when somebody opens its address', () => {
  for (const { asked, answer } of kept.filter(({ asked: { type } }) => type !== html))
    assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'; sandbox;/, asked.path)
})

test('no answer lets another origin read it', async () => {
  for (const asked of kinds) {
    const { headers } = await ask({ ...asked, init: { ...asked.init, headers: { origin: 'https://other.example' } } })
    assert.equal(headers.get('access-control-allow-origin'), null, asked.path)
    const preflight = await ask({ ...asked, init: { method: 'OPTIONS', headers: { origin: shop } } })
    assert.equal(preflight.headers.get('access-control-allow-origin'), null, asked.path)
  }
})

test('a cookie is HttpOnly, says SameSite and is short', () => {
  const cookies = kept.flatMap(({ answer }) => answer.headers.getSetCookie())
  assert.ok(cookies.length > 0)
  for (const cookie of cookies) {
    assert.match(cookie, /; HttpOnly/)
    assert.match(cookie, /; SameSite=(Lax|Strict|None)/)
    assert.ok((cookie.split(';')[0] ?? '').length <= 4096)
  }
})

test('no call over plain HTTP is redirected', () => {
  for (const { asked, answer } of kept.filter(({ asked: { half } }) => half === 'fetch'))
    assert.ok(answer.status < 300 || answer.status > 399, `${asked.path} ${answer.status}`)
})

test('a name of a callback changes no answer', async () => {
  const scripts = kept.filter(({ asked: { path, type } }) => path.startsWith('/asset/') || type === json)
  for (const { asked, body } of scripts) {
    const answer = await ask({ ...asked, path: `${asked.path}?callback=alert&jsonp=alert` })
    assert.equal(await answer.text(), body, asked.path)
  }
})
