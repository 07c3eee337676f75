import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resultCodes } from '@sspay/protocol'
import { approve } from '../../src/approval/approve.ts'
import { inquire } from '../../src/approval/inquire.ts'
import { findPayment } from '../../src/approval/store.ts'
import { authenticatedPayment, createApprovalTest } from './support.ts'

const codeOf = (answer: string): string => JSON.parse(answer).ResultCode

test('an inquiry at the ticket’s end never says expired of a payment whose approval has just begun', async () => {
  const approval = await createApprovalTest()
  try {
    const ticket = await authenticatedPayment(approval.gateway)
    const approving = approve(approval.gateway, ticket)
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    approval.clock.advance(approval.gateway.settings.ticketLifeMs)

    const asked = codeOf(await inquire(approval.gateway, ticket))
    assert.equal(codeOf(await approving), resultCodes.approved.code)
    assert.equal(asked, resultCodes.approval_in_progress.code)
  } finally {
    await approval.close()
  }
})

test('an inquiry that says expired has ended the payment', async () => {
  const approval = await createApprovalTest()
  try {
    const ticket = await authenticatedPayment(approval.gateway)
    approval.clock.advance(approval.gateway.settings.ticketLifeMs)
    assert.equal(codeOf(await inquire(approval.gateway, ticket)), resultCodes.ticket_expired.code)
    assert.equal((await findPayment(approval.gateway, ticket.transactionId))?.state, 'expired')
    assert.equal(codeOf(await approve(approval.gateway, ticket)), resultCodes.ticket_expired.code)
  } finally {
    await approval.close()
  }
})
