import {
  type CancelRequest,
  type CancelResult,
  cancelRequest,
  cancelResult,
  type ResultReason,
  type WireText,
} from '@sspay/protocol'
import { textOf, writeWritable } from '@sspay/protocol/internal'
import type { Payment } from '../approval/model.ts'
import { codeAndMessage } from '../http/answer.ts'
import type { WantedCancellation } from './model.ts'

/** The fields of a request that its answer repeats. */
export type KnownOfCancellation = Pick<CancelResult, 'transactionId' | 'merchantId' | 'orderId' | 'cancelAmount'>

/** Of a request that cannot be read as a whole. */
export const knownOfFields = (merchantId: string, fields: WireText): KnownOfCancellation => ({
  merchantId,
  transactionId: textOf(cancelRequest, fields, 'transactionId'),
})

export const knownOfRequest = ({ merchantId, transactionId, cancelAmount }: CancelRequest): KnownOfCancellation => ({
  merchantId,
  transactionId,
  cancelAmount,
})

/** With the order of a payment of this merchant. */
export const knownOfWanted = (
  { merchantId, transactionId, amount }: WantedCancellation,
  payment?: Pick<Payment, 'orderId'>,
): KnownOfCancellation => ({ merchantId, transactionId, cancelAmount: amount, orderId: payment?.orderId })

/** The answer to a cancellation that did not happen, or is not certain: with what is known of it (Q04). */
export function writeRejection(reason: ResultReason, known: KnownOfCancellation, detail?: string): string {
  const { written } = writeWritable(cancelResult, { ...known, ...codeAndMessage(reason, detail) })
  return JSON.stringify(written)
}
