import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cancel, defineMerchant } from '@sspay/merchant'
import { encodeForm } from '@sspay/protocol/charset'
import { signResult } from '@sspay/protocol/signature'
import { testMerchant } from '@sspay/sandbox'
import { until } from '../support/until.ts'
import { pressButton } from './contract-money-back.ts'
import type { Fixture } from './fixture.ts'
import { titleOf } from './shop-client.ts'

const paid = '결제했어요'
const waiting = '주문을 확인해 주세요'
const cancelled = '취소된 주문이에요'

type Fields = Readonly<Record<string, string>>

let lastNumber = 1000

/** A notification about an order of this shop, for a payment that does not exist at the gateway. */
function notificationOf(orderId: string, changed: Fields = {}): Fields {
  lastNumber++
  const Tid = `ssptest01m01012501020304${lastNumber}99`
  const fields = {
    PayMethod: 'CARD',
    Mid: testMerchant.merchantId,
    Amt: '1004',
    GoodsName: '따뜻한 커피',
    Tid,
    Moid: orderId,
    AuthCode: '30012345',
    AppCardName: '신한',
    CardNum: '940600******0001',
    StateCd: '0',
    NewField: '새 값',
    ResultCode: '3001',
    ResultMsg: '카드 결제 성공',
    ...changed,
  }
  const { Tid: transactionId, ResultCode: resultCode } = fields
  return { SignValue: signResult({ transactionId, resultCode }, testMerchant.merchantKey.expose()), ...fields }
}

/** A cancellation from outside the shop: by the operator or another program of the merchant. */
const cancelAtGateway = (origin: string, transactionId: string): ReturnType<typeof cancel> => {
  const { merchantId, easyPayMerchantId, merchantKey, cancelPassword } = testMerchant
  const merchant = defineMerchant({
    merchantId,
    easyPayMerchantId,
    merchantKey: merchantKey.expose(),
    environment: { origin },
    orderSignature: 'off_and_orders_can_be_tampered_with',
  })
  const reason = '운영자 취소'
  return cancel(merchant, { transactionId, amount: 1004, sequence: 1, cancelPassword: cancelPassword.expose(), reason })
}

/** Nothing but the journal of the shop outlives this. */
async function cutPower({ shop }: Fixture): Promise<void> {
  await shop.end('SIGKILL')
  await shop.start()
}

