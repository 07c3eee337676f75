import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rejectionCounts } from '../../src/admission/rejections.ts'
import { testSettings } from '../support.ts'
import { openWindowFixture, post, type WindowFixture } from './buyer.ts'
import { requestForm } from './request-form.ts'

const openWith = (limits: Partial<typeof testSettings.limits>): Promise<WindowFixture> =>
  openWindowFixture({}, { settings: { limits: { ...testSettings.limits, ...limits } } })

const rejectedBy = (bound: string): number =>
  rejectionCounts().find((one) => one.resource === 'window' && one.limiter === bound)?.count ?? 0

const statusOf = async (fixture: WindowFixture, form = requestForm(), address = '203.0.113.7'): Promise<number> =>
  (await fixture.app.request('/ssp/reqPay.do', post(form), { address })).status

async function openedOf(
  fixture: WindowFixture,
  times: number,
  ...how: [form?: Record<string, string>, address?: string]
) {
  let opened = 0
  for (let tried = 0; tried < times; tried++) if ((await statusOf(fixture, ...how)) === 303) opened++
  return opened
}

async function rowsOf({ context }: WindowFixture): Promise<number> {
  const [row] = await context.storage.read<{ readonly total: number }>('select count(*) as total from payments')
  return row?.total ?? 0
}

test('one signed form opens so many windows from whichever addresses, other orders are unharmed, and time gives more', async () => {
  await using fixture = await openWith({ windowsPerForm: { burst: 3, refillEveryMs: 60_000 } })
  const before = rejectedBy('per_form')
  for (let opened = 0; opened < 3; opened++)
    assert.equal(await statusOf(fixture, requestForm(), `203.0.113.${opened}`), 303)
  const answer = await fixture.app.request('/ssp/reqPay.do', post(requestForm()), { address: '203.0.113.9' })
  assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '60'])
  assert.equal(rejectedBy('per_form') - before, 1)
  assert.equal(await rowsOf(fixture), 3, 'a rejection stores nothing')
  assert.equal(await statusOf(fixture, requestForm({ orderId: 'ANOTHER' })), 303)
  fixture.clock.advance(60_000)
  assert.equal(await openedOf(fixture, 2), 1)
})

test('a signature opens so many windows, though the order that it does not cover is changed each time', async () => {
  await using fixture = await openWith({ windowsPerSignature: { burst: 3, refillEveryMs: 60_000 } })
  const before = rejectedBy('per_signature')
  const statuses: number[] = []
  for (let order = 0; order < 5; order++) statuses.push(await statusOf(fixture, requestForm({ orderId: `O${order}` })))
  assert.deepEqual(statuses, [303, 303, 303, 503, 503])
  assert.equal(rejectedBy('per_signature') - before, 2)
  assert.equal(await statusOf(fixture, requestForm({ amount: 1005 })), 303, 'another amount is another signature')
})

test('a rejected form uses up nothing of its merchant', async () => {
  await using fixture = await openWith({
    windowsPerForm: { burst: 1, refillEveryMs: 60_000 },
    windowsPerMerchant: { burst: 2, refillEveryMs: 60_000 },
  })
  assert.equal(await openedOf(fixture, 10), 1)
  assert.equal(await statusOf(fixture, requestForm({ orderId: 'ANOTHER' })), 303)
})

test('while windows of a merchant run short, an address gets its share and the others get the rest', async () => {
  await using fixture = await openWith({
    windowsPerMerchant: { burst: 100, refillEveryMs: 60_000 },
    addressShareOfMerchant: 0.1,
  })
  const before = rejectedBy('per_share')
  assert.equal(
    await openedOf(fixture, 200, requestForm(), '198.51.100.1'),
    51,
    'half of them, and the one that finds it',
  )
  assert.equal(rejectedBy('per_share') - before, 149)
  for (let buyer = 0; buyer < 40; buyer++)
    assert.equal(await statusOf(fixture, requestForm(), `203.0.113.${buyer}`), 303)
  assert.equal(await openedOf(fixture, 9, requestForm(), '203.0.113.200'), 9, 'up to its share')
  assert.equal(await statusOf(fixture, requestForm(), '203.0.113.201'), 503, 'all are gone')
})

test('as long as half of a merchant’s windows are left, many buyers behind one address are served', async () => {
  await using fixture = await openWith({
    windowsPerMerchant: { burst: 100, refillEveryMs: 1_000 },
    addressShareOfMerchant: 0.01,
  })
  for (let minute = 0; minute < 5; minute++) {
    assert.equal(await openedOf(fixture, 45), 45)
    fixture.clock.advance(60_000)
  }
})
