import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { authenticatedPayment, quickRootKey } from '../../../../test/support/quick-payment.ts'
import { startSimulatedNetwork } from '../../../../test/support/simulated-network.ts'
import { testMerchant } from '../../../sandbox/src/test-merchant.ts'
import { defaultSettings, type OpenedGateway, openGateway } from '../../src/open-gateway.ts'
import { testPlace } from '../test-storage.ts'

describe('metrics', () => {
  let folder: string
  let gateway: OpenedGateway
  let network: Awaited<ReturnType<typeof startSimulatedNetwork>>

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sspay-metrics-'))
    network = await startSimulatedNetwork()
    gateway = await openGateway({
      place: await testPlace(folder),
      rootKey: quickRootKey,
      settings: { ...defaultSettings, isSandbox: true },
      cardNetworkUrl: network.url,
      identityUrl: 'http://127.0.0.1:1',
      logDestination: { file: join(folder, 'gateway.log') },
      hasWorkers: false,
    })
    await gateway.saveMerchant(testMerchant)
  })
  after(async () => {
    await gateway.close()
    await network.close()
    await rm(folder, { recursive: true, force: true })
  })

  const approve = async (fields: Readonly<Record<string, string>>): Promise<Response> =>
    gateway.fetch(
      new Request('http://127.0.0.1/payment/approval/urlCallApproval.do', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fields),
      }),
    )
  const read = async (): Promise<string> => (await gateway.console(new Request('http://127.0.0.1/metrics'))).text()
  const value = (text: string, start: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(start))
        ?.split(' ')
        .at(-1),
    )

  test('approvals, refusals, calls to the card network and transactions are counted, and what waits', async () => {
    const ticket = await authenticatedPayment(gateway.context, testMerchant, { amount: 1004, orderId: 'METRIC1' })
    await approve({ Tid: ticket.transactionId, TrAuthKey: ticket.approvalTicket })
    await approve({ Tid: ticket.transactionId, TrAuthKey: '0'.repeat(64) })
    const text = await read()
    assert.equal(value(text, 'sspay_results_total{route="approval",reason="approved"}'), 1)
    assert.equal(value(text, 'sspay_call_out_seconds_count{to="card-network",call="authorize",outcome="approved"}'), 1)
    assert.equal(value(text, 'sspay_request_seconds_count{route="approval",status="200"}'), 2)
    assert.ok(value(text, 'sspay_transaction_seconds_count{result="ok"}') >= 4)
    assert.equal(value(text, 'sspay_undecided_payments'), 0)
    assert.equal(value(text, 'sspay_waiting_notices'), 0)
    assert.match(text, /process_cpu_seconds_total/)
  })

  test('whatever is asked for, labels are few words and hold nothing of it', async () => {
    const secrets = ['9406000000000001', '01099991111', 'TOPSECRET']
    for (const secret of secrets) {
      await gateway.fetch(new Request(`http://127.0.0.1/${secret}?card=${secret}`, { headers: { cookie: secret } }))
      await gateway.fetch(new Request(`http://127.0.0.1/ssp/window/${secret}`))
      await approve({ Tid: secret, TrAuthKey: secret, [secret]: secret })
    }
    const text = await read()
    for (const secret of [...secrets, testMerchant.merchantId, testMerchant.merchantKey.expose()])
      assert.ok(!text.includes(secret), 'a label holds what somebody sent')
    const series = text.split('\n').filter((line) => line.startsWith('sspay_request_seconds_count'))
    assert.ok(series.length < 12, series.join('\n'))
  })

  test('metrics are on the console only', async () => {
    assert.equal((await gateway.fetch(new Request('http://127.0.0.1/metrics'))).status, 404)
  })
})
