import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type CheckoutClient, createCheckoutClient } from './checkout-client.ts'
import { type ApprovingGateway, openApprovingGateway } from './gateway.ts'
import { addToReport } from './report.ts'
import type { Send } from './send.ts'

/** A row of the table: where the shop of `shop.ts` runs, and how requests get there. */
export interface Runtime {
  readonly name: string
  readonly version: string
  /** Public address of the checkout. Default `https://shop.example/pay`. */
  readonly url?: string
  open(settings: {
    readonly gateway: string
    readonly url: string
  }): Promise<{ readonly send: Send; close?(): unknown }>
}

interface Fixture extends CheckoutClient {
  readonly gateway: ApprovingGateway
  /** Marked paid once by the shop, after this many approvals of its transaction. */
  assertPaidOnce(orderId: string, timesApproved: 0 | 1): Promise<void>
}

/** What a checkout does, whatever carries its requests. */
const checks: Readonly<Record<string, (fixture: Fixture) => Promise<void>>> = {
  async 'the form is a page and JSON, for the buyer only'({ newOrder, get, publicUrl }) {
    const { orderId } = newOrder()
    const page = await get(`/form?order=${orderId}`)
    assert.equal(page.status, 200)
    assert.match(page.text, /1,004원 결제하기/)
    const json = await get(`/form?order=${orderId}`, { accept: 'application/json' })
    const { fields, returnUrl } = JSON.parse(json.text)
    assert.deepEqual([fields.Amt, returnUrl], ['1004', `${publicUrl}/return?order=${orderId}`])
    const stranger = await get(`/form?order=${orderId}`, { cookie: 'session=other' })
    assert.equal(stranger.status, 404)
  },
  async 'a return pays, and the same return again shows the paid order'({ newOrder, comeBack, assertPaidOnce }) {
    const order = newOrder()
    for (let visit = 0; visit < 3; visit++) assert.equal(await comeBack(order), 'paid')
    await assertPaidOnce(order.orderId, 1)
  },
  async 'returns at once pay once'({ newOrder, comeBack, assertPaidOnce }) {
    const order = newOrder()
    const results = await Promise.all(Array.from({ length: 5 }, () => comeBack(order)))
    assert.ok(results.includes('paid'), String(results))
    for (const result of results) assert.match(String(result), /^(paid|checking)$/)
    await assertPaidOnce(order.orderId, 1)
  },
  async 'a GET of a paid order shows it as paid'({ newOrder, comeBack, get }) {
    const order = newOrder()
    await comeBack(order)
    for (const step of ['/form', '/return', '/abort']) {
      const { status, location } = await get(`${step}?order=${order.orderId}`)
      assert.deepEqual([step, status, location?.split('result=')[1]], [step, 303, 'paid'])
    }
  },
  async 'an aborted payment leaves the order open'({ newOrder, abort, recordOf }) {
    const order = newOrder()
    assert.equal(await abort(order), 'aborted')
    assert.deepEqual(await recordOf(order.orderId), { state: 'open', timesMarkedPaid: 0, timesAborted: 1 })
  },
  async 'a notification before the return is answered OK and pays once'(fixture) {
    const { newOrder, notify, comeBack, assertPaidOnce } = fixture
    for (const charset of ['utf-8', 'euc-kr'] as const) {
      const order = newOrder()
      for (let delivery = 0; delivery < 2; delivery++) {
        const { status, text } = await notify(order, { charset })
        assert.deepEqual([charset, status, text], [charset, 200, 'OK'])
      }
      assert.equal(await comeBack(order), 'paid')
      await assertPaidOnce(order.orderId, 0)
    }
  },
  async 'a notification with a wrong signature is rejected'({ newOrder, notify, recordOf }) {
    const order = newOrder()
    const forged = [{ webhookKey: `whsec_${'QUFB'.repeat(12)}` }, { fields: { SignValue: 'A'.repeat(43).concat('=') } }]
    for (const changes of forged) {
      const { status, text } = await notify(order, changes)
      assert.ok(status >= 400 && status < 500, String(status))
      assert.doesNotMatch(text, /OK/)
    }
    assert.equal((await recordOf(order.orderId)).state, 'open')
  },
  async 'an approval with a wrong signature does not pay'({ newOrder, comeBack, gateway, recordOf }) {
    const order = newOrder()
    gateway.forge(order.transactionId)
    assert.equal(await comeBack(order), 'checking')
    assert.equal((await recordOf(order.orderId)).timesMarkedPaid, 0)
  },
}

export function runtimeContract({ name, version, url = 'https://shop.example/pay', ...runtime }: Runtime): void {
  describe(`${name} ${version}`, () => {
    const closing: (() => unknown)[] = []
    let fixture: Fixture | undefined
    let passed = 0
    let areAllPaidOnce = true

    before(async () => {
      const gateway = await openApprovingGateway()
      closing.push(gateway.close)
      const { send, close = () => {} } = await runtime.open({ gateway: gateway.origin, url })
      closing.push(close)
      const client = createCheckoutClient(send, url)
      const assertPaidOnce: Fixture['assertPaidOnce'] = async (orderId, timesApproved) => {
        const { state, timesMarkedPaid } = await client.recordOf(orderId)
        const seen = [state, timesMarkedPaid, gateway.timesApproved(client.transactionOf(orderId))]
        areAllPaidOnce &&= timesMarkedPaid === 1 && seen[2] === timesApproved
        assert.deepEqual(seen, ['paid', 1, timesApproved])
      }
      fixture = { ...client, gateway, assertPaidOnce }
    })
    after(async () => {
      addToReport({
        name,
        version,
        passed,
        checks: Object.keys(checks).length,
        isPaidOnce: passed > 0 && areAllPaidOnce,
      })
      for (const close of closing.toReversed()) await close()
    })
    for (const [check, run] of Object.entries(checks))
      test(check, async () => {
        assert.ok(fixture, 'the shop has started')
        await run(fixture)
        passed++
      })
  })
}
