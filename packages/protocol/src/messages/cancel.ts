import { type Message, optional, required } from '../field-table.ts'
import { alphanumeric, code, digest, digits, oneOf, orderNumber, sequenceNumber, text, won } from '../formats.ts'

/**
 * Public cancel manual (Q04): the JSON inside the sealed envelope of cancel.do. It does not say which fields are
 * required: those that decide about money are.
 */
export const cancelRequest = {
  SERVICE_MODE: optional('serviceMode', oneOf(3, 'CL1'), '서비스 모드(기본값 CL1)'),
  Tid: required('transactionId', alphanumeric(30, 'ssptest01m01012501020304104338'), '거래번호'),
  Mid: required('merchantId', alphanumeric(10, 'ssptest01m'), '상점 아이디'),
  CancelPwd: required('cancelPassword', digits(6, '123456'), '취소 비밀번호', 'secret'),
  CancelAmt: required('cancelAmount', won(12), '취소 금액'),
  CancelMsg: optional('cancelReason', text(100, '고객 요청'), '취소 사유'),
  CancelSeq: optional('cancelSequence', sequenceNumber(3), '취소 차수(기본값 1)'),
  PartialCancelCode: optional('cancelScope', oneOf(1, '0', '1'), '부분취소 여부(0 전체(기본값), 1 부분)'),
  CancelTaxAmt: optional('taxableAmount', won(12), '취소 과세'),
  CancelTaxFreeAmt: optional('taxFreeAmount', won(12), '취소 비과세'),
  CancelVatAmt: optional('vatAmount', won(12), '취소 부가세'),
  HashData: required('signature', digest(100), '위·변조 검증값', 'secret'),
} as const

/** The answer of cancel.do: plain JSON, 2001 is success. */
export const cancelResult = {
  ResultCode: required('resultCode', code(4, '2001', '2013'), '결과코드'),
  ResultMsg: required('resultMessage', text(100, '취소 성공'), '결과메시지'),
  Tid: optional('transactionId', alphanumeric(30, 'ssptest01m01012501020304104338'), '거래번호'),
  Mid: optional('merchantId', alphanumeric(10, 'ssptest01m'), '상점 아이디'),
  Moid: optional('orderId', orderNumber(100), '주문번호'),
  CancelAmt: optional('cancelAmount', won(12), '취소 금액'),
  CancelDate: optional('cancelDate', digits(8, '20250102'), '취소일자(yyyyMMdd)'),
  CancelTime: optional('cancelTime', digits(6, '030405'), '취소시각(HHmmss)'),
  CancelNum: optional('cancelNumber', alphanumeric(30, '20012345'), '취소번호'),
  PTid: optional('partialTransactionId', alphanumeric(30, 'ssptest01m01012501020304104339'), '부분취소 거래번호'),
} as const

/** What cancel.do is asked, before it is sealed, in our names and types. */
export type CancelRequest = Message<typeof cancelRequest>
/** The answer of cancel.do in our names and types. */
export type CancelResult = Message<typeof cancelResult>
