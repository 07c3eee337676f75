import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGateway, type Gateway } from '../../src/gateway.ts'
import { createTestContext, type TestContext, type TestContextOptions } from '../support.ts'

const nobody = () => Promise.reject(new Error('nobody outside is asked'))

async function openOperated(
  settings: TestContextOptions['settings'] = {},
): Promise<TestContext & { gateway: Gateway }> {
  const world = await createTestContext({ settings })
  const gateway = createGateway({
    context: world.context,
    cardNetwork: { authorize: nobody, inquire: nobody, reverse: nobody, cancel: nobody, verifyCard: nobody },
    identityVerifier: { sendCode: nobody, checkCode: nobody, sendMessage: nobody },
    dropInScript: '',
    windowScript: '',
    scriptInventory: '',
    consoleLinks: [],
    hasWorkers: false,
  })
  return { ...world, gateway }
}

const headers = { 'x-forwarded-user': 'kim@bank.example' }
const caller = { address: '203.0.113.7' }

const exportPayments = async ({ gateway }: { readonly gateway: Gateway }, given = headers): Promise<string> =>
  (await gateway.console(new Request('http://localhost/payments.csv', { headers: given }), caller)).text()

const eventIn = (lines: readonly string[]) =>
  lines.map((line) => JSON.parse(line)).find(({ name }) => name === 'console_action')

test('console actions are logged with the address, and the user when a proxy is configured to name it', async () => {
  await using operated = await openOperated({ consoleUserHeader: 'x-forwarded-user' })
  await exportPayments(operated)
  assert.deepEqual(eventIn(operated.lines), {
    level: 'info',
    event: 'security_event',
    name: 'console_action',
    outcome: 'success',
    action: 'export_payments',
    address: '203.0.113.7',
    user: 'kim@bank.example',
  })
})

test('without the setting the header is ignored', async () => {
  await using operated = await openOperated()
  await exportPayments(operated)
  const { address, user } = eventIn(operated.lines)
  assert.deepEqual({ address, user }, { address: '203.0.113.7', user: undefined })
})

test('a long or malicious name neither fills nor forges the log', async () => {
  await using operated = await openOperated({ consoleUserHeader: 'x-forwarded-user' })
  await exportPayments(operated, { 'x-forwarded-user': `a b\u00e9${'x'.repeat(100)}` })
  assert.equal(eventIn(operated.lines).user, `a?b?${'x'.repeat(60)}`)
})

test('the public listener never reads the user header, and its request lines name the address', async () => {
  await using operated = await openOperated({ consoleUserHeader: 'x-forwarded-user' })
  await operated.gateway.fetch(new Request('http://localhost/nowhere', { headers }), caller)
  const line = { level: 'info', event: 'request', address: '203.0.113.7', method: 'GET', path: '/nowhere', status: 404 }
  assert.deepEqual(JSON.parse(operated.lines.at(-1) ?? ''), { ...line, durationMs: 0 })
})
