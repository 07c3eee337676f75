import type { Notification } from '@sspay/protocol'
import type { AnswerFields } from './answer-fields.ts'
import type { ExpectedPayment, OrderMismatch, Unknown } from './approval-outcome.ts'
import type { Merchant } from './merchant.ts'
import { type EncryptedFields, type OrderSignatureVerdict, verifySignedOrder } from './order-signature.ts'

/** What makes a payment that waits for its approval another one than the shop expects. A field that the service leaves out is not compared. */
export function findWaitingMismatch(
  merchant: Merchant,
  said: AnswerFields,
  expected: ExpectedPayment,
): OrderMismatch | undefined {
  const isNamed = (field: keyof Notification): boolean => said.read[field] !== undefined || said.broken.includes(field)
  const isOrderSignatureNamed = isNamed('amount') || isNamed('merchantNote') || isNamed('merchantNoteCopy')
  const encrypt: OrderSignatureVerdict = isOrderSignatureNamed
    ? verifySignedOrder(merchant, encryptedFieldsOf(said), { ...expected, at: merchant.now() })
    : { ok: true }
  return mismatchOf(encrypt, {
    isAmountRight: !isNamed('amount') || said.read.amount === expected.amount,
    isOrderRight: !isNamed('orderId') || said.read.orderId === expected.orderId,
  })
}

/**
 * What makes a charge another one than the shop expects. The expiry of the seal is not looked at any more: the money of this order was taken,
 * and an order note that expired between inquiry and approval must not leave it with nobody.
 */
export function findChargedMismatch(
  merchant: Merchant,
  said: AnswerFields,
  expected: ExpectedPayment,
): OrderMismatch | undefined {
  const { amount, orderId } = said.read
  return mismatchOf(verifySignedOrder(merchant, encryptedFieldsOf(said), expected), {
    // Another currency makes it another amount.
    isAmountRight: amount === expected.amount && !said.broken.includes('currency'),
    isOrderRight: orderId === expected.orderId,
  })
}

/** Whether the shop's own seal on what the service says names this order. */
export const namesOrder = (merchant: Merchant, said: AnswerFields, orderId: string): boolean =>
  verifySignedOrder(merchant, encryptedFieldsOf(said), { orderId }).ok

/** Whether an order mismatch is certain to be about another order of the shop, and not about this one. */
export const namesAnotherOrder = ({ cause, tampering }: Pick<Unknown, 'cause' | 'tampering'>): boolean =>
  cause === 'order_mismatch' || tampering === 'order_differs'

/** Whether money was taken, but not as the shop expects. */
export const isChargedOtherwise = ({ cause }: Pick<Unknown, 'cause'>): boolean =>
  cause === 'amount_mismatch' || cause === 'order_mismatch' || cause === 'order_tampered'

/** Whether nothing ties a charge to the order that the shop expects: it names another one, or the shop's seal is not on it. */
export const isUntied = (unknown: Pick<Unknown, 'cause' | 'tampering'>): boolean =>
  namesAnotherOrder(unknown) ||
  unknown.tampering === 'order_signature_missing' ||
  unknown.tampering === 'order_signature_broken'

/** A customer id that cannot be read is another one than the shop sealed, which is letters and digits. */
function encryptedFieldsOf({ read, broken }: AnswerFields): EncryptedFields {
  const { orderId, amount, merchantNote = read.merchantNoteCopy } = read
  return { orderId, amount, merchantNote, customerId: broken.includes('customerId') ? '' : read.customerId }
}

function mismatchOf(
  encrypt: OrderSignatureVerdict,
  { isAmountRight, isOrderRight }: { readonly isAmountRight: boolean; readonly isOrderRight: boolean },
): OrderMismatch | undefined {
  const found = encrypt.ok ? {} : { tampering: encrypt.tampering }
  if (!isAmountRight) return { cause: 'amount_mismatch', ...found }
  if (!isOrderRight) return { cause: 'order_mismatch', ...found }
  return encrypt.ok ? undefined : { cause: 'order_tampered', ...found }
}
