import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeForm } from '@sspay/protocol/charset'
import { signResult } from '@sspay/protocol/signature'
import { until } from '../../../../test/support/until.ts'
import { startDelivery } from '../../src/notifications/start-delivery.ts'
import { saveNotificationTarget } from '../../src/notifications/store.ts'
import { testMerchant } from '../approval/support.ts'
import { createCancelTest } from '../cancellation/support.ts'
import { delivering, startShop } from './support.ts'

test('a merchant with the old names receives all of them, a refund with its own amount and time', async (t) => {
  const test = await createCancelTest()
  const shop = await startShop()
  await saveNotificationTarget(test.gateway, {
    merchantId: testMerchant.merchantId,
    url: shop.url,
    charset: 'euc-kr',
    fieldNames: 'legacy',
    intervalMinutes: 1,
    maxAttempts: 1,
    webhookKeys: [],
  })
  const stop = startDelivery(delivering(test.gateway), { maxInFlight: 16, pollEveryMs: 10 * 60_000 })
  t.after(async () => {
    await stop()
    await shop.close()
    await test.close()
  })
  const received = async (count: number) => {
    await until(() => shop.received.length >= count, { what: `${count} notifications` })
    return { ...decodeForm(Buffer.from(shop.received[count - 1]?.body ?? ''), 'euc-kr').fields }
  }

  const Tid = await test.approvedPayment()
  const { SignValue, ...approval } = await received(1)
  assert.deepEqual(approval, {
    PayMethod: 'CARD',
    MID: 'ssptest01m',
    MallUserID: 'user0001',
    mallUserID: 'user0001',
    Amt: '10000',
    name: '홍길동카나리아',
    GoodsName: '커피 & 케이크',
    TID: Tid,
    OTID: '',
    OID: 'ORD0001',
    AuthDate: '250102030406',
    AuthCode: '30001234',
    ResultCode: '3001',
    ResultMsg: '카드 결제 성공',
    state_cd: '0',
    fn_cd: '04',
    fn_name: '삼성',
    CardQuota: '00',
    BuyerEmail: 'canary@buyer.example',
    BuyerTel: '010-9876-1234',
    pinNo: '',
  })
  assert.equal(SignValue, signResult({ transactionId: Tid, resultCode: '3001' }, testMerchant.merchantKey.expose()))

  for (const [index, amount] of [300, 200].entries()) {
    const change = { Tid, CancelSeq: String(index + 1), PartialCancelCode: '1', CancelAmt: String(amount) }
    const { ResultCode, CancelDate = '', CancelTime } = await test.cancel(change)
    assert.equal(ResultCode, '2001')
    const refund = await received(index + 2)
    const { TID, OTID, Amt, AuthDate, state_cd } = refund
    assert.deepEqual([TID, OTID, Amt, AuthDate], [Tid, Tid, String(amount), `${CancelDate.slice(2)}${CancelTime}`])
    assert.deepEqual([refund.ResultCode, state_cd], ['2001', '1'])
  }
})
