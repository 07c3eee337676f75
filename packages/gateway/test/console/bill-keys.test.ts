import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { consoleRoutes } from '../../src/console/route.ts'
import { card, createBillKeyTest } from '../bill-keys/support.ts'

async function openConsole(t: TestContext) {
  const fixture = await createBillKeyTest()
  t.after(() => fixture.close())
  const app = consoleRoutes(fixture.gateway, { links: [] })
  let cookie = ''
  const request = async (path: string, init: RequestInit = {}) => {
    const answer = await app.request(`http://localhost${path}`, { ...init, headers: { cookie, ...init.headers } })
    cookie ||= answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() }
  }
  const keyIds = async (query = '') => {
    const { text } = await request(`/bill-keys${query}`)
    return [...text.matchAll(/row-link" href="\/bill-keys\/([0-9a-f]{32})"/g)].map(([, id = '']) => id)
  }
  return { ...fixture, request, keyIds }
}

const origin = 'http://localhost'

test('lists keys newest first with card, member and last charge, and no secret of them', async (t) => {
  const { issue, charge, request, keyIds, clock } = await openConsole(t)
  assert.match((await request('/bill-keys')).text, /아직 빌링키가 없습니다/)
  const first = await issue({ orderId: 'CARD-1' })
  clock.advance(60_000)
  await issue({ orderId: 'CARD-2', customerId: 'user0002' })
  await charge(first, { amount: 9900 })

  const { text } = await request('/bill-keys')
  assert.ok(text.indexOf('CARD-2') < text.indexOf('CARD-1'))
  assert.match(text, /신한 <span class="code">940600\*{6}0001</)
  assert.match(text, /9,900원/)
  for (const hidden of [first, card.cardNumber, 'user0001']) assert.ok(!text.includes(hidden), hidden)
  const [newer = '', older = ''] = await keyIds()
  assert.deepEqual(await keyIds('?text=CARD-1'), [older])
  assert.deepEqual(await keyIds(`?text=${newer}`), [newer])
  assert.deepEqual(await keyIds('?state=deleted'), [])
  assert.deepEqual(await keyIds('?state=unknown&merchantId=ssptest01m'), [newer, older], 'an invalid filter is ignored')
  assert.deepEqual(await keyIds('?merchantId=other'), [])
  assert.equal((await request('/bill-keys/nothing')).status, 404)
})

test('a list reads cards and last charges with one statement each, however many keys it shows', async (t) => {
  const { issue, charge, request, clock, gateway } = await openConsole(t)
  for (let index = 0; index < 12; index++) {
    clock.advance(1000)
    const billKey = await issue({ orderId: `CARD-${index}`, customerId: `user${index}` })
    for (const amount of [1000, 2000 + index]) {
      clock.advance(1000)
      await charge(billKey, { orderId: `CYCLE-${index}-${amount}`, amount, customerId: `user${index}` })
    }
  }
  const reads = t.mock.method(gateway.storage, 'read')
  const { text } = await request('/api/bill-keys?limit=500')
  assert.ok(reads.mock.callCount() <= 4, `${reads.mock.callCount()} statements`)
  const { billKeys } = JSON.parse(text) as {
    readonly billKeys: readonly { readonly card: unknown; readonly lastCharge: { readonly amount: number } }[]
  }
  assert.deepEqual(
    billKeys.map(({ lastCharge }) => lastCharge.amount),
    Array.from({ length: 12 }, (_, index) => 2011 - index),
  )
  assert.ok(billKeys.every(({ card: shown }) => shown !== null))
})

test('pages through more keys than fit, each shown once', async (t) => {
  const { issue, request, clock } = await openConsole(t)
  for (let index = 0; index < 35; index++) {
    clock.advance(1000)
    await issue({ orderId: `CARD-${index}-` })
  }
  const first = await request('/bill-keys?merchantId=ssptest01m')
  const older = /href="(\/bill-keys\?merchantId=ssptest01m&amp;before=[^"]+)"/.exec(first.text)?.[1] ?? ''
  const second = await request(older.replace('&amp;', '&'))
  const shown = [first, second].flatMap(({ text }) => text.match(/CARD-\d+-/g) ?? [])
  assert.deepEqual(
    shown,
    Array.from({ length: 35 }, (_, index) => `CARD-${34 - index}-`),
  )
})

