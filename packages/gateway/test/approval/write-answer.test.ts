import assert from 'node:assert/strict'
import { test } from 'node:test'
import { approve } from '../../src/approval/approve.ts'
import { inquire } from '../../src/approval/inquire.ts'
import { authenticatedPayment, createApprovalTest } from './support.ts'

test('a rejection names the order if its ticket is right, else the transaction id that was sent', async () => {
  await using opened = await createApprovalTest()
  const { gateway, clock } = opened
  const ticket = await authenticatedPayment(gateway)
  clock.advance(gateway.settings.ticketLifeMs)
  for (const ask of [approve, inquire]) {
    const { ResultMsg: _, ...rejection } = JSON.parse(await ask(gateway, ticket))
    assert.deepEqual(rejection, {
      Tid: ticket.transactionId,
      Mid: 'ssptest01m',
      Moid: 'ORD0001',
      Amt: '1004',
      GoodsName: '커피 & 케이크',
      MallUserId: 'user0001',
      MallReserved: '7ZWc6riAIOyYiOu5hA==',
      MerchantReserved: '7ZWc6riAIOyYiOu5hA==',
      ParentEmail: '',
      SubId: '',
      BuyerAuthNum: '',
      ResultCode: 'S102',
    })
    const unknown = JSON.parse(await ask(gateway, { ...ticket, approvalTicket: '0'.repeat(64) }))
    const { Tid, Moid, MallReserved, ResultCode } = unknown
    assert.deepEqual([Tid, Moid, MallReserved, ResultCode], [ticket.transactionId, undefined, '', 'S101'])
  }
})

test('a declined answer names the issuer of the card', async () => {
  await using opened = await createApprovalTest()
  const { gateway, network } = opened
  network.answerWith(() => ({ outcome: 'declined', reason: 'balance_insufficient' }))
  const answer = JSON.parse(await approve(gateway, await authenticatedPayment(gateway)))
  assert.deepEqual([answer.AppCardCode, answer.AppCardName, answer.CardType], ['25', '해외VISA', '0'])
})
