import { createPaymentForm, defineMerchant, type Merchant, type Transport } from '@sspay/merchant'
import { type LocalizedText, type ResultReason, resultCodes, type WireText } from '@sspay/protocol'
import { signResult } from '@sspay/protocol/signature'

/** Whether the merchant of a cell signs its orders. */
export type Signing = 'signed' | 'unsigned'

/** What a service can say to an inquiry or an approval, by name. `body`: absent where nothing comes back. */
export interface ScriptedAnswer extends LocalizedText {
  readonly body?: string
  /** Two merchants see it differently only where the order note is looked at. */
  readonly needsSignature?: true
}

export const transactionId = 'ssptest01m01012501020304104338'
export const approvalTicket = '0123456789abcdef'.repeat(4)
export const expected = { orderId: 'ORD0001', amount: 1004 }
const merchantKey = 'M6AywGL98l3kGfAPGZNPKoyTHEG+y6VvZQQKh6ZdQC0G1Ocg1/+oekxC/8K/MxMR5XI3+/vOTUABB+Dh7lEi1A=='
const now = new Date('2025-01-02T03:05:00+09:00')

/** `origin` tells the cells apart: what the SDK remembers of a merchant is remembered for its service. */
export const merchantOf = (signing: Signing, transport: Transport, origin = 'http://gateway.test'): Merchant =>
  defineMerchant({
    merchantId: 'ssptest01m',
    easyPayMerchantId: 'SSPTEST00p',
    merchantKey,
    environment: { origin },
    orderSignature:
      signing === 'signed' ? { keys: ['signing-key-of-the-decision-table'] } : 'off_and_orders_can_be_tampered_with',
    transport,
    now: () => now,
  })

function noteOf(orderId: string, requestedAt = now): string | undefined {
  const form = createPaymentForm(
    merchantOf('signed', async () => ({ outcome: 'unreachable' })),
    {
      orderId,
      requestedAt,
      amount: expected.amount,
      customerId: 'user0001',
      goodsName: '커피',
      buyerName: '홍길동',
      buyerPhone: '01012345678',
      buyerEmail: 'buyer@shop.example',
      returnUrl: 'https://shop.example/return',
      abortUrl: 'https://shop.example/stop',
    },
  )
  return form.fields.MallReserved
}

const order: WireText = { Amt: '1004', Moid: 'ORD0001', MallUserId: 'user0001', MallReserved: noteOf('ORD0001') }
const anotherOrder: WireText = { Moid: 'ORD0002', MallReserved: noteOf('ORD0002') }
const dayOld = new Date(now.getTime() - 25 * 60 * 60 * 1000)

function saying(reason: ResultReason, fields: WireText = {}): string {
  const { code, ko } = resultCodes[reason]
  const signature = signResult({ transactionId, resultCode: code }, merchantKey)
  return JSON.stringify({ ResultCode: code, ResultMsg: ko, Tid: transactionId, SignValue: signature, ...fields })
}

const charged = (fields: WireText = {}): string =>
  saying('approved', { Mid: 'ssptest01m', AuthDate: '250102030506', ...order, ...fields })
const waiting = (fields: WireText = {}): string => saying('not_approved_yet', { ...order, ...fields })

/** What both calls can be answered with. */
export const eitherAnswers = {
  silence: { ko: '답 없음', en: 'no answer' },
  unreadable: { ko: '읽을 수 없는 답', en: 'an unreadable answer', body: '<html>404</html>' },
  overloaded: { ko: '요청이 많음', en: 'overloaded', body: saying('overloaded') },
  unknownCode: { ko: '모르는 결과코드', en: 'an unknown code', body: '{"ResultCode":"9999","ResultMsg":"?"}' },
  approved: { ko: '승인', en: 'approved', body: charged() },
  partlyRefunded: {
    ko: '승인 뒤 일부 취소',
    en: 'approved and refunded in part',
    body: charged({ StateCd: '1', CancelAmt: '4' }),
  },
  refunded: {
    ko: '승인 뒤 전액 취소',
    en: 'approved and refunded in full',
    body: charged({ StateCd: '2', CancelAmt: '1004' }),
  },
  unknownState: { ko: '모르는 상태의 승인', en: 'approved in an unknown state', body: charged({ StateCd: '9' }) },
  otherAmount: { ko: '다른 금액의 승인', en: 'another amount approved', body: charged({ Amt: '1005' }) },
  otherOrder: { ko: '다른 주문의 승인', en: 'another order approved', body: charged(anotherOrder) },
  otherCustomer: {
    ko: '다른 고객의 승인',
    en: 'another customer approved',
    body: charged({ MallUserId: 'user0002' }),
    needsSignature: true,
  },
  withoutNote: {
    ko: '주문 서명 없는 승인',
    en: 'approved without the order signature',
    body: charged({ MallReserved: undefined }),
    needsSignature: true,
  },
  expiredNote: {
    ko: '주문 서명이 만료된 승인',
    en: 'approved after the order signature expired',
    body: charged({ MallReserved: noteOf('ORD0001', dayOld) }),
    needsSignature: true,
  },
  declined: { ko: '카드사 거절', en: 'declined by the issuer', body: saying('issuer_declined') },
  ticketUnknown: { ko: '모르는 인증키', en: 'ticket unknown', body: saying('approval_ticket_unknown') },
  ticketExpired: { ko: '끝난 인증키', en: 'ticket expired', body: saying('approval_ticket_expired') },
  reversed: { ko: '망취소', en: 'reversed', body: saying('payment_reversed') },
  declinedButApproved: {
    ko: '상태는 승인인 거절',
    en: 'declined in the state approved',
    body: saying('issuer_declined', { StateCd: '0' }),
  },
  inProgress: { ko: '승인 중', en: 'being approved', body: saying('approval_in_progress') },
  unresolved: { ko: '카드사 응답 대기', en: 'card network has not answered', body: saying('outcome_unresolved') },
  gatewayError: { ko: '게이트웨이 오류', en: 'gateway error', body: saying('internal') },
  wrongSignature: { ko: '틀린 서명', en: 'a wrong signature', body: charged({ SignValue: 'A'.repeat(44) }) },
  otherTransaction: {
    ko: '다른 거래번호',
    en: 'another transaction',
    body: charged({ Tid: transactionId.replace('338', '339'), SignValue: undefined }),
  },
} as const satisfies Record<string, ScriptedAnswer>

