import assert from 'node:assert/strict'
import type { ApprovalContext } from '../../src/approval/record-outcome.ts'
import { requestPayment } from '../../src/approval/request-payment.ts'
import { recordAuthentication } from '../../src/approval/ticket.ts'
import { join } from '../../src/members/join.ts'
import { registerCard } from '../../src/vault/register-card.ts'
import { testIdentity } from '../support.ts'
import { testMerchant, testRequest } from './support.ts'

const { merchantId, easyPayMerchantId, identityVerification } = testMerchant

/** Somebody who has joined in the window of a new payment, with a card. */
export async function pendingMember(gateway: ApprovalContext, customerId: string, ci: string) {
  const request = { ...testRequest, customerId, requestedAt: gateway.runtime.now() }
  const { transactionId } = await requestPayment(gateway, { request, merchant: testMerchant })
  const customer = { easyPayMerchantId, merchantId, identityVerification, customerId, transactionId }
  const { memberId } = (await join(gateway, customer, { ...testIdentity, ci })).member
  const card = { memberId, cardNumber: '4111111111111111', expiryMonth: 12, expiryYear: 2030 }
  const registered = await registerCard(gateway, card)
  assert.ok(registered.ok)
  return { memberId, transactionId, cardId: registered.card.cardId }
}

/** The same, with the ticket of the payment. */
export async function authenticatedMember(gateway: ApprovalContext, customerId: string, ci: string) {
  const { memberId, transactionId, cardId } = await pendingMember(gateway, customerId, ci)
  const choice = { memberId, cardId, bindsMember: true, installmentMonths: 0, isInterestFree: false }
  const recorded = await recordAuthentication(gateway, transactionId, choice)
  assert.ok(recorded.ok)
  return { memberId, ticket: { transactionId, approvalTicket: recorded.approvalTicket } }
}
