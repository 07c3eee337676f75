import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAllowedHost, readHostNames, requireAllowedHost } from '../../src/browser-safety/allowed-hosts.ts'

const listed = readHostNames('NAMES', ' Ops.Shop.example, console ,')

for (const host of [
  'localhost',
  'a.localhost',
  '127.0.0.1',
  '127.5.5.5',
  '[::1]',
  'ops.shop.example',
  'OPS.shop.EXAMPLE',
  'console',
])
  test(`answers under ${host}`, () => assert.equal(isAllowedHost(host, listed), true))

for (const host of [
  '10.1.2.3',
  '[2001:db8::1]',
  'evil.example',
  'localhost.evil.example',
  'xlocalhost',
  '127.0.0.1.evil.example',
  'shop.example',
  '',
])
  test(`does not answer under ${host === '' ? 'nothing' : host}`, () =>
    assert.equal(isAllowedHost(host, listed), false))

for (const text of ['ops.example:4620', 'https://ops.example', 'ops example', '*.example', '-ops'])
  test(`not a host name: ${text}`, () =>
    assert.throws(() => readHostNames('NAMES', text), /^Error: NAMES: ".*" is not a host name/))

test('another name gets a sentence that names the setting, and nothing else is asked', async () => {
  let asked = 0
  const answer = requireAllowedHost(async () => new Response(`${++asked}`), listed)
  const rejected = await answer(new Request('http://evil.example/payments.csv'))
  assert.equal(rejected.status, 421)
  assert.match(await rejected.text(), /SSPAY_CONSOLE_HOSTS/)
  assert.equal(asked, 0)
  assert.equal((await answer(new Request('http://console/payments.csv'))).status, 200)
})

test('an IP address of the network opens no page, but the metrics; in a sandbox every page', async () => {
  const statusAt = async (path: string, ...addresses: ['any'] | []): Promise<number> =>
    (
      await requireAllowedHost(
        async () => new Response(),
        listed,
        ...addresses,
      )(new Request(`http://10.1.2.3:4620${path}`))
    ).status
  assert.deepEqual([await statusAt('/'), await statusAt('/metrics'), await statusAt('/', 'any')], [421, 200, 200])
  const rebound = requireAllowedHost(async () => new Response(), listed)
  assert.equal((await rebound(new Request('http://evil.example/metrics'))).status, 421)
})