/** Answers to an inquiry only. */
const waitingAnswers = {
  waiting: { ko: '승인 전', en: 'not approved yet', body: waiting() },
  waitingUndescribed: {
    ko: '승인 전(주문 설명 없음)',
    en: 'not approved yet without a description',
    body: saying('not_approved_yet'),
  },
  waitingOtherAmount: {
    ko: '승인 전 다른 금액',
    en: 'not approved yet, another amount',
    body: waiting({ Amt: '1005' }),
  },
  waitingOtherOrder: { ko: '승인 전 다른 주문', en: 'not approved yet, another order', body: waiting(anotherOrder) },
  waitingOtherCustomer: {
    ko: '승인 전 다른 고객',
    en: 'not approved yet, another customer',
    body: waiting({ MallUserId: 'user0002' }),
    needsSignature: true,
  },
  waitingWithoutNote: {
    ko: '승인 전 주문 서명 없음',
    en: 'not approved yet, without the order signature',
    body: waiting({ MallReserved: undefined }),
    needsSignature: true,
  },
  waitingExpired: {
    ko: '승인 전 주문 서명 만료',
    en: 'not approved yet, with an expired order signature',
    body: waiting({ MallReserved: noteOf('ORD0001', dayOld) }),
    needsSignature: true,
  },
  alreadyCancelled: { ko: '이미 취소됨', en: 'cancelled already', body: saying('already_cancelled') },
} as const satisfies Record<string, ScriptedAnswer>

export const inquiryAnswers = { ...eitherAnswers, ...waitingAnswers }
export type InquiryName = keyof typeof inquiryAnswers

/** A spent ticket leads to an inquiry; the name after the colon is the answer to the inquiry. */
export const afterSpent = ['silence', 'approved', 'refunded', 'declined', 'otherOrder', 'waiting'] as const
export type SpentName = `spent:${(typeof afterSpent)[number]}`

const spent: ScriptedAnswer = { ko: '이미 쓴 인증키', en: 'ticket spent', body: saying('approval_ticket_spent') }

export const approvalAnswers: Readonly<Record<ApprovalName, ScriptedAnswer>> = {
  ...eitherAnswers,
  alreadyCancelled: waitingAnswers.alreadyCancelled,
  ...(Object.fromEntries(
    afterSpent.map((then) => [
      `spent:${then}`,
      {
        ...spent,
        ko: `${spent.ko}, 다시 조회하니 ${inquiryAnswers[then].ko}`,
        en: `${spent.en} and then ${inquiryAnswers[then].en}`,
      },
    ]),
  ) as Record<SpentName, ScriptedAnswer>),
}
export type ApprovalName = keyof typeof eitherAnswers | 'alreadyCancelled' | SpentName

export const refundAnswers = {
  noPassword: { ko: '취소 비밀번호 없음', en: 'no cancel password' },
  cancelled: { ko: '취소됨', en: 'cancelled', body: saying('cancelled', { CancelAmt: undefined }) },
  alreadyCancelled: waitingAnswers.alreadyCancelled,
  wrongPassword: { ko: '틀린 취소 비밀번호', en: 'wrong cancel password', body: saying('cancel_password_wrong') },
  locked: { ko: '취소 잠김', en: 'cancelling locked', body: saying('cancel_password_locked') },
  silence: eitherAnswers.silence,
} as const satisfies Record<string, ScriptedAnswer>
export type RefundName = keyof typeof refundAnswers
