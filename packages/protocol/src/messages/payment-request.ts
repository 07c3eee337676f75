import { informative, type Message, optional, required } from '../field-table.ts'
import {
  alphanumeric,
  charsetName,
  code,
  count,
  digest,
  emailAddress,
  installmentMonths,
  ipAddress,
  note,
  oneOf,
  orderNumber,
  phoneNumber,
  skinColor,
  taxCode,
  text,
  tolerating,
  url,
  won,
  yesNo,
} from '../formats.ts'
import { wireTimestamp } from '../korean-time.ts'

/** Guide, 상세 파라미터, first table: what the shop page posts to open the payment window. */
export const paymentRequest = {
  PayMethod: required('paymentMethod', oneOf(10, 'CARD'), '결제수단'),
  Mid: required('merchantId', alphanumeric(10, 'ssptest01m'), '상점ID'),
  Amt: required('amount', won(12), '거래 금액'),
  Moid: required('orderId', orderNumber(40), '상품주문번호'),
  MallUserId: required('customerId', alphanumeric(20, 'user0001', 'A1'), '회원사 고객 ID', 'personal'),
  GoodsName: required('goodsName', text(40, '커피 & 케이크', 'coffee'), '상품명'),
  GoodsCnt: required('goodsCount', count(2), '결제상품 개수'),
  // Q01: the table requires it, the guide's own sample form lacks it.
  MallReserved: optional('merchantNote', note(500), '상점예비정보', 'personal'),
  BuyerName: required('buyerName', text(30, '홍길동', 'Hong Gil-dong'), '구매자명', 'personal'),
  BuyerTel: required('buyerPhone', phoneNumber(40), '구매자연락처', 'personal'),
  BuyerEmail: required('buyerEmail', emailAddress(60), '구매자메일주소', 'personal'),
  ReturnUrl: required('returnUrl', tolerating(200, url(100)), '상점 결제결과 전송 URL'),
  StopUrl: required('abortUrl', tolerating(200, url(100)), '결제중단 URL'),
  EdiDate: required('requestedAt', wireTimestamp, '전문생성일시'),
  EncryptData: required('signature', digest(100), '암호화 데이터(위·변조 방지)', 'secret'),
  SspMallId: required('easyPayMerchantId', tolerating(20, alphanumeric(10, 'SSPTEST00p')), '간편결제 가맹점 ID'),
  PopCheck: required('asksPopCard', yesNo, '팝카드 체크 유무'),
  FnCd: optional('issuerCode', code(2, '01', '06'), '카드사 코드'),
  CardQuota: optional('installmentMonths', installmentMonths, '할부개월'),
  MallIp: informative('merchantIp', ipAddress(20), '상점 IP'),
  UserIp: informative('buyerIp', ipAddress(20), '고객 IP', 'personal'),
  EncodingType: optional('answerCharset', charsetName, '응답 Charset'),
  SkinColor: informative('skin', skinColor, 'UI 스타일'),
  TaxCd: optional('taxCode', taxCode, '세금사용코드'),
  TaxAmt: optional('taxableAmount', won(9), '과세'),
  TaxFreeAmt: optional('taxFreeAmount', won(9), '비과세'),
  VatAmt: optional('vatAmount', won(9), '부가세'),
  // Q02: only the sample has it.
  TransType: informative('transactionType', code(1, '0'), '거래유형'),
} as const

/** The fields that open the payment window (guide, 상세 파라미터) in our names and types. Amounts are whole won. */
export type PaymentRequest = Message<typeof paymentRequest>