export function notificationContract(fixture: () => Fixture): void {
  const notify = async (fields: Fields, charset: 'utf-8' | 'euc-kr' = 'utf-8'): Promise<boolean> => {
    const headers = { 'content-type': `application/x-www-form-urlencoded; charset=${charset}` }
    const body = encodeForm(fields, charset)
    const answer = await fetch(`${fixture().shop.origin}/notify`, { method: 'POST', headers, body })
    const text = await answer.text()
    assert.equal(answer.status === 200, text.includes('OK'), `${answer.status} ${text}`)
    return text.includes('OK')
  }

  test('a notification before anything else pays the order once, in either charset, and again is OK', async () => {
    const { client } = fixture()
    for (const charset of ['utf-8', 'euc-kr'] as const) {
      const orderId = await client.order()
      const notification = notificationOf(orderId)
      const taken = await Promise.all(Array.from({ length: 8 }, () => notify(notification, charset)))
      assert.deepEqual(new Set(taken), new Set([true]))
      const receipt = await client.readOrder(orderId)
      assert.equal(titleOf(receipt), paid)
      assert.match(receipt, /신한 940600\*{6}0001/)
    }
  })

  test('money that comes for a paid order pays nothing twice: the order stays paid', async () => {
    const { client, recover, shop } = fixture()
    const orderId = await client.order()
    for (const notification of [notificationOf(orderId), notificationOf(orderId)])
      assert.equal(await notify(notification), true)
    assert.equal(titleOf(await client.readOrder(orderId)), paid)
    assert.match(await recover(), /refunding 0/)
    assert.match(shop.output(), new RegExp(`order ${orderId}: the refund is rejected, code 2012`), 'it was asked back')
    assert.equal(titleOf(await client.readOrder(orderId)), paid)
  })

  test('a notification overrides a rejection', async () => {
    const { client } = fixture()
    const orderId = await client.order()
    const notification = notificationOf(orderId)
    const rejected = await client.comeBack(`/return?order=${orderId}`, {
      Tid: notification.Tid ?? '',
      TrAuthKey: 'f'.repeat(64),
    })
    assert.match(rejected, /결제하지 못했어요/)
    assert.equal(await notify(notification), true)
    assert.equal(titleOf(await client.readOrder(orderId)), paid)
  })

  test('a notification that is wrong in anything is not OK and pays nothing', async () => {
    const { client } = fixture()
    const orderId = await client.order()
    const right = notificationOf(orderId)
    const wrong: readonly Fields[] = [
      { ...right, SignValue: '' },
      { ...right, SignValue: `${right.SignValue?.slice(0, -2)}A=` },
      { ...right, Tid: right.Tid?.replace(/99$/, '98') ?? '' },
      { ...right, Amt: '1003' },
      { ...right, Amt: '1,004' },
      { ...right, Moid: `${orderId}0` },
      { ...right, Mid: 'ssptest02m' },
      { ...right, StateCd: '7' },
      notificationOf(orderId, { ResultCode: '3095', ResultMsg: '카드사에서 거절했습니다.' }),
      {},
    ]
    for (const notification of wrong) assert.equal(await notify(notification), false, JSON.stringify(notification))
    assert.equal(titleOf(await client.readOrder(orderId)), waiting)
  })

  test('a notification of a cancellation is not undone by a late one of the approval', async () => {
    const { client } = fixture()
    const orderId = await client.order()
    const approval = notificationOf(orderId)
    assert.equal(await notify({ ...approval, StateCd: '1', CancelAmt: '1004' }), true)
    assert.equal(await notify(approval), true)
    assert.equal(titleOf(await client.readOrder(orderId)), waiting, 'the order waits for a payment that stays')
  })

  test('the real notification in EUC-KR marks an order paid whose answer was lost, and reports the operator’s cancel', async () => {
    const { client, sandbox, moved, sendNotifications, recover } = fixture()
    await sendNotifications()
    const orderId = await client.order()
    const form = await client.openForm(orderId)
    const ticket = await client.authenticate(form)
    sandbox.faults.add({ link: 'approval', fault: { name: 'cut', bytes: 10 }, orderId, timesLeft: 1 })
    await client.comeBack(form.fields.ReturnUrl ?? '', ticket)
    await until(async () => titleOf(await client.readOrder(orderId)) === paid, { what: 'the notification' })
    await recover()
    assert.deepEqual(await moved(ticket.Tid), { charged: 1004, backAgain: 0 })
    assert.equal(titleOf(await client.comeBack(form.fields.ReturnUrl ?? '', ticket)), paid)

    assert.equal((await cancelAtGateway(sandbox.urls.gateway, ticket.Tid)).outcome, 'cancelled')
    await until(async () => titleOf(await client.readOrder(orderId)) === cancelled, { what: 'the cancellation' })
  })

  test('a notification while the approval is being answered, and the answer after it', async () => {
    const { client, sandbox, moved } = fixture()
    const orderId = await client.order()
    const form = await client.openForm(orderId)
    const ticket = await client.authenticate(form)
    sandbox.faults.add({ link: 'approval', fault: { name: 'drip', milliseconds: 2 }, orderId, timesLeft: 1 })
    const answered = client.comeBack(form.fields.ReturnUrl ?? '', ticket)
    await until(async () => titleOf(await client.readOrder(orderId)) === paid, { what: 'the notification' })
    assert.equal(titleOf(await answered), paid)
    assert.deepEqual(await moved(ticket.Tid), { charged: 1004, backAgain: 0 })
  })

  test('a refund is recorded before OK: no late notification changes the order, which can be paid again', async () => {
    const { client, recover } = fixture()
    const orderId = await client.order()
    const approval = notificationOf(orderId)
    const refund = { ...approval, StateCd: '1', CancelAmt: '1004' }
    assert.equal(await notify(approval), true)
    assert.equal(await notify(refund), true)
    await cutPower(fixture())
    assert.equal(await notify(approval), true)
    assert.equal(titleOf(await client.readOrder(orderId)), cancelled)

    await pressButton(fixture(), '/admin/reopen', orderId)
    for (const late of [approval, refund]) {
      assert.equal(await notify(late), true)
      assert.equal(titleOf(await client.readOrder(orderId)), waiting)
    }
    const form = await client.openForm(orderId)
    const again = await client.authenticate(form)
    assert.equal(titleOf(await client.comeBack(form.fields.ReturnUrl ?? '', again)), paid)
    assert.equal(await notify(refund), true)
    assert.match(await recover(), /refunding 0/)
    assert.equal(titleOf(await client.readOrder(orderId)), paid, 'the refund is of the first payment')
  })

  test('a refund of a payment that is still being checked makes its order payable again', async () => {
    const { client, sandbox, recover } = fixture()
    const orderId = await client.order()
    const form = await client.openForm(orderId)
    const ticket = await client.authenticate(form)
    sandbox.faults.add({ link: 'approval', fault: { name: 'reset-before' }, orderId, timesLeft: 1 })
    await client.comeBack(form.fields.ReturnUrl ?? '', ticket)
    const approval = notificationOf(orderId, { Tid: ticket.Tid })
    assert.equal(await notify({ ...approval, StateCd: '1', CancelAmt: '1004' }), true)
    await cutPower(fixture())
    await recover()
    assert.equal(await notify(approval), true)
    await client.comeBack(form.fields.ReturnUrl ?? '', ticket)
    assert.equal(titleOf(await client.readOrder(orderId)), waiting)
    const again = await client.authenticate(await client.openForm(orderId))
    assert.equal(titleOf(await client.comeBack(form.fields.ReturnUrl ?? '', again)), paid)
  })

  test('a notification of a full cancellation cancels the order it paid', async () => {
    const { client } = fixture()
    const orderId = await client.order()
    const approval = notificationOf(orderId)
    await notify(approval)
    assert.equal(await notify({ ...approval, StateCd: '2', CancelAmt: '500' }), true)
    assert.equal(titleOf(await client.readOrder(orderId)), paid, 'a part is not all of it')
    assert.equal(await notify({ ...approval, StateCd: '2', CancelAmt: '1004' }), true)
    assert.equal(titleOf(await client.readOrder(orderId)), cancelled)
  })
}
