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
