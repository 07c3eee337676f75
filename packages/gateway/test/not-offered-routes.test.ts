import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { decodeForm } from '@sspay/protocol/charset'
import { notOfferedPaths, offeredPaths } from '@sspay/protocol/internal'
import { requestForm } from './payment-window/request-form.ts'
import { type LoggedGateway, openLoggedGateway } from './request-log/support.ts'

const formType = 'application/x-www-form-urlencoded'
let logged: LoggedGateway

before(async () => {
  logged = await openLoggedGateway()
})
after(() => logged.close())

const statuses = { json: 200, form: 200, window: 400, page: 404 } as const

for (const [name, { path, answer, ko, en }] of Object.entries(notOfferedPaths))
  test(`${path} answers S020 as its callers read it, and is recorded by its name`, async () => {
    const given = await logged.ask(path, 'Mid=ssptest01m&Moid=NOT-OFFERED&CardNum=4111111111111111', formType)
    const body = new Uint8Array(await given.arrayBuffer())
    const text = new TextDecoder().decode(body)
    assert.equal(given.status, statuses[answer])
    if (answer === 'json') assert.match(JSON.parse(text).ResultMsg, new RegExp(`^${ko}: 알려진 서비스`))
    if (answer === 'form') assert.match(decodeForm(body, 'euc-kr').fields.ResultMsg ?? '', new RegExp(`^${ko}: 알려진`))
    if (answer === 'page') assert.match(text, new RegExp(`<h1>${ko}: 알려진`))
    if (answer === 'window') {
      assert.ok(text.includes(`S020 ${ko}: 알려진 서비스이지만`), text)
      assert.ok(text.includes(`<p lang="en">${en}: `), text)
    }
    const call = (await logged.calls()).at(-1)
    assert.deepEqual(
      [call?.kind, call?.detail, call?.address, call?.result, call?.code, call?.merchantId, call?.orderId],
      ['not-offered', name, path, 'rejected', 'S020', 'ssptest01m', 'NOT-OFFERED'],
    )
    assert.equal(call?.request.CardNum, '***')
  })

test('a window in a layer tells the page around it, so that the Callback is called', async () => {
  const { path } = notOfferedPaths['older-window']
  const answer = await logged.gateway.fetch(
    new Request(`http://localhost${path}`, {
      method: 'POST',
      body: 'SspReturn=message',
      headers: { 'content-type': formType, origin: 'https://shop.example' },
    }),
  )
  assert.match(answer.headers.get('content-security-policy') ?? '', /frame-ancestors https:\/\/shop\.example/)
})

test('another payment method is named as not offered, before any other field of the form', async () => {
  const { SspMallId: _, ...general } = requestForm()
  await logged.ask(
    offeredPaths.window.path,
    new URLSearchParams({ ...general, PayMethod: 'VBANK' }).toString(),
    formType,
  )
  const call = (await logged.calls()).at(-1)
  assert.deepEqual([call?.kind, call?.code, call?.status], ['window', 'S020', 400])
  assert.deepEqual(
    call?.problems.map(({ field }) => field),
    ['PayMethod'],
  )
  await logged.ask(
    offeredPaths.window.path,
    new URLSearchParams({ ...general, PayMethod: 'GOLD' }).toString(),
    formType,
  )
  assert.equal((await logged.calls()).at(-1)?.code, 'S001')
})

test('every address is in the table once', () => {
  const paths = Object.values({ ...offeredPaths, ...notOfferedPaths }).map(({ path }) => path)
  assert.deepEqual([...new Set(paths)], paths)
})
