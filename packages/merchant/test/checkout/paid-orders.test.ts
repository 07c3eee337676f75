import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resultCodes } from '@sspay/protocol'
import { answering, answeringWith, httpAnswer, nobody } from '../loopback.ts'
import { approvedAnswer, transactionId } from '../samples.ts'
import { aborted, openShop, posted, returned } from './shop.ts'

const address = 'http://10.0.0.1/pay/return?order=ORD0001'
const headers = { cookie: 'session=own', 'sec-fetch-site': 'same-origin' }
const got = (search = ''): Request => new Request(`${address}${search}`, { headers })

/** Returns that carry no readable authentication. */
const unreadable: readonly (readonly [name: string, request: () => Request])[] = [
  ['a GET without fields', () => got()],
  ['a truncated state', () => got('&sspay-return=AAAA')],
  ['a state without its end', () => got('&sspay-return=')],
  ['an empty form', () => posted('/return?order=ORD0001', {})],
]

for (const [name, request] of unreadable) {
  test(`${name} shows a paid or closed order as it is`, async (t) => {
    const shop = openShop(t, await nobody())
    for (const state of ['paid', 'closed'] as const) {
      shop.setState(state)
      await shop.checkout.fetch(request())
      assert.deepEqual(shop.results.at(-1), { outcome: state, orderId: 'ORD0001' })
    }
    assert.deepEqual(shop.errors, [])
  })

  test(`${name} fails for an open order, and is reported`, async (t) => {
    const shop = openShop(t, await nobody())
    await shop.checkout.fetch(request())
    assert.deepEqual(shop.results, [{ outcome: 'failed', orderId: 'ORD0001' }])
    assert.match(shop.errors[0]?.problem ?? '', /^The return was rejected: /)
  })

  test(`${name} never says failed while a payment may be charged`, async (t) => {
    const shop = openShop(t, await answering(t, (socket) => socket.destroy()))
    await shop.checkout.fetch(returned())
    await shop.checkout.fetch(request())
    await shop.checkout.fetch(aborted())
    assert.deepEqual(
      shop.results.map(({ outcome }) => outcome),
      ['checking', 'checking', 'checking'],
    )
  })
}

const declined = approvedAnswer({ ResultCode: resultCodes.approval_ticket_expired.code, SignValue: undefined })

test('a payment that is declined after another one has paid the order shows it as paid', async (t) => {
  const gateway = await answering(t, (socket) => {
    shop.setState('paid')
    socket.end(httpAnswer({ body: declined }))
  })
  const shop = openShop(t, gateway)
  await shop.checkout.fetch(returned({ Tid: `${transactionId.slice(0, -1)}9` }))
  assert.deepEqual(shop.results, [{ outcome: 'paid', orderId: 'ORD0001' }])
})

test('a journal that fails never hides that the order was paid in the meantime', async (t) => {
  const shop = openShop(t, await answeringWith(t, { body: approvedAnswer() }), {
    mayPay() {
      shop.setState('paid')
      return true
    },
  })
  shop.database.exec('drop table sspay_journal')
  await shop.checkout.fetch(returned())
  assert.deepEqual(shop.results, [{ outcome: 'paid', orderId: 'ORD0001' }])
})
