import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { authenticatedPayment } from '../../../../test/support/quick-payment.ts'
import { testMerchant } from '../../../sandbox/src/test-merchant.ts'
import { type MeasuredGateway, openMeasuredGateway, valueOfSeries } from './measured-gateway.ts'

describe('metrics', () => {
  let measured: MeasuredGateway

  before(async () => {
    measured = await openMeasuredGateway()
  })
  after(() => measured.close())

  test('approvals, rejections, calls to the card network and transactions are counted, and what waits', async () => {
    const ticket = await authenticatedPayment(measured.gateway.context, testMerchant, {
      amount: 1004,
      orderId: 'METRIC1',
    })
    await measured.approve({ Tid: ticket.transactionId, TrAuthKey: ticket.approvalTicket })
    await measured.approve({ Tid: ticket.transactionId, TrAuthKey: '0'.repeat(64) })
    const text = await measured.readMetrics()
    assert.equal(valueOfSeries(text, 'sspay_results_total{route="approval",reason="approved"}'), 1)
    assert.equal(
      valueOfSeries(
        text,
        'sspay_outgoing_request_duration_seconds_count{to="card-network",call="authorize",outcome="approved"}',
      ),
      1,
    )
    assert.equal(valueOfSeries(text, 'sspay_request_duration_seconds_count{route="approval",status="200"}'), 2)
    assert.ok(valueOfSeries(text, 'sspay_transaction_duration_seconds_count{result="ok"}') >= 4)
    assert.equal(valueOfSeries(text, 'sspay_indeterminate_payments'), 0)
    assert.equal(valueOfSeries(text, 'sspay_pending_notifications'), 0)
    assert.match(text, /process_cpu_seconds_total/)
  })

  test('label values are from closed sets, whatever a request contains', async () => {
    const secrets = ['9406000000000001', '01099991111', 'TOPSECRET']
    for (const secret of secrets) {
      await measured.gateway.fetch(
        new Request(`http://127.0.0.1/${secret}?card=${secret}`, { headers: { cookie: secret } }),
      )
      await measured.gateway.fetch(new Request(`http://127.0.0.1/ssp/window/${secret}`))
      await measured.approve({ Tid: secret, TrAuthKey: secret, [secret]: secret })
    }
    const text = await measured.readMetrics()
    for (const secret of [...secrets, testMerchant.merchantId, testMerchant.merchantKey.expose()])
      assert.ok(!text.includes(secret), 'a label holds what somebody sent')
    const series = text.split('\n').filter((line) => line.startsWith('sspay_request_duration_seconds_count'))
    assert.ok(series.length < 12, series.join('\n'))
  })

  test('metrics are on the console only', async () => {
    assert.equal((await measured.gateway.fetch(new Request('http://127.0.0.1/metrics'))).status, 404)
  })
})
