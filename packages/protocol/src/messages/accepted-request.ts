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

const { SspMallId: _member, PopCheck: _popCard, MallUserId, ...anyCardPayment } = inPlaceRequest

/** A general card payment in place of the page: without membership, so without the fields that name it (Q64). */
export const generalInPlaceRequest = { ...anyCardPayment, MallUserId: optionally(MallUserId) } as const

/** A general card payment where the page around the window receives the result by message (Q60, Q64). */
export const generalLayerRequest = {
  ...generalInPlaceRequest,
  ReturnUrl: layerRequest.ReturnUrl,
  StopUrl: layerRequest.StopUrl,
} as const

type MembershipField = 'easyPayMerchantId' | 'asksPopCard' | 'customerId'

/** A payment request as the gateway reads it; a general card payment has no `easyPayMerchantId`. */
export type AcceptedRequest = Omit<Message<typeof layerRequest>, MembershipField> & {
  readonly [Name in MembershipField]?: Message<typeof layerRequest>[Name] | undefined
}
