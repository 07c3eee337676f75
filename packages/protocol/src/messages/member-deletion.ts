import { type Message, optional, required } from '../field-table.ts'
import { alphanumeric, code, digest, note, oneOf, text, tolerating } from '../formats.ts'

/** Guide, SS-Pay 회원 삭제 파라미터: the JSON encrypted in the sealed envelope. */
export const memberDeletionRequest = {
  Mid: required('merchantId', alphanumeric(10, 'ssptest01m'), '상점 아이디'),
  SspMallId: required('easyPayMerchantId', tolerating(20, alphanumeric(10, 'SSPTEST00p')), '결제MALL ID'),
  MallUserId: required('customerId', alphanumeric(20, 'user0001', 'A1'), '회원사 고객 ID', 'personal'),
  ServiceType: required('serviceType', oneOf(2, 'MD'), '서비스 타입'),
  VerifyValue: required('deletionChecksum', digest(100), '위·변조 검증값', 'secret'),
  MallReserved: optional('merchantNote', note(100), '상점예비정보', 'personal'),
} as const

/** The answer: plain JSON. PD00 and PS40 are success. */
export const memberDeletionResult = {
  SspMallId: optional('easyPayMerchantId', alphanumeric(10, 'SSPTEST00p'), '결제MALL ID'),
  ResultCode: required('resultCode', code(10, 'PD00', 'PS40'), '결과코드'),
  ResultMsg: required('resultMessage', text(80, '회원정보와 등록된 카드 정보 삭제'), '결과메시지'),
  MallReserved: optional('merchantNote', note(500), '상점 예비필드', 'personal'),
} as const

/** The request that deletes a member (guide, SS-Pay 회원 삭제), before encryption, in our names and types. */
export type MemberDeletionRequest = Message<typeof memberDeletionRequest>
/** The answer of a member's deletion (guide, SS-Pay 회원 삭제) in our names and types. */
export type MemberDeletionResult = Message<typeof memberDeletionResult>
