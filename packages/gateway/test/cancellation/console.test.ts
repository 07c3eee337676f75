import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consoleRoutes } from '../../src/console/route.ts'
import { part, withCancelTest } from './support.ts'

test(
  'the operator sees what was taken back and what the card network has not answered yet',
  withCancelTest(async (test) => {
    const Tid = await test.approvedPayment()
    const app = consoleRoutes(test.gateway, { links: [] })
    const page = async (): Promise<string> => (await app.request(`http://localhost/payments/${Tid}`)).text()
    assert.equal((await page()).includes('data-cancellation'), false)

    const { PTid = '' } = await test.cancel(part(Tid, 3000, 1))
    test.networkSays('silent')
    await test.cancel(part(Tid, 500, 2))
    const text = await page()
    assert.match(text, /data-state="partiallyCancelled"/)
    assert.match(text, /3,000원/)
    assert.ok(PTid !== '' && text.includes(PTid))
    assert.deepEqual(text.match(/data-cancellation="\w+"/g), [
      'data-cancellation="cancelled"',
      'data-cancellation="asking"',
    ])
    assert.match(text, /data-chain="intact"/)
  }),
)

test(
  'the operator unlocks cancelling; the same form from elsewhere, or without its token, does not',
  withCancelTest(async (test) => {
    const Tid = await test.approvedPayment()
    const app = consoleRoutes(test.gateway, { links: [] })
    let cookie = ''
    const read = async (): Promise<string> => {
      const answer = await app.request('http://console.local/', { headers: { cookie } })
      cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie
      return answer.text()
    }
    assert.equal((await read()).includes('data-locks'), false)
    for (let tries = 0; tries < 5; tries++) await test.cancel({ Tid, CancelPwd: '000000' })
    assert.equal((await test.cancel({ Tid })).ResultCode, 'S502')

    const fields = [...(await read()).matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value])
    const button = Object.fromEntries(fields) as Readonly<Record<string, string>>
    const press = async (changes: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) => {
      const body = new URLSearchParams({ ...button, ...changes })
      const init = { method: 'POST', headers: { cookie, ...headers }, body }
      return (await app.request('http://console.local/locks/unlock', init)).status
    }
    assert.equal(await press({}, { origin: 'https://evil.example' }), 400)
    assert.equal(await press({}, { 'sec-fetch-site': 'cross-site' }), 400)
    assert.equal(await press({ token: '' }), 400)
    assert.equal(await press({ token: '가'.repeat(64) }), 400)
    assert.equal(await press({ merchantId: 'ssptest02m' }), 400)
    assert.equal((await test.cancel({ Tid })).ResultCode, 'S502')

    assert.equal(await press({}, { origin: 'http://console.local' }), 303)
    assert.equal((await read()).includes('data-locks'), false)
    assert.equal((await test.cancel({ Tid })).ResultCode, '2001')
  }),
)

test(
  'the operator refunds with the cancel password of the merchant: once for each form, never above the rest',
  withCancelTest(async (test) => {
    const Tid = await test.approvedPayment()
    const app = consoleRoutes(test.gateway, { links: [] })
    let cookie = ''
    const readForm = async (): Promise<Readonly<Record<string, string>>> => {
      const answer = await app.request(`http://console.local/payments/${Tid}`, { headers: { cookie } })
      cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie
      const form = (await answer.text()).split('data-cancel>')[1]?.split('</form>')[0] ?? ''
      return Object.fromEntries(
        [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
      )
    }
    const press = async (form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) => {
      const init = { method: 'POST', headers: { cookie, ...headers }, body: new URLSearchParams(form) }
      const answer = await app.request('http://console.local/payments/cancel', init)
      return { status: answer.status, text: await answer.text() }
    }
    const withPassword = async (): Promise<Readonly<Record<string, string>>> => ({
      ...(await readForm()),
      password: '123456',
    })
    const form = await withPassword()
    assert.deepEqual([form.sequence, form.amount], ['999', '10000'])

    assert.equal((await press(form, { origin: 'https://evil.example' })).status, 400)
    assert.equal((await press({ ...form, token: '' })).status, 400)
    assert.equal((await press({ ...form, sequence: '1' })).status, 400)
    assert.match((await press({ ...form, password: '000000' })).text, /취소 비밀번호가 맞지 않습니다\. 4번 더/)
    assert.match((await press({ ...form, amount: '10001' })).text, /취소하지 않았습니다[\s\S]*금액/)
    assert.match((await press({ ...form, amount: 'x' })).text, /숫자로 입력하세요/)
    assert.equal(test.takenBack.size, 0)

    const part = { ...form, amount: '3,000' }
    assert.deepEqual([(await press(part)).status, (await press(part)).status], [303, 303])
    assert.deepEqual([...test.takenBack], [[`${Tid} 999`, 3000]])
    assert.match((await press({ ...part, amount: '2000' })).text, /취소하지 않았습니다/)

    assert.equal((await test.cancel({ Tid, CancelAmt: '3000', PartialCancelCode: '1' })).ResultCode, '2001')
    const rest = await withPassword()
    assert.deepEqual([rest.sequence, rest.amount], ['998', '4000'])
    assert.equal((await press(rest)).status, 303)
    assert.deepEqual([...test.takenBack.values()], [3000, 3000, 4000])
    assert.deepEqual(await readForm(), {}, 'nothing is left to refund')
  }),
)
