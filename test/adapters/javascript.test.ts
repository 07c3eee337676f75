import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { run } from '../../packages/sandbox/test/command-line/support.ts'
import { temporaryFolder } from '../journeys/support.ts'
import { repository } from '../source/files.ts'
import { assertPaidOnce, openFixture } from './fixture.ts'

const { path, remove } = await temporaryFolder()
after(remove)
const folder = join(path, 'my-shop')
const { errors, exitCode } = await run(['init', 'javascript', folder])
assert.equal(exitCode, 0, errors)
symlinkSync(resolve(repository, 'node_modules'), join(folder, 'node_modules'), 'junction')

const fixture = await openFixture({ name: 'javascript', folder, arguments: ['--env-file=.env', 'shop.js'] })

test('a shop that sspay init wrote in JavaScript takes a payment and its notification', async () => {
  const { orderId, seen } = await fixture.buyer.pay()
  assert.match(seen.html, /결제했어요/)
  assertPaidOnce(fixture, orderId)
})

test('addresses that are not its own, and orders of others, are not found', async () => {
  const orderId = await fixture.buyer.placeOrder()
  assert.equal((await fixture.buyer.send('/nothing')).status, 404)
  assert.equal((await fixture.newBuyer().send(`/orders/${orderId}`)).status, 404)
  assert.equal((await fixture.buyer.send(`/orders/${orderId}/close`, { fields: {} })).status, 303)
  assert.match((await fixture.buyer.send(`/orders/${orderId}`)).html, /취소한 주문/)
})
