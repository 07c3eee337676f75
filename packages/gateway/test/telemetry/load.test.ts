import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { authenticatedPayment } from '../../../../test/support/quick-payment.ts'
import { until } from '../../../../test/support/until.ts'
import { testMerchant } from '../../../sandbox/src/test-merchant.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { countBacklog } from '../../src/telemetry/backlog.ts'
import { type MeasuredGateway, openMeasuredGateway, valueOfSeries } from './measured-gateway.ts'

describe('load', () => {
  let measured: MeasuredGateway

  before(async () => {
    measured = await openMeasuredGateway()
  })
  after(() => measured.close())

  const approveOrder = async (orderId: string): Promise<Response> => {
    const order = { amount: 1004, orderId }
    const ticket = await authenticatedPayment(measured.gateway.context, testMerchant, order)
    return measured.approve({ Tid: ticket.transactionId, TrAuthKey: ticket.approvalTicket })
  }

  test('frequent scrapes query the database no more often than one', async () => {
    await measured.readMetrics()
    const before = valueOfSeries(await measured.readMetrics(), 'sspay_read_duration_seconds_count{result="ok"}')
    await Promise.all(Array.from({ length: 50 }, measured.readMetrics))
    assert.equal(valueOfSeries(await measured.readMetrics(), 'sspay_read_duration_seconds_count{result="ok"}'), before)
  })

  test('requests in flight, concurrency limits and group commits are measured', async () => {
    await Promise.all(['LOAD1', 'LOAD2', 'LOAD3'].map(approveOrder))
    // Migrations are commits, and no transactions of the gateway.
    const migrations = (await measured.gateway.context.storage.read('select version from schema_migrations')).length
    // The request log of these calls is written after their answers, and its commit is counted before its transaction.
    await until(async () => {
      const text = await measured.readMetrics()
      assert.equal(valueOfSeries(text, 'sspay_requests_in_progress{route="approval"}'), 0)
      assert.equal(valueOfSeries(text, 'sspay_concurrency_limit{call="approval"}'), 64)
      assert.equal(valueOfSeries(text, 'sspay_rejections_total{resource="approval",limiter="overloaded"}'), 0)
      assert.equal(valueOfSeries(text, 'sspay_database_connections_max'), 1)
      assert.equal(valueOfSeries(text, 'sspay_database_waiting'), 0)
      const commits = valueOfSeries(text, 'sspay_commit_duration_seconds_count')
      assert.ok(commits > 0)
      assert.equal(valueOfSeries(text, 'sspay_commit_transactions_count'), commits)
      assert.equal(
        valueOfSeries(text, 'sspay_commit_transactions_sum'),
        valueOfSeries(text, 'sspay_transaction_duration_seconds_count{result="ok"}') + migrations,
      )
      return true
    })
  })

  test('each count of what waits goes through an index of open rows, whatever the tables hold', async () => {
    const { context } = measured.gateway
    const asked: string[] = []
    const storage: Storage = {
      ...context.storage,
      read: (sql, params) => {
        asked.push(sql)
        return context.storage.read(sql, params)
      },
    }
    await countBacklog({ ...context, storage })
    assert.equal(asked.length, 3)
    for (const sql of asked) {
      const plan = await context.storage.read<{ readonly detail: string }>(`explain query plan ${sql}`, [10])
      const steps = plan.map(({ detail }) => detail)
      assert.match(
        steps.join('\n'),
        /USING (COVERING )?INDEX (payments_indeterminate|cancellations_open|notifications_pending)/,
      )
      assert.doesNotMatch(steps.join('\n'), /TEMP B-TREE/, 'all rows are sorted before some are counted')
      const wholes = steps.filter((step) => /^SCAN/.test(step) && !/INDEX|^SCAN (indeterminate|pending)$/.test(step))
      assert.deepEqual(wholes, [])
    }
  })

  test('each age belongs to the count beside it', async () => {
    const { context } = measured.gateway
    const now = context.runtime.now()
    const agesMs = { payment_events: 1_000, cancellations: 2_000, notifications: 3_000 }
    const read = async (sql: string): Promise<readonly object[]> => {
      const [, ageMs = 0] = Object.entries(agesMs).find(([table]) => sql.includes(table)) ?? []
      return [{ count: ageMs, oldest: now.getTime() - ageMs }]
    }
    const storage = { ...context.storage, read } as Storage
    assert.deepEqual(await countBacklog({ runtime: { ...context.runtime, now: () => now }, storage }), {
      payments: { count: 1_000, oldestSeconds: 1 },
      cancellations: { count: 2_000, oldestSeconds: 2 },
      notifications: { count: 3_000, oldestSeconds: 3 },
    })
  })
})
