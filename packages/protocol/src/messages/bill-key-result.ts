import { cardExpiry, displayedCardNumber } from '../card-formats.ts'
import { type Message, optional, required } from '../field-table.ts'
import { alphanumeric, charsetName, code, digest, text, wrappedBase64 } from '../formats.ts'
import { approvalResult } from './approval.ts'
import { billKeyRequest } from './bill-key-request.ts'

/**
 * Public manual, 빌링연동(SS-Pay) (Q69): posted to ReturnUrl after the window, and the JSON answer of a registration
 * without a window. 3001 is success; anything else has no key. The key is encrypted like EncData.
 */
export const billKeyResult = {
  PayMethod: optional('paymentMethod', code(20, 'CARD', 'CARDBILLKEY'), '결제수단'),
  Mid: optional('merchantId', alphanumeric(10, 'ssptest01m'), '상점 ID'),
  BuyerName: approvalResult.BuyerName,
  Moid: approvalResult.Moid,
  Tid: approvalResult.Tid,
  BillTokenKey: optional(
    'encryptedBillKey',
    wrappedBase64(200, 'T6S5Lt3XlnIlQQhNihIW2sE+7d0ySTgoVV6YvNVcMFc='),
    '빌링키(AES-256)',
    'secret',
  ),
  MallUserId: approvalResult.MallUserId,
  ResultCode: required('resultCode', code(4, '3001', 'S604'), '결과코드'),
  ResultMsg: required('resultMessage', text(100, '빌링키 발급 성공'), '결과메시지'),
  MallReserved: approvalResult.MallReserved,
  VerifyValue: optional('checksum', digest(100), '위·변조 검증값', 'secret'),
  IssuerCardCd: optional('issuerCode', approvalResult.AppCardCode.format, '발급사코드'),
  IssuerCardNm: optional('issuerName', approvalResult.AppCardName.format, '발급사명'),
  DisplayCardNo: optional('maskedCardNumber', displayedCardNumber, '카드번호', 'personal'),
  CardExpire: optional('cardExpiry', cardExpiry, '카드 유효기간', 'secret'),
  EncodingType: optional('answerCharset', charsetName, '응답 Charset'),
  RtnUrlEncUse: billKeyRequest.RtnUrlEncUse,
} as const

/** The result of issuing a bill key (public manual, 빌링연동) in our names and types. */
export type BillKeyResult = Message<typeof billKeyResult>
