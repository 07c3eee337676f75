import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consoleRoutes } from '../../src/console/route.ts'
import { part, withCancelTest } from './support.ts'

test(
  'the operator sees what was taken back and what the card network has not answered yet',
  withCancelTest(
    async (test) => {
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
    },
    { settings: { cardNetworkTimeoutMs: 150 } },
  ),
)
