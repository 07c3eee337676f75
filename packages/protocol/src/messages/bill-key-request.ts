import { informative, type Message, optional, required } from '../field-table.ts'
import { charsetName, digest, note, oneOf, yesNo } from '../formats.ts'
import { paymentRequest } from './payment-request.ts'

/**
 * Public manual, 빌링연동(SS-Pay) (Q68): what the shop page posts to open the window that issues a bill key. It has no
 * amount: nothing is charged.
 */
export const billKeyRequest = {
  PayMethod: paymentRequest.PayMethod,
  Mid: paymentRequest.Mid,
  Moid: paymentRequest.Moid,
  SspMallId: paymentRequest.SspMallId,
  MallUserId: paymentRequest.MallUserId,
  ReturnUrl: paymentRequest.ReturnUrl,
  EdiDate: paymentRequest.EdiDate,
  VerifyValue: required('checksum', digest(100), '위·변조 검증값', 'secret'),
  BuyerName: optional('buyerName', paymentRequest.BuyerName.format, '구매자명', 'personal'),
  BuyerTel: optional('buyerPhone', paymentRequest.BuyerTel.format, '구매자연락처', 'personal'),
  BuyerEmail: optional('buyerEmail', paymentRequest.BuyerEmail.format, '구매자메일주소', 'personal'),
  IsPwdPass: optional('skipsPaymentPassword', yesNo, '결제 비밀번호 등록 생략 여부'),
  RtnUrlEncUse: optional('encodesReturnedValues', yesNo, '응답 값 URL 인코딩 여부'),
  SecureType: informative('checksumKind', oneOf(2, 'S2'), '검증값 방식'),
  EncodingType: optional('answerCharset', charsetName, '응답 Charset'),
  MallReserved: optional('merchantNote', note(500), '상점예비정보', 'personal'),
  SkinColor: paymentRequest.SkinColor,
  MallIp: paymentRequest.MallIp,
  UserIp: paymentRequest.UserIp,
} as const

/** The fields that open the window of a bill key (public manual, 빌링연동) in our names and types. */
export type BillKeyRequest = Message<typeof billKeyRequest>
