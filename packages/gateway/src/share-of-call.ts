import { approvalRequest, type FieldTable, paymentRequest, sealedEnvelope } from '@sspay/protocol'
import type { LimitedCall } from './admission/admit.ts'
import { isOwnTicket } from './approval/ticket.ts'
import { merchantPartOf } from './approval/transaction-id.ts'
import type { KeyRing } from './keyring.ts'
import { isMerchantCached } from './merchants/store.ts'

/** One share for all who are no merchant of this gateway, as far as it can tell without asking the database. */
const strangers = 'strangers'

/**
 * Whose share of the concurrency limiter's places a call takes, from a look at its body: the merchant whose ticket it brings, or whose id it names
 * and which this process has read before. An invented ticket or merchant takes the share of strangers, so that a flood of them harms no merchant.
 */
export const shareOfCall =
  (keyRing: KeyRing) =>
  (call: LimitedCall, body: string): string | undefined => {
    switch (call) {
      case 'approval':
      case 'inquiry': {
        const [transactionId, approvalTicket] = [transactionIdIn(body), approvalTicketIn(body)]
        return isOwnTicket(keyRing, { transactionId, approvalTicket }) ? merchantPartOf(transactionId) : strangers
      }
      case 'cancellation':
      case 'member-deletion':
        return merchantOrStrangers(keyRing, envelopeMerchantIn(body))
      case 'window':
        return merchantOrStrangers(keyRing, formMerchantIn(body))
      default:
        return undefined
    }
  }

const merchantOrStrangers = (keyRing: KeyRing, merchantId: string): string =>
  isMerchantCached(keyRing, merchantId) ? merchantId : strangers

/** Finds a value of a JSON object or a form without parsing it; empty where that does not find it, which costs its sender no more than its share. */
function finderOf(table: FieldTable, field: string): (body: string) => string {
  const wireName = Object.entries(table).find(([, { name }]) => name === field)?.[0]
  const pattern = new RegExp(`(?:"|^|&)${wireName}(?:"\\s*:\\s*"|=)(\\w+)`)
  return (body) => pattern.exec(body)?.[1] ?? ''
}

const transactionIdIn = finderOf(approvalRequest, 'transactionId')
const approvalTicketIn = finderOf(approvalRequest, 'approvalTicket')
const envelopeMerchantIn = finderOf(sealedEnvelope, 'merchantId')
const formMerchantIn = finderOf(paymentRequest, 'merchantId')