test('a key shows its charges, and a charge leads to its key', async (t) => {
  const { issue, charge, request, keyIds } = await openConsole(t)
  const billKey = await issue()
  await issue({ orderId: 'OTHER', customerId: 'user0002' })
  const charged = await charge(billKey, { orderId: 'CYCLE-1', amount: 9900 })
  assert.ok(charged.outcome === 'approved')
  const keyId = (await keyIds('?text=REG-1'))[0]
  const { text } = await request(`/bill-keys/${keyId}`)
  assert.match(text, /CYCLE-1/)
  const { transactionId } = charged.payment
  assert.match(text, new RegExp(`href="/payments/${transactionId}"`))
  for (const page of ['/', `/payments/${transactionId}`])
    assert.match((await request(page)).text, new RegExp(`href="/bill-keys/${keyId}"`))
})

test('the operator ends a key once, and the shop can charge it no more', async (t) => {
  const { issue, charge, request, keyIds, lines } = await openConsole(t)
  const billKey = await issue()
  const [billKeyId = ''] = await keyIds()
  const page = (await request(`/bill-keys/${billKeyId}`)).text
  const token = /name="token" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const end = () =>
    request('/bill-keys/end', { method: 'POST', body: new URLSearchParams({ billKeyId, token }), headers: { origin } })
  const ended = await end()
  assert.deepEqual([ended.status, ended.location], [303, `/bill-keys/${billKeyId}`])
  assert.match((await request(`/bill-keys/${billKeyId}`)).text, /운영자가 종료/)
  assert.doesNotMatch((await request(`/bill-keys/${billKeyId}`)).text, /action="\/bill-keys\/end"/)
  const charged = await charge(billKey)
  assert.equal('code' in charged && charged.code, 'S603')
  assert.match((await end()).text, /이미 끝난 빌링키입니다/)
  const actions = lines.map((line) => JSON.parse(line)).filter(({ name }) => name === 'console_action')
  assert.deepEqual(
    actions.map(({ action, object, reason }) => [action, object, reason]),
    [
      ['end_bill_key', billKeyId, 'ended'],
      ['end_bill_key', billKeyId, 'not_active'],
    ],
  )
})

test('the API of the command line: list, show, charges and end', async (t) => {
  const { issue, charge, request } = await openConsole(t)
  await charge(await issue())
  const json = async (path: string, init?: RequestInit) => {
    const { status, text } = await request(path, init)
    return { status, json: JSON.parse(text) }
  }
  const { billKeys } = (await json('/api/bill-keys?state=active&limit=5')).json
  assert.equal(billKeys.length, 1)
  const { billKeyId, issuedAt: _, lastCharge, memberId, cardId, ...key } = billKeys[0]
  assert.deepEqual(key, {
    merchantId: 'ssptest01m',
    orderId: 'REG-1',
    state: 'active',
    endedAt: null,
    card: { maskedCardNumber: '940600******0001', issuerName: '신한' },
  })
  assert.ok(memberId && cardId)
  assert.equal(lastCharge.amount, 9900)
  assert.equal((await json(`/api/bill-keys/${billKeyId}`)).json.billKey.billKeyId, billKeyId)
  const { charges } = (await json(`/api/bill-keys/${billKeyId}/charges`)).json
  assert.deepEqual(
    charges.map(({ orderId, state }: { orderId: string; state: string }) => [orderId, state]),
    [['CYCLE-1', 'approved']],
  )
  const end = (id: string) =>
    json('/api/bill-keys/end', {
      method: 'POST',
      body: JSON.stringify({ billKeyId: id }),
      headers: { 'content-type': 'application/json' },
    })
  assert.deepEqual((await end(billKeyId)).json.result, 'ended')
  assert.deepEqual((await end(billKeyId)).status, 409)
  assert.deepEqual((await end('0'.repeat(32))).status, 404)
  assert.deepEqual((await end('nonsense')).status, 400)
  for (const path of ['', '/charges']) assert.equal((await json(`/api/bill-keys/unknown${path}`)).status, 404)
})
