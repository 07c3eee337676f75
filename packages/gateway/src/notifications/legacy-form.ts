import { notification, type WireText } from '@sspay/protocol'
import { legacyNotification, textOf } from '@sspay/protocol/internal'

/**
 * A notification under the names of older receivers (Q05), all of them, empty if there is no value. A refund has its
 * own amount and time in the place of the approval's.
 */
export function withLegacyNames(form: WireText): WireText {
  const read = (name: string): string => textOf(notification, form, name)
  const refundAmount = read('refundAmount')
  const refundedAt = `${read('cancelDate').slice(2)}${read('cancelTime')}`
  const ofRefund: WireText = refundAmount === '' ? {} : { amount: refundAmount, approvedAt: refundedAt }
  return Object.fromEntries(
    Object.entries(legacyNotification).map(([wireName, { name }]) => [wireName, ofRefund[name] ?? read(name)]),
  )
}
