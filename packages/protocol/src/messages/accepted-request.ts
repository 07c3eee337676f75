import { type Field, informative, type Message } from '../field-table.ts'
import { paymentRequest } from './payment-request.ts'

const optionally = <const Name extends string, Value>(
  field: Field<Name, Value, boolean>,
): Field<Name, Value, false> => ({ ...field, required: false })

const { ReturnUrl, StopUrl } = paymentRequest

/** The payment request as it is read where the window posts its result: in place of the page (Q60). */
export const inPlaceRequest = {
  ...paymentRequest,
  BuyerTel: optionally(paymentRequest.BuyerTel),
  BuyerEmail: optionally(paymentRequest.BuyerEmail),
} as const

/** The payment request as it is read where the page around the window receives the result by message (Q60). */
export const layerRequest = {
  ...inPlaceRequest,
  ReturnUrl: informative(ReturnUrl.name, ReturnUrl.format, ReturnUrl.label),
  StopUrl: informative(StopUrl.name, StopUrl.format, StopUrl.label),
} as const

/** A payment request as the gateway reads it. */
export type AcceptedRequest = Message<typeof layerRequest>
