import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NewFaultRule } from '../../packages/sandbox/src/faults/rules.ts'
import { until } from '../support/until.ts'
import { assertPaidOnce, type Fixture } from './fixture.ts'

export function recoveryContract(fixture: Fixture): void {
  const { buyer, ledger, sandbox } = fixture

  /** The buyer is back, but the answer of the approval is not. */
  const payWith = async (fault: NewFaultRule['fault'], charges: number): Promise<string> => {
    const orderId = await buyer.placeOrder()
    const form = await buyer.openForm(orderId)
    const ticket = await buyer.authenticate(form)
    sandbox.faults.add({ link: 'approval', fault, orderId, timesLeft: 1 })
    const seen = await buyer.comeBack(form, ticket)
    assert.match(seen.url, /result=checking$/)
    assert.match(seen.html, /확인하고 있어요\. 다시 결제하지 말아 주세요/)
    assert.match(seen.html, /http-equiv="refresh" content="3"/i, 'the page looks again by itself')
    assert.doesNotMatch(seen.html, /결제하기/)
    assert.equal(ledger.openPayments(orderId), 1)
    assert.equal(ledger.charged(orderId).times, charges)
    return orderId
  }
  const see = async (orderId: string): Promise<string> => (await buyer.send(`/orders/${orderId}`)).html

  /**
   * The shop recovers by itself once a minute: where that was quicker than the buyer, the order is paid, and another
   * one is tried.
   */
  const payAndClose = async (): Promise<string> => {
    for (let attempt = 0; attempt < 5; attempt++) {
      const orderId = await payWith({ name: 'cut', bytes: 10 }, 1)
      assert.equal((await buyer.send(`/orders/${orderId}/close`, { fields: {} })).status, 303)
      const page = await see(orderId)
      if (/취소한 주문이에요/.test(page)) return orderId
      assert.match(page, /결제했어요/)
    }
    throw new Error('the recovery was quicker than the buyer five times')
  }

  test('an approval without an answer is shown as being checked, then paid once; or its money goes back', async () => {
    const charged = await payWith({ name: 'cut', bytes: 10 }, 1)
    const unheard = await payWith({ name: 'close' }, 0)
    const unwanted = await payAndClose()

    await fixture.recover()
    for (const orderId of [charged, unheard]) {
      assert.match(await see(orderId), /결제했어요/)
      assertPaidOnce(fixture, orderId)
    }
    assert.deepEqual(ledger.charged(unwanted), { times: 1, won: 0 })
    assert.deepEqual(ledger.order(unwanted), { state: 'closed', timesMarkedPaid: 0 })
  })

  test('an order that is cancelled before the buyer is back is never charged', async () => {
    const orderId = await buyer.placeOrder()
    const form = await buyer.openForm(orderId)
    const ticket = await buyer.authenticate(form)
    await buyer.send(`/orders/${orderId}/close`, { fields: {} })
    assert.match((await buyer.comeBack(form, ticket)).html, /취소한 주문이에요/)
    assert.deepEqual(ledger.charged(orderId), { times: 0, won: 0 })
  })

  test('a shop that is killed between approval and marking the order paid marks it when it is back', async () => {
    const orderId = await buyer.placeOrder()
    const form = await buyer.openForm(orderId)
    const ticket = await buyer.authenticate(form)
    sandbox.faults.add({ link: 'approval', fault: { name: 'hang', moment: 'after' }, orderId, timesLeft: 1 })
    const returning = buyer.comeBack(form, ticket).catch((error: unknown) => error)
    await until(() => ledger.charged(orderId).times === 1, { what: 'the charge' })
    await fixture.shop.end('SIGKILL')
    assert.ok((await returning) instanceof Error, 'the buyer sees a broken connection')
    assert.deepEqual(ledger.order(orderId), { state: 'open', timesMarkedPaid: 0 })
    await fixture.shop.start()
    // At once, or a minute later where a busy machine let the first inquiry time out.
    await until(() => ledger.order(orderId).state === 'paid', { deadline: 120_000, what: 'the recovery' })
    assert.match((await buyer.comeBack(form, ticket)).html, /결제했어요/)
    assertPaidOnce(fixture, orderId)
  })

  test('what the shop printed holds no key, no ticket and no buyer', () => {
    const output = fixture.shop.output()
    for (const secret of ['M6AywGL9', 'order-signing-key-of', 'recovery-key-of', '01012345678', 'buyer@example.com'])
      assert.ok(!output.includes(secret), secret)
    assert.doesNotMatch(output, /[0-9a-f]{64}/, 'a ticket')
  })
}
