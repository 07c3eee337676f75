import assert from 'node:assert/strict'
import { test } from 'node:test'
import { policy, registrationForm } from '../payment-window/registration-form.ts'
import { named, openLoggedGateway } from './support.ts'

test('a window that issues a bill key is recorded by its own names, the result masked', async (t) => {
  const logged = await openLoggedGateway({ merchant: { billKeys: policy } })
  t.after(logged.close)
  const window = logged.newBuyer()
  await window.openRegistration({ ...registrationForm(), Moid: 'OTHER' })
  await window.openRegistration(registrationForm())
  await window.signUp('739214', '9406000000000001')
  await window.submit('register')
  const calls = (await logged.calls()).toSorted((one, other) => one.startedAt.getTime() - other.startedAt.getTime())
  const [rejected] = calls
  assert.deepEqual([rejected?.kind, rejected?.code, rejected?.orderId], ['bill-key-window', 'S304', 'OTHER'])
  assert.deepEqual(calls.slice(1).map(named).slice(-2), ['step register ok', 'bill-key-result post ok'])
  const { request, orderId } = calls.at(-1) ?? assert.fail()
  assert.equal(orderId, 'SUBSCRIPTION-1')
  for (const name of ['BillTokenKey', 'VerifyValue', 'CardExpire']) assert.equal(request[name], '***', name)
  for (const name of ['BuyerName', 'MallUserId', 'DisplayCardNo']) assert.match(request[name] ?? '', /^.\*+$/, name)
})
