import { type Message, optional, required } from '../field-table.ts'
import { alphanumeric, code, emailAddress, note, opaque, orderNumber, phoneNumber, text, won } from '../formats.ts'

const ticketExample = '0123456789abcdef'.repeat(4)

/** Guide, STEP 2: what a shop needs of the Callback (PC) or of the post to its ReturnUrl (mobile). */
export const authenticationResult = {
  Tid: required('transactionId', alphanumeric(30, 'ssptest01m01012501020304104338'), '거래번호'),
  TrAuthKey: required('approvalTicket', opaque(256, ticketExample), '승인 인증키', 'secret'),
} as const

/** What the payment window returns to the shop (guide, STEP 2) in our names and types. */
export type AuthenticationResult = Message<typeof authenticationResult>

/** Guide, 결제 중단 시 결과 파라미터: the twelve fields posted to StopUrl when the buyer aborts the payment. */
export const abortResult = {
  PayMethod: required('paymentMethod', code(10, 'CARD'), '지불수단'),
  GoodsName: required('goodsName', text(40, '커피 & 케이크', 'coffee'), '거래 상품명'),
  Amt: required('amount', won(12), '거래 금액'),
  Moid: required('orderId', orderNumber(40), '상품주문번호'),
  Mid: required('merchantId', alphanumeric(10, 'ssptest01m'), '상점아이디'),
  MallUserId: required('customerId', alphanumeric(20, 'user0001', 'A1'), '회원사고객ID', 'personal'),
  BuyerName: required('buyerName', text(30, '홍길동', 'Hong Gil-dong'), '구매자명', 'personal'),
  // Q60: empty where the payment request has none.
  BuyerTel: optional('buyerPhone', phoneNumber(40), '구매자연락처', 'personal'),
  BuyerEmail: optional('buyerEmail', emailAddress(60), '구매자메일주소', 'personal'),
  MallReserved: optional('merchantNote', note(500), '상점예비정보', 'personal'),
  ResultCode: required('resultCode', code(4, 'S201'), '결과코드'),
  ResultMsg: required('resultMessage', text(100, '사용자가 결제를 중단했습니다.'), '결과메시지'),
} as const

/** The fields of an aborted payment (guide, 결제 중단) in our names and types. */
export type AbortResult = Message<typeof abortResult>
