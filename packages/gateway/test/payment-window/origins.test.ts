import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { listPayments } from '../../src/approval/store.ts'
import { Buyer, openWindowFixture, post, type WindowFixture } from './buyer.ts'
import { requestForm } from './request-form.ts'

const allowedOrigins = ['https://shop.example', 'https://www.shop.example']
const abroad = 'https://elsewhere.example'

let fixture: WindowFixture

before(async () => {
  fixture = await openWindowFixture({ allowedOrigins })
})
after(() => fixture.close())

async function send(form: Record<string, string>, headers = {}, { app }: Pick<WindowFixture, 'app'> = fixture) {
  const answer = await app.request('/ssp/reqPay.do', post(form, headers))
  const text = await answer.text()
  const { headers: answered } = answer
  const rejection = JSON.parse(/data-rejection>(.*?)<\/script>/s.exec(text)?.[1] ?? '{"fields":[]}')
  const fields: readonly string[] = rejection.fields.map(({ field }: { field: string }) => field)
  return { status: answer.status, code: answered.get('x-sspay-result'), fields, text, headers: answered }
}

const rejected: readonly (readonly [what: string, change: Parameters<typeof requestForm>[0], fields: string[]])[] = [
  ['a foreign ReturnUrl', { returnUrl: `${abroad}/return` }, ['ReturnUrl']],
  ['a foreign StopUrl', { abortUrl: `${abroad}/stop` }, ['StopUrl']],
  ['both', { returnUrl: `${abroad}/return`, abortUrl: `${abroad}/stop` }, ['ReturnUrl', 'StopUrl']],
  ['plain http', { returnUrl: 'http://shop.example/return' }, ['ReturnUrl']],
  ['another port', { returnUrl: 'https://shop.example:8443/return' }, ['ReturnUrl']],
  ['a host below it', { returnUrl: 'https://evil.shop.example/return' }, ['ReturnUrl']],
  ['a host that begins like it', { returnUrl: 'https://shop.example.evil.example/' }, ['ReturnUrl']],
]

for (const [what, change, fields] of rejected) {
  test(`${what} is rejected, in both languages and by field name; nothing is stored`, async () => {
    const stored = (await listPayments(fixture.context, { limit: 500 })).length
    const answer = await send(requestForm(change))
    assert.deepEqual([answer.status, answer.code, answer.fields], [400, 'S015', fields])
    assert.match(answer.text, /가맹점에 등록되지 않은 주소\(ReturnUrl 또는 StopUrl\)입니다/)
    assert.match(answer.text, /ReturnUrl or StopUrl is not at an address registered for the merchant/)
    for (const field of fields)
      assert.match(answer.text, new RegExp(`확인할 값: [^<]+\\(${field}\\)<br><span lang="en">Look at ${field} `))
    assert.equal((await listPayments(fixture.context, { limit: 500 })).length, stored)
  })
}

test('a foreign page can frame neither the window nor its rejection, and gets no message', async () => {
  for (const form of [requestForm(), requestForm({ returnUrl: `${abroad}/return` })]) {
    const answer = await send({ ...form, SspReturn: 'message' }, { origin: abroad })
    assert.equal(answer.code, 'S016')
    assert.match(answer.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
    assert.equal(answer.headers.get('x-frame-options'), 'DENY')
    assert.equal(answer.text.includes('elsewhere'), false)
    assert.match(answer.text, /data-shop-origin=""/)
  }
})

test('a page of the list shows the window; without a word about the page the origin of ReturnUrl does', async () => {
  for (const [headers, origin] of [
    [{ origin: 'https://www.shop.example' }, 'https://www.shop.example'],
    [{ origin: 'null' }, 'https://shop.example'],
    [{}, 'https://shop.example'],
  ] as const) {
    const window = new Buyer(fixture)
    await window.open({ ...requestForm(), SspReturn: 'message' }, headers)
    assert.equal(window.page.step, 'terms')
    const policy = window.page.headers.get('content-security-policy') ?? ''
    assert.ok(policy.includes(`frame-ancestors ${origin};`), policy)
  }
})

test('a form that is posted back need not come from a page of the list', async () => {
  const window = new Buyer(fixture)
  await window.open(requestForm(), { origin: abroad })
  assert.equal(window.page.step, 'terms')
  assert.match(window.page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
})

test('outside the sandbox a merchant without a list accepts no payments', async () => {
  await using strict = await openWindowFixture({}, { settings: { isSandbox: false } })
  const answer = await send(requestForm(), {}, strict)
  assert.deepEqual([answer.code, answer.fields], ['S017', ['ReturnUrl', 'StopUrl']])
  assert.match(answer.text, /허용 주소\(allowedOrigins\)가 등록되어 있지 않습니다/)
})

test('a merchant saved by an older gateway with a wrong setting accepts no payments', async () => {
  await using old = await openWindowFixture()
  await old.context.storage.transact((transaction) => transaction.write("update merchants set name = 'bad\tname'"))
  const answer = await send(requestForm(), {}, old)
  assert.deepEqual([answer.code, answer.fields], ['S018', ['Mid']])
})
