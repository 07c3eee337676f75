import { type Message, required } from '../field-table.ts'
import { code, text, wrappedBase64 } from '../formats.ts'
import { paymentRequest } from './payment-request.ts'
import { authenticationResult } from './window-result.ts'

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

/** What is posted to ReturnUrl, with the fields of the request, in our names and types. */
export type AuthenticationReturn = Message<typeof authenticationReturn>
