import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCheckout, defineMerchant, type Environment } from '../../src/index.ts'
import { config } from '../samples.ts'
import { openShop } from './shop.ts'

const wrongOptions: readonly (readonly [name: string, value: unknown])[] = [
  ['url', 'pay'],
  ['url', 'http://shop.example/pay'],
  ['url', 'http://192.168.0.5:3000/pay'],
  ['url', 'https://shop.example/pay?a=1'],
  ['url', `https://shop.example/${'a'.repeat(30)}`],
  ['url', 1],
  ['mountPath', 'canary'],
  ['mountPath', '/canary?'],
  ['merchant', { merchantId: 'canary' }],
  ['journal', { begin() {} }],
  ['journal', null],
  ['findOrder', 'canary'],
  ['mayPay', true],
  ['onReport', 'canary'],
  ['recoveryKey', 'canary'],
  ['cancelPassword', 'canary'],
  ['cancelPassword', 123456],
  ['webhookKeys', ['canary']],
  ['webhookKeys', 'whsec_canary'],
  ['webhookKeys', ['whsec_1', 'whsec_2', 'whsec_3']],
  ['onTrouble', () => {}],
]

for (const [name, value] of wrongOptions)
  test(`a wrong option is named, not shown: ${name} ${JSON.stringify(value)}`, (t) => {
    assert.throws(
      () => openShop(t, 'http://127.0.0.1:1', { [name]: value }),
      (error) => {
        assert.ok(error instanceof TypeError)
        const [, line = '', ...more] = error.message.split('\n')
        assert.match(line, new RegExp(`^  ${name}: .*[가-힣(].* / .*[a-z]`))
        assert.deepEqual(more, [])
        assert.doesNotMatch(error.message, /canary/)
        return true
      },
    )
  })

const onPrivateNetworks: readonly (readonly [url: string, isRight: boolean])[] = [
  ['http://10.0.0.5:3000/pay', true],
  ['http://172.31.0.5:3000/pay', true],
  ['http://192.168.0.5:3000/pay', true],
  ['http://[fd00::5]:3000/pay', true],
  ['http://my-mac.local:3000/pay', true],
  ['http://172.32.0.5:3000/pay', false],
  ['http://192.168.0.5.evil.example/pay', false],
  ['http://10.evil.example/pay', false],
  ['http://169.254.0.5:3000/pay', false],
  ['http://8.8.8.8/pay', false],
]
for (const [url, isRight] of onPrivateNetworks)
  test(`beside a sandbox on a private network ${url} is ${isRight ? 'accepted' : 'rejected'}`, (t) => {
    const open = () => openShop(t, 'http://192.168.0.5:4610', { url })
    if (isRight) assert.equal(open().checkout.path, '/pay')
    else assert.throws(open, /url: /)
  })

const realGateways: readonly Environment[] = [
  'staging',
  { origin: 'https://192.168.0.5' },
  { origin: 'http://pay.example' },
  { origin: 'http://192.168.0.5:4610', windowOrigin: 'https://pay.example' },
]
for (const environment of realGateways)
  test(`plain HTTP on a private network is for sandboxes only: ${JSON.stringify(environment)}`, (t) => {
    const merchant = defineMerchant({ ...config, environment })
    assert.throws(() => openShop(t, 'http://127.0.0.1:1', { merchant, url: 'http://192.168.0.5:3000/pay' }), /url: /)
  })

test('the form opens the window where browsers reach it, and the approval goes where the server reaches it', async (t) => {
  const environment = { origin: 'http://sandbox:4610', windowOrigin: 'http://192.168.0.5:4610/' }
  const merchant = defineMerchant({ ...config, environment })
  const { checkout } = openShop(t, 'http://127.0.0.1:1', { merchant, url: 'http://192.168.0.5:3000/pay' })
  assert.equal(merchant.endpoints.approval, 'http://sandbox:4610/payment/approval/urlCallApproval.do')
  const headers = { cookie: 'session=own' }
  const address = 'http://192.168.0.5:3000/pay/form?order=ORD0001'
  const page = await (await checkout.fetch(new Request(address, { headers }))).text()
  assert.match(page, /action="http:\/\/192\.168\.0\.5:4610\/ssp\/reqPay\.do"/)
  assert.doesNotMatch(page, /sandbox:4610/)
  const json = await checkout.fetch(new Request(address, { headers: { ...headers, accept: 'application/json' } }))
  assert.partialDeepStrictEqual(await json.json(), { environment: { origin: 'http://192.168.0.5:4610' } })
})

test('all missing options are named at once, in Korean and English', () => {
  for (const nothing of [undefined, null, {}])
    assert.throws(
      () => createCheckout(nothing as never),
      (error) => {
        const lines = String((error as Error).message).split('\n')
        assert.match(lines[0] ?? '', /createCheckout의 옵션을 확인하세요\. Check the options/)
        const names = ['merchant', 'url', 'journal', 'findOrder', 'mayPay', 'markOrderPaid', 'resultUrl', 'onError']
        assert.deepEqual(
          lines.slice(1).map((line) => /^ {2}(\w+): 없습니다\. .+ \/ missing: .+/.exec(line)?.[1]),
          names,
        )
        return true
      },
    )
})
