import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { WireText } from '@sspay/protocol'
import { type CheckoutOptions, type CheckoutRejection, createPaymentForm, defineMerchant } from '../../src/index.ts'
import { approvedAnswer, config, merchantAt, order } from '../samples.ts'
import { type Script, saying, startScriptedGateway } from '../scripted-gateway.ts'
import { aborted, openShop, returned } from './shop.ts'

const orderSignature = { keys: ['signing-key-of-the-shop-with-other-customers'] } as const
const now = (): Date => new Date('2025-01-02T03:05:00+09:00')
const noteOf = (orderId: string): string | undefined =>
  createPaymentForm(defineMerchant({ ...config, orderSignature }), { ...order, orderId }).fields.MallReserved

const own: WireText = { Amt: '1004', Moid: 'ORD0001', MallUserId: 'user0001', MallReserved: noteOf('ORD0001') }
const otherFields: WireText = { ...own, Moid: 'ORD0002', MallReserved: noteOf('ORD0002') }
const otherSession = 'session=other-customer'

async function openShopFor(t: TestContext, script: Script, changes: Partial<CheckoutOptions> = {}, isSigned = true) {
  const gateway = await startScriptedGateway(t, script)
  const reported: CheckoutRejection[] = []
  const shop = openShop(t, gateway.origin, {
    merchant: merchantAt(gateway.origin, isSigned ? { orderSignature, now } : {}),
    onDeclined: (rejection) => void reported.push(rejection),
    onAborted: (stop) => void reported.push(stop),
    ...(changes as object),
  })
  const entries = (): number =>
    Number(shop.database.prepare('select count(*) as found from sspay_journal').get()?.found)
  return { ...shop, gateway, reported, entries }
}

const tickets: readonly (readonly [name: string, inquiry: () => string])[] = [
  ['that the gateway does not know', () => saying('approval_ticket_unknown')],
  ['of his own order, which waits', () => saying('not_approved_yet', otherFields)],
  ['of his own order, which is paid', () => approvedAnswer(otherFields)],
  ['of his own order, whose approval was declined', () => saying('issuer_declined', otherFields)],
  ['that is being approved', () => saying('approval_in_progress')],
  ['of an order that names this one without its note', () => saying('not_approved_yet', { ...own, MallReserved: '' })],
]

for (const isSigned of [true, false])
  for (const [name, inquiry] of tickets)
    test(`a foreign ticket ${name} neither blocks nor declines the order; signed: ${isSigned}`, async (t) => {
      const approval = () => approvedAnswer(otherFields)
      const shop = await openShopFor(t, { inquiry, approval }, {}, isSigned)
      await shop.checkout.fetch(returned({}, otherSession))
      assert.deepEqual(shop.results, [{ outcome: 'failed', orderId: 'ORD0001' }])
      assert.match(shop.errors[0]?.problem ?? '', /not authorized/)
      assert.deepEqual(shop.reported, [])
      assert.equal(shop.entries(), 0)
      assert.ok(!shop.gateway.calls.includes('approval'))
      assert.notEqual(await shop.checkout.formOf('ORD0001'), undefined)
      const { pending, declined } = await shop.checkout.recover()
      assert.deepEqual([pending, declined, shop.reported], [[], [], []])
    })

test('where the service answers no inquiry, no approval is requested for another customer', async (t) => {
  const shop = await openShopFor(t, { approval: () => approvedAnswer(otherFields) })
  await shop.checkout.fetch(returned({}, otherSession))
  assert.deepEqual(shop.gateway.calls, ['inquiry'])
  assert.equal(shop.entries(), 0)
})

test('a buyer who comes back without the session is known by the order note', async (t) => {
  const paid = approvedAnswer(own)
  const shop = await openShopFor(t, { inquiry: () => saying('not_approved_yet', own), approval: () => paid })
  await shop.checkout.fetch(returned({}, ''))
  assert.deepEqual(shop.results, [{ outcome: 'paid', orderId: 'ORD0001' }])
  assert.equal(shop.timesMarkedPaid(), 1)
})

test('a session that cannot be looked up is no session, and the order note still counts', async (t) => {
  const mayPay = (): boolean => {
    throw new Error('no sessions')
  }
  const inquiry = () => saying('not_approved_yet', own)
  const shop = await openShopFor(t, { inquiry, approval: () => approvedAnswer(own) }, { mayPay })
  await shop.checkout.fetch(returned())
  assert.deepEqual(shop.results, [{ outcome: 'paid', orderId: 'ORD0001' }])
  assert.match(String(shop.errors[0]?.error), /no sessions/)
})

test('a buyer who brings the ticket of another order does not read that this one was declined', async (t) => {
  const shop = await openShopFor(t, { inquiry: () => saying('not_approved_yet', otherFields) })
  await shop.checkout.fetch(returned())
  assert.deepEqual(shop.results, [{ outcome: 'failed', orderId: 'ORD0001' }])
  assert.deepEqual([shop.reported, shop.entries()], [[], 0])
})

test('a charge of another order keeps this one payable', async (t) => {
  const shop = await openShopFor(t, { approval: () => approvedAnswer(otherFields) })
  await shop.checkout.fetch(returned())
  assert.deepEqual(shop.results, [{ outcome: 'checking', orderId: 'ORD0001' }])
  assert.notEqual(await shop.checkout.formOf('ORD0001'), undefined)
})

test('a buyer who changed the customer in the form is not approved', async (t) => {
  const changed = { ...own, MallUserId: 'user0002' }
  const shop = await openShopFor(t, { inquiry: () => saying('not_approved_yet', changed) })
  await shop.checkout.fetch(returned())
  assert.equal(shop.results[0]?.outcome, 'declined')
  assert.deepEqual(shop.gateway.calls, ['inquiry'])
  assert.equal(shop.entries(), 0)
})

test('a return that names another customer asks for nothing', async (t) => {
  const shop = await openShopFor(t, {})
  await shop.checkout.fetch(returned({ MallUserId: 'user0002' }))
  assert.deepEqual(shop.results, [{ outcome: 'failed', orderId: 'ORD0001' }])
  assert.deepEqual([shop.gateway.calls, shop.entries()], [[], 0])
  await shop.checkout.fetch(returned({ MallUserId: 'user0001' }))
  assert.equal(shop.gateway.calls.length, 2)
})

test('another browser cannot report an abort', async (t) => {
  const shop = await openShopFor(t, {})
  await shop.checkout.fetch(aborted({}, otherSession))
  assert.deepEqual(shop.reported, [])
  await shop.checkout.fetch(aborted())
  assert.equal(shop.reported.length, 1)
})
