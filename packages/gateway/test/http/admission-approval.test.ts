import assert from 'node:assert/strict'
import { test } from 'node:test'
import { approvalRoute } from '../../src/approval/route.ts'
import { approved, authenticatedPayment, createApprovalTest } from '../approval/support.ts'
import { testSettings } from '../support.ts'

test('an approval that is too much is refused before it begins, and its ticket is still good', async () => {
  const limits = { ...testSettings.limits, approvalsAtOnce: 2, approvalsPerMerchantAtOnce: 2 }
  await using world = await createApprovalTest({ settings: { limits } })
  const route = approvalRoute(world.gateway)
  const ask = async (ticket: { readonly transactionId: string; readonly approvalTicket: string }) => {
    const body = JSON.stringify({ Tid: ticket.transactionId, TrAuthKey: ticket.approvalTicket })
    const answer = await route(new Request('http://gateway.example/', { method: 'POST', body }))
    assert.equal(answer.status, 200)
    return (await answer.json()) as { readonly ResultCode: string; readonly ResultMsg: string }
  }
  const tickets = [
    await authenticatedPayment(world.gateway, { orderId: 'ORD1' }),
    await authenticatedPayment(world.gateway, { orderId: 'ORD2' }),
    await authenticatedPayment(world.gateway, { orderId: 'ORD3' }),
  ] as const
  const { promise: answers, resolve: release } = Promise.withResolvers<void>()
  world.network.answerWith(async () => {
    await answers
    return approved
  })

  const running = [ask(tickets[0]), ask(tickets[1])]
  const refused = await ask(tickets[2])
  assert.equal(refused.ResultCode, 'S901')
  assert.match(refused.ResultMsg, /잠시 뒤 다시 시도해 주세요/)
  release()
  assert.deepEqual(
    (await Promise.all(running)).map(({ ResultCode }) => ResultCode),
    ['3001', '3001'],
  )
  assert.equal((await ask(tickets[2])).ResultCode, '3001')
  assert.equal(world.network.calls.length, 3)
})

test('one merchant’s approvals leave room for the others', async () => {
  const limits = { ...testSettings.limits, approvalsAtOnce: 2, approvalsPerMerchantAtOnce: 1 }
  await using world = await createApprovalTest({ settings: { limits } })
  const route = approvalRoute(world.gateway)
  const codeOf = async (transactionId: string, approvalTicket: string): Promise<string> => {
    const body = JSON.stringify({ Tid: transactionId, TrAuthKey: approvalTicket })
    const answer = await route(new Request('http://gateway.example/', { method: 'POST', body }))
    return ((await answer.json()) as { readonly ResultCode: string }).ResultCode
  }
  const { transactionId, approvalTicket } = await authenticatedPayment(world.gateway)
  const { promise: answers, resolve: release } = Promise.withResolvers<void>()
  world.network.answerWith(async () => {
    await answers
    return approved
  })
  const running = codeOf(transactionId, approvalTicket)
  assert.equal(await codeOf(`${transactionId.slice(0, 29)}x`, approvalTicket), 'S901')
  const other = `other0001m${transactionId.slice(10)}`
  assert.equal(await codeOf(other, approvalTicket), 'S101', 'looked up, and unknown')
  release()
  assert.equal(await running, '3001')
})
