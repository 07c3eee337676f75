import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resultCodes } from '@sspay/protocol'
import { approve } from '../../src/approval/approve.ts'
import { inquire } from '../../src/approval/inquire.ts'
import type { ApprovalContext } from '../../src/approval/record-outcome.ts'
import { findPayment } from '../../src/approval/store.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { approved, authenticatedPayment, codeOf, createApprovalTest } from './support.ts'

/** A gateway whose transactions wait for something before they begin. */
const withWait = (gateway: ApprovalContext, wait: () => Promise<void>): ApprovalContext => {
  const transact: Storage['transact'] = async (work) => {
    await wait()
    return gateway.storage.transact(work)
  }
  return { ...gateway, storage: { ...gateway.storage, transact } }
}

test('an inquiry at the ticket’s end never says expired of a payment whose approval has just begun', async () => {
  const approval = await createApprovalTest()
  const { gateway, clock, network } = approval
  try {
    const ticket = await authenticatedPayment(gateway)
    const hasLooked = Promise.withResolvers<void>()
    const isClaimed = Promise.withResolvers<void>()
    const asking = withWait(gateway, () => {
      hasLooked.resolve()
      return isClaimed.promise
    })
    const inquiries: Promise<string>[] = []
    const approving = withWait(gateway, () => {
      if (inquiries.length === 0) {
        clock.advance(1)
        inquiries.push(inquire(asking, ticket))
      }
      return hasLooked.promise
    })
    network.answerWith(() => {
      isClaimed.resolve()
      return approved
    })

    clock.advance(gateway.settings.ticketLifeMs - 1)
    assert.equal(codeOf(await approve(approving, ticket)), resultCodes.approved.code)
    assert.deepEqual((await Promise.all(inquiries)).map(codeOf), [resultCodes.approval_in_progress.code])
  } finally {
    await approval.close()
  }
})

test('an inquiry that says expired has ended the payment', async () => {
  const approval = await createApprovalTest()
  try {
    const ticket = await authenticatedPayment(approval.gateway)
    approval.clock.advance(approval.gateway.settings.ticketLifeMs)
    assert.equal(codeOf(await inquire(approval.gateway, ticket)), resultCodes.approval_ticket_expired.code)
    assert.equal((await findPayment(approval.gateway, ticket.transactionId))?.state, 'expired')
    assert.equal(codeOf(await approve(approval.gateway, ticket)), resultCodes.approval_ticket_expired.code)
  } finally {
    await approval.close()
  }
})
