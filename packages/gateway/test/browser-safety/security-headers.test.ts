import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createGateway } from '../../src/gateway.ts'
import { createTestContext } from '../support.ts'

const { context, close } = await createTestContext()
const unreachable = () => Promise.reject(new Error('nothing outside is asked'))
const gateway = createGateway({
  context,
  cardNetwork: {
    authorize: unreachable,
    inquire: unreachable,
    reverse: unreachable,
    cancel: unreachable,
    verifyCard: unreachable,
  },
  identityVerifier: { sendCode: unreachable, checkCode: unreachable, sendMessage: unreachable },
  dropInScript: 'script',
  windowScript: '',
  scriptInventory: '{"version":1}',
  consoleLinks: [],
})
after(async () => {
  await gateway.close()
  await close()
})

const paths = [
  ['/asset/js/SmartroPAY-1.0.min.js', 200],
  ['/asset/scripts.json', 200],
  ['/ssp/reqPay.do', 400],
  ['/payment/approval/urlCallApproval.do', 200],
  ['/nothing', 404],
] as const

for (const [path, status] of paths) {
  test(`${path}: TLS is promised for a year on TLS, never on plain http or for a host of this machine`, async () => {
    const promised = async (origin: string) => {
      const answer = await gateway.fetch(new Request(origin + path))
      assert.equal(answer.status, status)
      return answer.headers.get('strict-transport-security')
    }
    assert.equal(await promised('https://pay.example'), 'max-age=31536000; includeSubDomains')
    assert.equal(await promised('http://pay.example'), null)
    assert.equal(await promised('https://localhost:4611'), null)
    assert.equal(await promised('https://pay.localhost'), null)
  })
}

test('the inventory is JSON that every visit asks for again', async () => {
  const answer = await gateway.fetch(new Request('https://pay.example/asset/scripts.json'))
  assert.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8')
  assert.equal(answer.headers.get('cache-control'), 'no-cache')
  assert.equal(await answer.text(), '{"version":1}')
})
