import assert from 'node:assert/strict'
import { test } from 'node:test'
import { saveMerchant } from '../../src/merchants/store.ts'
import { Buyer, cardFields, returnedFields } from '../payment-window/buyer.ts'
import { fixture, returning, useWindow } from '../payment-window/members.ts'
import { policy, registrationForm } from '../payment-window/registration-form.ts'
import { testMerchant } from '../payment-window/request-form.ts'
import { answerOn, isPaid, memberWithPasskey, offeredOn, usePasskey } from './window-support.ts'

useWindow()

async function openRegistration(customerId: string, orderId: string): Promise<Buyer> {
  await saveMerchant(fixture.context, { ...testMerchant, billKeys: policy })
  const window = new Buyer(fixture)
  await window.openRegistration(registrationForm({ customerId, orderId }))
  assert.equal(window.page.step, 'password')
  return window
}

/** With a card of this country, which may have a bill key. */
async function subscriberWithPasskey() {
  const { customer, device } = await memberWithPasskey()
  return { customerId: customer.customerId, customer, device }
}

test('a passkey opens the registration in place of the password, and the buyer confirms the card', async () => {
  const { customerId, device } = await subscriberWithPasskey()
  const window = await openRegistration(customerId, 'CARD-1')
  assert.equal(offeredOn(window)?.step, 'open-with-passkey')
  await usePasskey(window, device)
  // The only card is foreign.
  assert.equal(window.page.step, 'card')
  await window.submit('card', { cardNumber: '9406000000000001', ...cardFields })
  assert.equal(window.page.step, 'register')
  await window.submit('register')
  assert.equal(returnedFields(window.page.text).ResultCode, '3001')

  const again = await openRegistration(customerId, 'CARD-2')
  await usePasskey(again, device)
  assert.equal(again.page.step, 'register')
  assert.match(again.page.text, /0001/)
})

test('its answer opens no other registration and pays nothing, and that of a payment registers nothing', async () => {
  const { customerId, customer, device } = await subscriberWithPasskey()
  const first = await openRegistration(customerId, 'CARD-1')
  const answer = answerOn(first, device)

  const other = await openRegistration(customerId, 'CARD-2')
  const { challengeId = '' } = answerOn(other, device)
  const payment = await returning(customer)
  for (const [window, step] of [
    [other, 'open-with-passkey'],
    [payment, 'pay-with-passkey'],
    [payment, 'open-with-passkey'],
  ] as const) {
    await window.submit(step, answer)
    assert.equal(window.page.step, 'password', step)
  }
  await other.submit('open-with-passkey', { ...answer, challengeId })
  assert.match(other.page.text, /패스키를 확인하지 못했어요/)

  const paying = answerOn(payment, device)
  for (const step of ['pay-with-passkey', 'open-with-passkey']) {
    await first.submit(step, paying)
    assert.equal(first.page.step, 'password', step)
  }
  await usePasskey(first, device)
  assert.equal(first.page.step, 'card')
  await usePasskey(payment, device)
  assert.ok(isPaid(payment))
})

test('not for a locked member', async () => {
  const { customerId, device } = await subscriberWithPasskey()
  const window = await openRegistration(customerId, 'CARD-1')
  const answer = answerOn(window, device)
  for (let tries = 0; tries < 5; tries++) await window.tapPassword('918273')
  assert.equal(offeredOn(window), undefined)
  await window.submit('open-with-passkey', answer)
  assert.notEqual(window.page.step, 'register')
  assert.notEqual(window.page.step, 'card')
})
