import { type Message, required } from '../field-table.ts'
import { alphanumeric, code, opaque, text, wrappedBase64 } from '../formats.ts'
import { paymentRequest } from './payment-request.ts'

const ticketExample = '0123456789abcdef'.repeat(4)

/** Guide, STEP 2: what a shop needs of the Callback (PC) or of the post to its ReturnUrl (mobile). */
export const authenticationResult = {
  Tid: required('transactionId', alphanumeric(30, 'ssptest01m01012501020304104338'), '거래번호'),
  TrAuthKey: required('approvalTicket', opaque(256, ticketExample), '승인 인증키', 'secret'),
} as const

/** The argument of the Callback on PC (Q54). */
export const callbackResult = {
  ...authenticationResult,
  ResultCode: required('resultCode', code(4, '0000'), '결과코드'),
  ResultMsg: required('resultMessage', text(100, '인증 성공'), '결과메시지'),
} as const

const { EncryptData: _signature, ReturnUrl: _returnUrl, StopUrl: _abortUrl, ...echoed } = paymentRequest

/** The request's fields that return to the shop, without signature and addresses (Q42). */
export const echoedRequest = echoed

/** The post to ReturnUrl (Q42). Only the first two fields count: the browser sends the others unsigned. */
export const authenticationReturn = {
  ...callbackResult,
  ...echoedRequest,
  MerReqData: required(
    'requestCopy',
    wrappedBase64(16_384, 'eyJNb2lkIjoiT1JEMDAwMSJ9'),
    '결제 요청 필드(JSON의 Base64)',
    'personal',
  ),
} as const

/** What the payment window returns to the shop (guide, STEP 2) in our names and types. */
export type AuthenticationResult = Message<typeof authenticationResult>
/** What is posted to ReturnUrl, with the fields of the request, in our names and types. */
export type AuthenticationReturn = Message<typeof authenticationReturn>
