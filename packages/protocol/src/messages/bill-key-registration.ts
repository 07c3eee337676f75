import { birthDateOrBusinessNumber, cardExpiry, cardNumber, cardPasswordPrefix } from '../card-formats.ts'
import { type Message, optional, required } from '../field-table.ts'
import { oneOf } from '../formats.ts'
import { billKeyRequest } from './bill-key-request.ts'

/**
 * Public manual, 빌링연동(SS-Pay) (Q70): the JSON in the sealed envelope of urlCallCardReg.do, which issues a bill key
 * without a window. The shop handles the card number itself, so it falls under PCI DSS. The answer: a bill key result.
 */
export const billKeyRegistrationRequest = {
  PayMethod: required('paymentMethod', oneOf(20, 'CARDBILLKEY'), '결제수단'),
  // Public clients send it empty.
  Moid: optional('orderId', billKeyRequest.Moid.format, '상품주문번호'),
  Mid: billKeyRequest.Mid,
  SspMallId: billKeyRequest.SspMallId,
  MallUserId: billKeyRequest.MallUserId,
  EdiDate: billKeyRequest.EdiDate,
  SecureType: billKeyRequest.SecureType,
  EncodingType: billKeyRequest.EncodingType,
  MallReserved: billKeyRequest.MallReserved,
  CardType: required('cardOwnerKind', oneOf(1, '0', '1'), '카드 소유 구분(0 개인, 1 법인)'),
  CardNum: required('cardNumber', cardNumber, '카드번호', 'secret'),
  CardExpire: required('cardExpiry', cardExpiry, '카드 유효기간', 'secret'),
  BuyerAuthNum: required(
    'birthDateOrBusinessNumber',
    birthDateOrBusinessNumber,
    '생년월일 6자리(개인) 또는 사업자번호 10자리(법인)',
    'secret',
  ),
  CardPwd: required('cardPasswordPrefix', cardPasswordPrefix, '카드 비밀번호 앞 2자리', 'secret'),
  VerifyValue: billKeyRequest.VerifyValue,
} as const

/** The card from which a bill key is issued without a window, before encryption, in our names and types. */
export type BillKeyRegistrationRequest = Message<typeof billKeyRegistrationRequest>
