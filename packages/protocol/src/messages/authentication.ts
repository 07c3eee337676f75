import { type Message, required } from '../field-table.ts'
import { alphanumeric, opaque } from '../formats.ts'

const ticketExample = '0123456789abcdef'.repeat(4)

/** Guide, STEP 2: what a shop needs of the Callback (PC) or of the post to its ReturnUrl (mobile). */
export const authenticationResult = {
  Tid: required('transactionId', alphanumeric(30, 'ssptest01m01012501020304104338'), '거래번호'),
  TrAuthKey: required('approvalTicket', opaque(256, ticketExample), '승인 인증키', 'secret'),
} as const

/** What the payment window returns to the shop (guide, STEP 2) in our names and types. */
export type AuthenticationResult = Message<typeof authenticationResult>
