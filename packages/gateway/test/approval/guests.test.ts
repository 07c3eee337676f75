import assert from 'node:assert/strict'
import { test } from 'node:test'
import { approve } from '../../src/approval/approve.ts'
import type { ApprovalContext } from '../../src/approval/record-outcome.ts'
import { removePendingMembers } from '../../src/approval/remove-pending-members.ts'
import { requestPayment } from '../../src/approval/request-payment.ts'
import { resolveUnresolved } from '../../src/approval/resolve.ts'
import { recordAuthentication } from '../../src/approval/ticket.ts'
import { join } from '../../src/members/join.ts'
import { guestLifeMs, guestOf } from '../../src/members/model.ts'
import { findPayingMember, pendingMembersOf } from '../../src/members/store.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { registerCard } from '../../src/vault/register-card.ts'
import { cardsOf, findCard } from '../../src/vault/store.ts'
import { approved, codeOf, createApprovalTest, testMerchant, testRequest } from './support.ts'

/** A general card payment with its card; `authenticates` makes its ticket. */
async function guestPayment(gateway: ApprovalContext, orderId: string) {
  const { easyPayMerchantId: _mall, asksPopCard: _popCard, ...general } = testRequest
  const request = { ...general, orderId, requestedAt: gateway.runtime.now() }
  const payment = await requestPayment(gateway, { request, merchant: testMerchant })
  const { memberId } = (await join(gateway, guestOf(payment), undefined)).member
  const card = { memberId, cardNumber: '4111111111111111', expiryMonth: 12, expiryYear: 2030 }
  const registered = await registerCard(gateway, card)
  assert.ok(registered.ok)
  return { payment, memberId, cardId: registered.card.cardId }
}

async function authenticatedGuest(gateway: ApprovalContext, orderId: string) {
  const { payment, memberId, cardId } = await guestPayment(gateway, orderId)
  const { transactionId } = payment
  const choice = { memberId, cardId, bindsMember: false, installmentMonths: 0, isInterestFree: false }
  const recorded = await recordAuthentication(gateway, transactionId, choice)
  assert.ok(recorded.ok)
  return { payment, memberId, cardId, ticket: { transactionId, approvalTicket: recorded.approvalTicket } }
}

const isGone = async (gateway: ApprovalContext, { payment, memberId }: Awaited<ReturnType<typeof guestPayment>>) =>
  (await cardsOf(gateway, memberId)).length === 0 && (await findPayingMember(gateway, guestOf(payment))) === undefined

test('a card of a guest is deleted once its payment is approved or declined; the answer is replayed without it', async () => {
  await using opened = await createApprovalTest()
  const { gateway, network } = opened
  for (const [answer, code] of [
    [approved, '3001'],
    [{ outcome: 'declined', reason: 'issuer_declined' }, '3095'],
  ] as const) {
    network.answerWith(() => answer)
    const guest = await authenticatedGuest(gateway, `order-${code}`)
    const first = await approve(gateway, guest.ticket)
    assert.equal(codeOf(first), code)
    assert.equal(JSON.parse(first).CardNum, '411111******1111')
    assert.ok(await isGone(gateway, guest))
    assert.equal(await approve(gateway, guest.ticket), first)
  }
})

test('it is deleted when the time to approve has passed', async () => {
  await using opened = await createApprovalTest()
  const { gateway, clock } = opened
  const guest = await authenticatedGuest(gateway, 'late')
  clock.advance(gateway.settings.ticketLifeMs)
  assert.equal(codeOf(await approve(gateway, guest.ticket)), 'S102')
  assert.ok(await isGone(gateway, guest))
})

test('it is kept while the outcome is unknown, and deleted when that is resolved', async () => {
  await using opened = await createApprovalTest()
  const { gateway, network } = opened
  network.answerWith(() => undefined)
  const guest = await authenticatedGuest(gateway, 'silent')
  assert.equal(codeOf(await approve(gateway, guest.ticket)), 'S401')
  assert.ok(!(await isGone(gateway, guest)))
  network.answerWith(() => approved)
  await resolveUnresolved(gateway)
  assert.ok(await isGone(gateway, guest))
  assert.equal(codeOf(await approve(gateway, guest.ticket)), '3001')
})

test('it is no card of the customer, of another guest, or of a member', async () => {
  await using opened = await createApprovalTest()
  const { gateway } = opened
  const guest = await guestPayment(gateway, 'first')
  const other = await guestPayment(gateway, 'second')
  assert.notEqual(guest.memberId, other.memberId)
  await assert.rejects(findCard(gateway, { cardId: guest.cardId, memberId: other.memberId }), /no such card/)
  const { easyPayMerchantId, merchantId, identityVerification } = testMerchant
  const { transactionId } = guest.payment
  const customerId = testRequest.customerId
  const customer = { easyPayMerchantId, merchantId, identityVerification, customerId, transactionId }
  assert.equal(await findPayingMember(gateway, customer), undefined)
  const scopes = [easyPayMerchantId, `${easyPayMerchantId}/${merchantId}`] as const
  const found = await gateway.storage.transact((transaction) => pendingMembersOf(transaction, scopes, customerId))
  assert.deepEqual(found, [])
})

test('what a dead process left is removed after an hour, but not while its payment is open', async () => {
  await using opened = await createApprovalTest()
  const { gateway, network, clock } = opened
  const open = await authenticatedGuest(gateway, 'open')
  network.answerWith(() => approved)
  const ended = await guestPayment(gateway, 'ended')
  await gateway.storage.transact((transaction) =>
    transaction.write("update payments set state = 'approved' where transaction_id = ?1", [
      ended.payment.transactionId,
    ]),
  )
  clock.advance(guestLifeMs - 1)
  await removePendingMembers(gateway)
  assert.ok(!(await isGone(gateway, ended)))
  clock.advance(1)
  await removePendingMembers(gateway)
  assert.ok(await isGone(gateway, ended))
  assert.ok(!(await isGone(gateway, open)))
  assert.ok(!opened.lines.some((line) => line.includes('member_removed')), 'a guest was no member')
})

test('the card network is asked with the time-out of the merchant', async () => {
  await using opened = await createApprovalTest()
  const { gateway, network } = opened
  network.answerWith(() => approved)
  const waits: (number | undefined)[] = []
  const cardNetwork: typeof gateway.cardNetwork = {
    ...gateway.cardNetwork,
    authorize(request, timeoutMs) {
      waits.push(timeoutMs)
      return gateway.cardNetwork.authorize(request, timeoutMs)
    },
  }
  for (const cardNetworkTimeoutMs of [undefined, 3_000]) {
    await saveMerchant(gateway, { ...testMerchant, cardNetworkTimeoutMs })
    const { ticket } = await authenticatedGuest(gateway, `wait-${cardNetworkTimeoutMs}`)
    assert.equal(codeOf(await approve({ ...gateway, cardNetwork }, ticket)), '3001')
  }
  assert.deepEqual(waits, [undefined, 3_000])
})
