import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { authenticatedPayment, quickRootKey } from '../../../../test/support/quick-payment.ts'
import { startSimulatedNetwork } from '../../../../test/support/simulated-network.ts'
import { testMerchant } from '../../../sandbox/src/test-merchant.ts'
import { defaultSettings, type OpenedGateway, openGateway } from '../../src/open-gateway.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { countBacklog } from '../../src/telemetry/backlog.ts'
import { testPlace } from '../test-storage.ts'

describe('load', () => {
  let folder: string
  let gateway: OpenedGateway
  let network: Awaited<ReturnType<typeof startSimulatedNetwork>>

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sspay-load-'))
    network = await startSimulatedNetwork()
    gateway = await openGateway({
      place: await testPlace(folder),
      rootKey: quickRootKey,
      settings: {
        ...defaultSettings,
        isSandbox: true,
        limits: { ...defaultSettings.limits, approvalsAtOnce: 2, approvalsPerMerchantAtOnce: 1 },
      },
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

  const read = async (): Promise<string> => (await gateway.console(new Request('http://127.0.0.1/metrics'))).text()
  const value = (text: string, start: string): number => {
    const line = text.split('\n').find((line) => line.startsWith(`${start} `))
    assert.ok(line !== undefined, `${start} is not there`)
    return Number(line.split(' ').at(-1))
  }
  const approve = async (orderId: string): Promise<Response> => {
    const ticket = await authenticatedPayment(gateway.context, testMerchant, { amount: 1004, orderId })
    return gateway.fetch(
      new Request('http://127.0.0.1/payment/approval/urlCallApproval.do', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ Tid: ticket.transactionId, TrAuthKey: ticket.approvalTicket }),
      }),
    )
  }

  test('who scrapes hard asks the database no more than who scrapes once', async () => {
    await read()
    const before = value(await read(), 'sspay_read_seconds_count{result="ok"}')
    await Promise.all(Array.from({ length: 50 }, read))
    assert.equal(value(await read(), 'sspay_read_seconds_count{result="ok"}'), before)
  })

  test('what is under way and its limit, what a bound refused, and how commits were shared', async () => {
    const before = value(await read(), 'sspay_refusals_total{what="approval",bound="per_merchant"}')
    const answers = await Promise.all(['LOAD1', 'LOAD2', 'LOAD3'].map(approve))
    const texts = await Promise.all(answers.map((answer) => answer.text()))
    const refused = texts.filter((text) => text.includes('"S901"')).length
    const text = await read()
    assert.equal(value(text, 'sspay_refusals_total{what="approval",bound="per_merchant"}') - before, refused)
    assert.ok(refused >= 1, texts.join('\n'))
    assert.equal(value(text, 'sspay_requests_in_progress{route="approval"}'), 0)
    assert.equal(value(text, 'sspay_requests_limit{route="approval"}'), 2)
    assert.equal(value(text, 'sspay_requests_limit{route="inquiry"}'), 8)
    assert.equal(value(text, 'sspay_database_connections_max'), 1)
    assert.equal(value(text, 'sspay_database_waiting'), 0)
    const commits = value(text, 'sspay_commit_seconds_count')
    assert.ok(commits > 0)
    assert.equal(value(text, 'sspay_commit_transactions_count'), commits)
    // Migrations are transactions that came before the metrics had been asked, and are counted too.
    assert.equal(
      value(text, 'sspay_commit_transactions_sum'),
      value(text, 'sspay_transaction_seconds_count{result="ok"}'),
    )
  })

  test('each count of what waits goes through an index of open rows, whatever the tables hold', async () => {
    const asked: string[] = []
    const storage: Storage = {
      ...gateway.context.storage,
      read: (sql, params) => {
        asked.push(sql)
        return gateway.context.storage.read(sql, params)
      },
    }
    await countBacklog({ ...gateway.context, storage })
    assert.equal(asked.length, 3)
    for (const sql of asked) {
      const plan = await gateway.context.storage.read<{ readonly detail: string }>(`explain query plan ${sql}`, [10])
      const steps = plan.map(({ detail }) => detail)
      assert.match(
        steps.join('\n'),
        /USING (COVERING )?INDEX (payments_undecided|cancellations_open|notifications_due)/,
      )
      assert.doesNotMatch(steps.join('\n'), /TEMP B-TREE/, 'all rows are sorted before some are counted')
      const wholes = steps.filter(
        (step) => /^SCAN/.test(step) && !/INDEX|^SCAN (undecided|unanswered|waiting)$/.test(step),
      )
      assert.deepEqual(wholes, [])
    }
  })
})
