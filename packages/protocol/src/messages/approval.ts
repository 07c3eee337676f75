import { maskedCardNumber } from '../card-formats.ts'
import { type Message, optional, required } from '../field-table.ts'
import {
  alphanumeric,
  code,
  count,
  digest,
  digits,
  emailAddress,
  installmentMonths,
  note,
  oneOf,
  orderNumber,
  phoneNumber,
  text,
  won,
} from '../formats.ts'
import { shortTimestamp, wireTimestamp } from '../korean-time.ts'
import { authenticationResult } from './window-result.ts'

/** Guide, STEP 3: what the shop's server posts as JSON to urlCallApproval.do; the inquiry has the same two fields. */
export const approvalRequest = authenticationResult

/**
 * Guide, 상세 파라미터, second table, and the fields of real answers that it lacks (Q03). A rejection may have only the two
 * result fields.
 */
export const approvalResult = {
  PayMethod: optional('paymentMethod', oneOf(10, 'CARD'), '지불수단'),
  Mid: optional('merchantId', alphanumeric(10, 'ssptest01m'), '상점 ID'),
  Amt: optional('amount', won(12), '금액'),
  GoodsName: optional('goodsName', text(40, '커피 & 케이크', 'coffee'), '상품명'),
  Tid: optional('transactionId', alphanumeric(30, 'ssptest01m01012501020304104338'), '거래번호'),
  Moid: optional('orderId', orderNumber(100), '주문번호'),
  BuyerName: optional('buyerName', text(30, '홍길동', 'Hong Gil-dong'), '구매자명', 'personal'),
  MallUserId: optional('customerId', alphanumeric(20, 'user0001', 'A1'), '고객사회원ID', 'personal'),
  AuthDate: optional('approvedAt', shortTimestamp, '승인일자'),
  AuthCode: optional('approvalNumber', alphanumeric(30, '30012345'), '승인번호'),
  ResultCode: required('resultCode', code(4, '3001', '0000'), '결과코드'),
  ResultMsg: required('resultMessage', text(100, '카드 결제 성공'), '결과메시지'),
  AppCardCode: optional('issuerCode', code(2, '01', '06'), '발급사코드'),
  AppCardName: optional('issuerName', text(20, '신한', '해외VISA'), '발급사명'),
  AcquCardCode: optional('acquirerCode', code(2, '01', '06'), '매입사코드'),
  AcquCardName: optional('acquirerName', text(20, '신한', '비씨'), '매입사명'),
  CardMerchantNo: optional('acquirerMerchantNumber', digits(15, '00951234567'), '카드사 가맹점번호'),
  CardNum: optional('maskedCardNumber', maskedCardNumber, '카드번호', 'personal'),
  MallReserved: optional('merchantNote', note(500), '상점예비정보', 'personal'),
  MerchantReserved: optional('merchantNoteCopy', note(500), '상점예비정보(사본)', 'personal'),
  CardQuota: optional('installmentMonths', installmentMonths, '할부개월'),
  CardInterest: optional('isInterestFree', oneOf(1, '0', '1'), '무이자 여부'),
  CardType: optional('cardKind', oneOf(1, '0', '1'), '카드 구분(0 신용, 1 체크)'),
  GoodsCnt: optional('goodsCount', count(2), '결제상품 개수'),
  EdiDate: optional('requestedAt', wireTimestamp, '전문생성일시'),
  BuyerTel: optional('buyerPhone', phoneNumber(40), '구매자연락처', 'personal'),
  BuyerEmail: optional('buyerEmail', emailAddress(60), '구매자메일주소', 'personal'),
  CoNm: optional('companyName', text(60, '테스트 상점'), '가맹점 상호'),
  Currency: optional('currency', oneOf(3, 'KRW'), '통화'),
  UsePoint: optional('usedPoints', digits(9, '000000000'), '사용 포인트'),
  BalancePoint: optional('remainingPoints', digits(9, '000000000'), '잔여 포인트'),
  ParentEmail: optional('parentEmail', emailAddress(60), '보호자 메일주소', 'personal'),
  SubId: optional('subMerchantId', alphanumeric(20, 'sub01'), '서브 상점 ID'),
  BuyerAuthNum: optional('buyerAuthNumber', digits(13, '900101'), '구매자 인증번호', 'secret'),
  EscrowCd: optional('escrow', code(1, '0'), '에스크로 여부'),
  GreenDeposit: optional('greenDeposit', digits(12, '000000000000'), '컵 보증금'),
  MerInterestCl: optional('interestBearer', code(1, 'N', 'Y'), '상점 부담 무이자 여부'),
  CardOwnerType: optional('cardOwnerKind', code(1, '0', '1'), '카드 소유 구분(0 개인, 1 법인)'),
  SignValue: optional('signature', digest(100), '위·변조 검증값', 'secret'),
} as const

/** What a shop's server sends to approve a payment (guide, STEP 3) in our names and types. */
export type ApprovalRequest = Message<typeof approvalRequest>
/**
 * The answer of an approval or an inquiry (guide, STEP 3) in our names and types. Amounts are won, times Korean time on
 * the wire.
 */
export type ApprovalResult = Message<typeof approvalResult>
