import { billKey } from '../card-formats.ts'
import { informative, type Message, optional, required } from '../field-table.ts'
import { code, oneOf, won } from '../formats.ts'
import { billKeyRequest } from './bill-key-request.ts'
import { paymentRequest } from './payment-request.ts'

/**
 * Public manual, 빌링연동(SS-Pay) (Q71): the JSON in the sealed envelope of ssbbill.do, which charges a bill key without
 * the buyer. The answer is that of an approval.
 */
export const billKeyChargeRequest = {
  BillTokenKey: required('billKey', billKey, '빌링키', 'secret'),
  Mid: paymentRequest.Mid,
  Moid: paymentRequest.Moid,
  EdiDate: paymentRequest.EdiDate,
  Amt: paymentRequest.Amt,
  MallUserId: paymentRequest.MallUserId,
  GoodsName: paymentRequest.GoodsName,
  GoodsCnt: paymentRequest.GoodsCnt,
  BuyerName: paymentRequest.BuyerName,
  BuyerTel: billKeyRequest.BuyerTel,
  BuyerEmail: billKeyRequest.BuyerEmail,
  CardQuota: paymentRequest.CardQuota,
  TaxAmt: paymentRequest.TaxAmt,
  VatAmt: paymentRequest.VatAmt,
  TaxFreeAmt: paymentRequest.TaxFreeAmt,
  SvcAmt: optional('serviceAmount', won(9), '봉사료'),
  CardPoint: informative('usesCardPoints', oneOf(1, '0', '1'), '카드 포인트 사용 여부(0 미사용)'),
  PayMethod: informative('paymentMethod', code(10, 'CARD'), '결제수단'),
  MallIp: paymentRequest.MallIp,
  UserIp: paymentRequest.UserIp,
  VerifyValue: billKeyRequest.VerifyValue,
} as const

/** A payment with a bill key, before encryption, in our names and types. Amounts are whole won. */
export type BillKeyChargeRequest = Message<typeof billKeyChargeRequest>
