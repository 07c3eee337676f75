import assert from 'node:assert/strict'
import { test } from 'node:test'
import { approve } from '../../src/approval/approve.ts'
import { expireForgotten } from '../../src/approval/close-payment.ts'
import type { ApprovalContext } from '../../src/approval/record-outcome.ts'
import { removePendingMembers } from '../../src/approval/remove-pending-members.ts'
import { resolveUnresolved } from '../../src/approval/resolve.ts'
import { findPayment } from '../../src/approval/store.ts'
import { recordAuthentication } from '../../src/approval/ticket.ts'
import { pendingMemberLifeMs } from '../../src/members/model.ts'
import { findMember } from '../../src/members/store.ts'
import { cardsOf } from '../../src/vault/store.ts'
import { authenticatedMember, pendingMember } from './pending-members.ts'
import { approved, codeOf, createApprovalTest, testMerchant } from './support.ts'

const { merchantId, easyPayMerchantId } = testMerchant
const declined = { outcome: 'declined', reason: 'issuer_declined' }

const boundTo = async (gateway: ApprovalContext, customerId: string) =>
  (await findMember(gateway, { easyPayMerchantId, customerId }))?.memberId

test('the first approved payment binds its member, and nothing before it does', async () => {
  await using opened = await createApprovalTest()
  const { gateway, network } = opened
  const declinedFirst = await authenticatedMember(gateway, 'first', 'CI-1')
  network.answerWith(() => declined)
  assert.notEqual(codeOf(await approve(gateway, declinedFirst.ticket)), '3001')
  assert.equal(await boundTo(gateway, 'first'), undefined)

  network.answerWith(() => approved)
  const { memberId, ticket } = await authenticatedMember(gateway, 'first', 'CI-2')
  assert.equal(codeOf(await approve(gateway, ticket)), '3001')
  assert.equal(await boundTo(gateway, 'first'), memberId)
})

test('the payment of who comes second stands; its member is removed with the cards, and the log says so', async () => {
  await using opened = await createApprovalTest()
  const { gateway } = opened
  const customer = await authenticatedMember(gateway, 'contested', 'CI-1')
  const stranger = await authenticatedMember(gateway, 'contested', 'CI-2')
  for (const { ticket } of [customer, stranger]) assert.equal(codeOf(await approve(gateway, ticket)), '3001')
  assert.equal(await boundTo(gateway, 'contested'), customer.memberId)
  assert.deepEqual(await cardsOf(gateway, stranger.memberId), [])
  assert.equal((await findPayment(gateway, stranger.ticket.transactionId))?.state, 'approved')
  const claims = opened.lines
    .map((line) => JSON.parse(line))
    .filter(({ name }) => name === 'customer_claimed_by_another')
  assert.deepEqual(
    claims.map((claim) => [claim.level, claim.reason, claim.merchantId, claim.transactionId]),
    [['warn', 'approval', merchantId, stranger.ticket.transactionId]],
  )
})

test('many first payments of one customer that are approved at once bind one member, and all stand', async () => {
  await using opened = await createApprovalTest()
  const { gateway } = opened
  const all = await Promise.all(
    Array.from({ length: 8 }, (_, index) => authenticatedMember(gateway, 'crowded', `CI-${index}`)),
  )
  const codes = await Promise.all(all.map(async ({ ticket }) => codeOf(await approve(gateway, ticket))))
  assert.deepEqual(new Set(codes), new Set(['3001']))
  const bound = await boundTo(gateway, 'crowded')
  for (const { memberId } of all) assert.equal((await cardsOf(gateway, memberId)).length, memberId === bound ? 1 : 0)
})

test('an outcome that is found later binds the same way', async () => {
  await using opened = await createApprovalTest()
  const { gateway, network } = opened
  network.answerWith(() => undefined)
  const { memberId, ticket } = await authenticatedMember(gateway, 'silent', 'CI-1')
  assert.equal(codeOf(await approve(gateway, ticket)), 'S401')
  assert.equal(await boundTo(gateway, 'silent'), undefined)
  network.answerWith(() => approved)
  await resolveUnresolved(gateway)
  assert.equal(await boundTo(gateway, 'silent'), memberId)
})

test('who was not bound is removed with the cards once a day has passed, but not while a payment is open', async () => {
  await using opened = await createApprovalTest()
  const { gateway, network, clock } = opened
  const left = await pendingMember(gateway, 'left', 'CI-1')
  network.answerWith(() => undefined)
  const silent = await authenticatedMember(gateway, 'silent', 'CI-2')
  await approve(gateway, silent.ticket)
  network.answerWith(() => approved)
  const bound = await authenticatedMember(gateway, 'bound', 'CI-3')
  await approve(gateway, bound.ticket)

  const cards = async () =>
    Promise.all([left, silent, bound].map(async ({ memberId }) => (await cardsOf(gateway, memberId)).length))
  clock.advance(pendingMemberLifeMs - 1)
  await expireForgotten(gateway)
  await removePendingMembers(gateway)
  assert.deepEqual(await cards(), [1, 1, 1])
  clock.advance(1)
  await removePendingMembers(gateway)
  assert.deepEqual(await cards(), [0, 1, 1])
  await resolveUnresolved(gateway)
  assert.equal(await boundTo(gateway, 'silent'), silent.memberId)
  assert.equal(await boundTo(gateway, 'bound'), bound.memberId)
})

test('a payment that an older gateway approved still binds its member', async () => {
  await using opened = await createApprovalTest()
  const { gateway, clock } = opened
  const { memberId, transactionId, cardId } = await pendingMember(gateway, 'older', 'CI-1')
  const choice = { memberId, cardId, installmentMonths: 0, isInterestFree: false }
  const recorded = await recordAuthentication(gateway, transactionId, choice)
  assert.ok(recorded.ok)
  await approve(gateway, { transactionId, approvalTicket: recorded.approvalTicket })
  assert.equal(await boundTo(gateway, 'older'), undefined)
  clock.advance(pendingMemberLifeMs)
  await removePendingMembers(gateway)
  assert.equal(await boundTo(gateway, 'older'), memberId)
})
