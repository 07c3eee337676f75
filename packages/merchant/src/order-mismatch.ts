import type { Notification } from '@sspay/protocol'
import type { AnswerReading } from './answer.ts'
import type { ExpectedPayment, OrderMismatch, Unknown } from './approval-outcome.ts'
import type { Merchant } from './merchant.ts'
import { type OrderSignatureVerdict, type SignedFields, verifySignedOrder } from './order-signature.ts'

/**
 * How a payment that waits for its approval differs from the expected one. A field that the answer omits is not
 * compared.
 */
export function findWaitingMismatch(
  merchant: Merchant,
  answer: AnswerReading<Notification>,
  expected: ExpectedPayment,
): OrderMismatch | undefined {
  const isNamed = (field: keyof Notification): boolean =>
    answer.message[field] !== undefined || answer.broken.includes(field)
  const isOrderSignatureNamed = isNamed('amount') || isNamed('merchantNote') || isNamed('merchantNoteCopy')
  const verdict: OrderSignatureVerdict = isOrderSignatureNamed
    ? verifySignedOrder(merchant, signedFieldsOf(answer), { ...expected, at: merchant.now() })
    : { ok: true }
  return mismatchOf(verdict, {
    isAmountRight: !isNamed('amount') || answer.message.amount === expected.amount,
    isOrderRight: !isNamed('orderId') || answer.message.orderId === expected.orderId,
  })
}

/**
 * How a charge differs from the expected one. The expiry of the order signature is ignored: the order is charged, even
 * if the signature expired between inquiry and approval.
 */
export function findChargedMismatch(
  merchant: Merchant,
  answer: AnswerReading<Notification>,
  expected: ExpectedPayment,
): OrderMismatch | undefined {
  return mismatchOf(verifySignedOrder(merchant, signedFieldsOf(answer), expected), differencesOf(answer, expected))
}

/** {@link findChargedMismatch} of a bill key's charge: the shop's server sent it, and no browser carried its order. */
export const findBillingMismatch = (
  _merchant: Merchant,
  answer: AnswerReading<Notification>,
  expected: ExpectedPayment,
): OrderMismatch | undefined => mismatchOf({ ok: true }, differencesOf(answer, expected))

const differencesOf = ({ message, broken }: AnswerReading<Notification>, expected: ExpectedPayment) => ({
  // Another currency is another amount.
  isAmountRight: message.amount === expected.amount && !broken.includes('currency'),
  isOrderRight: message.orderId === expected.orderId,
})

/** Whether the shop's signature that the payment service repeats names this order. */
export const namesOrder = (merchant: Merchant, answer: AnswerReading<Notification>, orderId: string): boolean =>
  verifySignedOrder(merchant, signedFieldsOf(answer), { orderId }).ok

/** Whether the payment certainly belongs to another order. */
export const namesAnotherOrder = ({ cause, tampering }: Pick<Unknown, 'cause' | 'tampering'>): boolean =>
  cause === 'order_mismatch' || tampering === 'order_differs'

/** Whether the payment is charged, but not as the shop expects. */
export const isChargedOtherwise = ({ cause }: Pick<Unknown, 'cause'>): boolean =>
  cause === 'amount_mismatch' || cause === 'order_mismatch' || cause === 'order_tampered'

/** Whether nothing links a charge to the expected order: it names another one, or lacks the shop's signature. */
export const isUntied = (unknown: Pick<Unknown, 'cause' | 'tampering'>): boolean =>
  namesAnotherOrder(unknown) ||
  unknown.tampering === 'order_signature_missing' ||
  unknown.tampering === 'order_signature_broken'

/** An unreadable customer id differs from the signed one, which is letters and digits. */
function signedFieldsOf({ message, broken }: AnswerReading<Notification>): SignedFields {
  const { orderId, amount, merchantNote = message.merchantNoteCopy } = message
  return { orderId, amount, merchantNote, customerId: broken.includes('customerId') ? '' : message.customerId }
}

function mismatchOf(
  verdict: OrderSignatureVerdict,
  { isAmountRight, isOrderRight }: { readonly isAmountRight: boolean; readonly isOrderRight: boolean },
): OrderMismatch | undefined {
  const found = verdict.ok ? {} : { tampering: verdict.tampering }
  if (!isAmountRight) return { cause: 'amount_mismatch', ...found }
  if (!isOrderRight) return { cause: 'order_mismatch', ...found }
  return verdict.ok ? undefined : { cause: 'order_tampered', ...found }
}
