import assert from 'node:assert/strict'
import { test } from 'node:test'
import { approve } from '../../src/approval/approve.ts'
import { abortPayment, expireForgotten } from '../../src/approval/close-payment.ts'
import { requestPayment } from '../../src/approval/request-payment.ts'
import { eventsOf, findPayment, listPayments } from '../../src/approval/store.ts'
import { recordAuthentication } from '../../src/approval/ticket.ts'
import { transitionPayment } from '../../src/approval/transition.ts'
import { isChainIntact } from '../../src/event-chain.ts'
import { createTestContext } from '../support.ts'
import { authenticatedPayment, createApprovalTest, testMerchant, testRequest } from './support.ts'

const authentication = { memberId: 'm', cardId: 'c', installmentMonths: 3, isInterestFree: true }

test('a stored request reads back as it was sent', async () => {
  await using opened = await createTestContext()
  const { context } = opened
  const { transactionId } = await requestPayment(context, { request: testRequest, merchant: testMerchant })
  const payment = await findPayment(context, transactionId)
  assert.deepEqual(payment?.request, testRequest)
  assert.equal(payment?.state, 'requested')
})

test('buyer, ticket and answer are not stored in plaintext', async () => {
  await using opened = await createApprovalTest()
  const { gateway } = opened
  const ticket = await authenticatedPayment(gateway)
  const answer = await approve(gateway, ticket)
  const stored = await opened.readStoredBytes()
  const canaries = [
    testRequest.buyerName,
    testRequest.buyerPhone,
    testRequest.buyerEmail,
    testRequest.signature,
    ticket.approvalTicket,
    '4111111111111111',
    answer.slice(0, 60),
    testMerchant.merchantKey.expose().slice(0, 32),
  ]
  for (const canary of canaries) {
    assert.equal(stored.includes(canary), false, canary)
    assert.equal(
      opened.lines.some((line) => line.includes(canary)),
      false,
      canary,
    )
  }
  assert.equal(stored.includes(ticket.transactionId), true)
})

test('of concurrent transitions of one payment exactly one wins', async () => {
  await using opened = await createTestContext()
  const { context } = opened
  const { transactionId } = await requestPayment(context, { request: testRequest, merchant: testMerchant })
  const results = await Promise.all([
    ...Array.from({ length: 10 }, () => abortPayment(context, transactionId)),
    ...Array.from({ length: 10 }, () =>
      recordAuthentication(context, transactionId, authentication).then(({ ok }) => ok),
    ),
  ])
  assert.equal(results.filter((isApplied) => isApplied).length, 1)
})

test('a transition with an expected version applies to that version only', async () => {
  await using opened = await createTestContext()
  const { context } = opened
  const requested = await requestPayment(context, { request: testRequest, merchant: testMerchant })
  const { transactionId } = requested
  const at = context.runtime.now()
  const transition = { transactionId, from: 'requested', event: 'buyerAborted', at } as const
  const elsewhere = { merchantId: requested.merchantId, head: { ...requested.head, sequence: 7 } }
  assert.equal(await transitionPayment(context, { ...transition, expected: elsewhere }), undefined)
  const head = await transitionPayment(context, { ...transition, expected: requested })
  assert.deepEqual((await findPayment(context, transactionId))?.head, head)
  assert.equal(head?.sequence, requested.head.sequence + 1)
  assert.equal(await transitionPayment(context, { ...transition, expected: requested }), undefined)
  assert.equal(isChainIntact(await eventsOf(context, transactionId)), true)
})

test('an impossible transition is a bug and throws', async () => {
  await using opened = await createTestContext()
  const { context } = opened
  const transition = {
    transactionId: 'x',
    from: 'approved',
    event: 'networkApproved',
    at: context.runtime.now(),
  } as const
  assert.throws(() => transitionPayment(context, transition), RangeError)
})

test('a late authentication gets the state of the payment', async () => {
  await using opened = await createTestContext()
  const { context, clock } = opened
  const request = { request: testRequest, merchant: testMerchant }
  const aborted = await requestPayment(context, request)
  await abortPayment(context, aborted.transactionId)
  assert.deepEqual(await recordAuthentication(context, aborted.transactionId, authentication), {
    ok: false,
    state: 'aborted',
  })
  assert.deepEqual(await recordAuthentication(context, 'nothing', authentication), { ok: false, state: 'unknown' })
  const late = await requestPayment(context, request)
  clock.advance(context.settings.windowLifeMs)
  assert.deepEqual(await recordAuthentication(context, late.transactionId, authentication), {
    ok: false,
    state: 'expired',
  })
})

test('forgotten windows and tickets expire', async () => {
  await using opened = await createTestContext()
  const { context, clock } = opened
  const request = { request: testRequest, merchant: testMerchant }
  const open = await requestPayment(context, request)
  const authenticated = await requestPayment(context, request)
  await recordAuthentication(context, authenticated.transactionId, authentication)
  clock.advance(context.settings.ticketLifeMs)
  await expireForgotten(context)
  assert.equal((await findPayment(context, authenticated.transactionId))?.state, 'expired')
  assert.equal((await findPayment(context, open.transactionId))?.state, 'requested')
  clock.advance(context.settings.windowLifeMs)
  await expireForgotten(context)
  assert.equal((await findPayment(context, open.transactionId))?.state, 'expired')
})

test('the list is paginated and shows nothing of the buyer', async () => {
  await using opened = await createTestContext()
  const { context, clock } = opened
  const ids: string[] = []
  for (let number = 0; number < 7; number++) {
    ids.unshift((await requestPayment(context, { request: testRequest, merchant: testMerchant })).transactionId)
    clock.advance(1000)
  }
  const listed: string[] = []
  let before: Awaited<ReturnType<typeof listPayments>>[number] | undefined
  do {
    const page = await listPayments(context, { limit: 3, ...(before === undefined ? {} : { before }) })
    listed.push(...page.map(({ transactionId }) => transactionId))
    assert.equal(JSON.stringify(page).includes(testRequest.buyerName), false)
    before = page.at(-1)
  } while (before !== undefined)
  assert.deepEqual(listed, ids)
})
