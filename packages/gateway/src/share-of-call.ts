import { approvalRequest, type FieldTable, paymentRequest, sealedEnvelope } from '@sspay/protocol'
import type { LimitedCall } from './admission/admit.ts'
import { isOwnTicket } from './approval/ticket.ts'
import { merchantPartOf } from './approval/transaction-id.ts'
import type { KeyRing } from './keyring.ts'
import { isMerchantCached } from './merchants/store.ts'

/** Callers that cannot be recognised as a merchant without a database query share one key. */
const unknownCallers = 'unknown'

/**
 * The fair-queueing key of a call, from its body: the merchant of its ticket (verified by MAC), or the merchant it
 * names, if cached in this process. Invented tickets and merchants share one key, so that a flood of them harms no
 * merchant.
 */
export const shareOfCall =
  (keyRing: KeyRing) =>
  (call: LimitedCall, body: string): string | undefined => {
    switch (call) {
      case 'approval':
      case 'inquiry': {
        const [transactionId, approvalTicket] = [transactionIdIn(body), approvalTicketIn(body)]
        return isOwnTicket(keyRing, { transactionId, approvalTicket }) ? merchantPartOf(transactionId) : unknownCallers
      }
      case 'cancellation':
      case 'member-deletion':
      case 'bill-key-registration':
      case 'bill-key-payment':
      case 'bill-key-deletion':
        return merchantOrUnknown(keyRing, envelopeMerchantIn(body))
      case 'window':
      case 'bill-key-window':
        return merchantOrUnknown(keyRing, formMerchantIn(body))
      default:
        return undefined
    }
  }

const merchantOrUnknown = (keyRing: KeyRing, merchantId: string): string =>
  isMerchantCached(keyRing, merchantId) ? merchantId : unknownCallers

/** Extracts a field from a JSON or form body without parsing it; empty if that fails. */
function finderOf(table: FieldTable, field: string): (body: string) => string {
  const wireName = Object.entries(table).find(([, { name }]) => name === field)?.[0]
  const pattern = new RegExp(`(?:"|^|&)${wireName}(?:"\\s*:\\s*"|=)(\\w+)`)
  return (body) => pattern.exec(body)?.[1] ?? ''
}

const transactionIdIn = finderOf(approvalRequest, 'transactionId')
const approvalTicketIn = finderOf(approvalRequest, 'approvalTicket')
const envelopeMerchantIn = finderOf(sealedEnvelope, 'merchantId')
const formMerchantIn = finderOf(paymentRequest, 'merchantId')
