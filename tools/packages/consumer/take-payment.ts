import { approve, cancel, defineMerchant, memoryJournal, readAuthenticationFields } from '@sspay/merchant'
import vectors from '@sspay/protocol/vectors/signatures.json' with { type: 'json' }

/** Minimal shop server: approves a payment that a buyer has authenticated, and refunds it. */
const [origin = '', returned = '', orderId = '', amount = ''] = process.argv.slice(2)

const merchant = defineMerchant({
  merchantId: 'ssptest01m',
  easyPayMerchantId: 'SSPTEST00p',
  merchantKey: vectors.MerchantKey,
  environment: { origin },
  orderSignature: 'off_and_orders_can_be_tampered_with',
})

const reading = readAuthenticationFields(merchant, JSON.parse(returned))
if (reading.outcome === 'rejected') throw new Error('the buyer returned nothing that can be approved')

const expected = { orderId, amount: Number(amount) }
const approval = await approve(merchant, reading.approvalTicket, { expected, journal: memoryJournal() })
if (approval.outcome !== 'approved') throw new Error(`approval: ${approval.outcome}`)

const { transactionId } = approval.payment
const cancellation = await cancel(merchant, {
  transactionId,
  amount: expected.amount,
  sequence: 1,
  cancelPassword: '123456',
  reason: 'a check of the packages',
})
if (cancellation.outcome !== 'cancelled') throw new Error(`cancellation: ${cancellation.outcome}`)
console.log(`approved and cancelled ${amount} won`)
