import { type Message, optional } from '../field-table.ts'
import { digits, oneOf, won } from '../formats.ts'
import { approvalResult } from './approval.ts'
import { cancelResult } from './cancel.ts'

/** 재통보 (Q05): the approval answer as a form, with the state of the payment. Only a refund has the fields after it. */
export const notification = {
  ...approvalResult,
  StateCd: optional('paymentState', oneOf(1, '0', '1', '2'), '상태(0 승인, 1 매입 전 취소, 2 매입 후 취소)'),
  CancelAmt: optional('cancelledAmount', won(12), '취소 금액 합계'),
  PTid: cancelResult.PTid,
  RefundAmt: optional('refundAmount', won(12), '이번 취소 금액'),
  CancelDate: cancelResult.CancelDate,
  CancelTime: cancelResult.CancelTime,
  OTid: optional('originalTransactionId', approvalResult.Tid.format, '원거래번호'),
} as const

/** The names of older receivers, for merchants that choose them (Q05). Both spellings of the customer id are in use. */
export const legacyNotification = {
  PayMethod: approvalResult.PayMethod,
  MID: approvalResult.Mid,
  MallUserID: approvalResult.MallUserId,
  mallUserID: approvalResult.MallUserId,
  Amt: approvalResult.Amt,
  name: approvalResult.BuyerName,
  GoodsName: approvalResult.GoodsName,
  TID: approvalResult.Tid,
  OTID: notification.OTid,
  OID: approvalResult.Moid,
  AuthDate: approvalResult.AuthDate,
  AuthCode: approvalResult.AuthCode,
  ResultCode: approvalResult.ResultCode,
  ResultMsg: approvalResult.ResultMsg,
  state_cd: notification.StateCd,
  fn_cd: approvalResult.AppCardCode,
  fn_name: approvalResult.AppCardName,
  CardQuota: approvalResult.CardQuota,
  BuyerEmail: approvalResult.BuyerEmail,
  BuyerTel: approvalResult.BuyerTel,
  pinNo: optional('pinNumber', digits(30, '1234567890'), '핀번호(상품권)', 'secret'),
  SignValue: approvalResult.SignValue,
} as const

/** A notification (webhook) to the shop (guide, 재통보) in our names and types. */
export type Notification = Message<typeof notification>
