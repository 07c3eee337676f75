import type { LocalizedText } from '@sspay/protocol'
import { groupThousands } from '@sspay/protocol/internal'
import type { PaymentEvent } from '../approval/model.ts'
import type { PaymentState } from '../approval/transitions.ts'
import type { BillKeyState } from '../vault/bill-keys/model.ts'
import type { EndResult } from './end-bill-key.ts'

export type Tone = 'success' | 'danger' | 'warning' | 'info' | ''

export interface StateText extends LocalizedText {
  readonly tone: Tone
}

export const stateText: Readonly<Record<PaymentState, StateText>> = {
  requested: { ko: '결제창 열림', en: 'Requested: the buyer is in the payment window', tone: 'info' },
  authenticated: { ko: '승인 대기', en: "Authenticated: waiting for the shop's approval", tone: 'info' },
  approving: { ko: '승인 중', en: 'Approving: the card network has been asked', tone: 'warning' },
  approved: { ko: '승인', en: 'Approved', tone: 'success' },
  declined: { ko: '거절', en: 'Declined', tone: 'danger' },
  unresolved: { ko: '결과 확인 중', en: 'Unresolved: no answer from the card network', tone: 'warning' },
  reversing: { ko: '망취소 중', en: 'Reversing: the reversal is not confirmed yet', tone: 'warning' },
  reversed: { ko: '망취소', en: 'Reversed: nothing was charged', tone: '' },
  partiallyCancelled: { ko: '부분취소', en: 'Cancelled in part', tone: 'info' },
  cancelled: { ko: '취소', en: 'Cancelled', tone: '' },
  aborted: { ko: '중단', en: 'Aborted by the buyer', tone: '' },
  expired: { ko: '시간 만료', en: 'Expired', tone: '' },
}

export const eventText: Readonly<Record<PaymentEvent['event'], LocalizedText>> = {
  paymentRequested: { ko: '상점이 결제를 요청함', en: 'The shop requested the payment' },
  chargeRequested: {
    ko: '상점 서버가 빌링키 결제를 요청함',
    en: "The shop's server asked for a charge of the bill key",
  },
  buyerAuthenticated: { ko: '구매자가 인증을 마침', en: 'The buyer authenticated' },
  buyerAborted: { ko: '구매자가 결제를 중단함', en: 'The buyer aborted' },
  timeRanOut: { ko: '시간이 지남', en: 'Expired' },
  approvalRequested: { ko: '상점 서버가 승인을 요청함', en: "The shop's server asked for the approval" },
  networkApproved: { ko: '카드사가 승인함', en: 'The card network approved' },
  networkDeclined: { ko: '카드사가 거절함', en: 'The card network declined' },
  networkSilent: { ko: '카드사의 답이 없음', en: 'No answer from the card network' },
  reversalRequested: { ko: '망취소를 시작함', en: 'The reversal was requested' },
  reversalConfirmed: { ko: '망취소를 확인함', en: 'The reversal was confirmed' },
  cancelledInPart: { ko: '일부를 취소함', en: 'A part was cancelled' },
  cancelledInFull: { ko: '전체를 취소함', en: 'The whole payment was cancelled' },
  restCancelled: { ko: '나머지를 모두 취소함', en: 'The rest was cancelled' },
}

export const billKeyStateText: Readonly<Record<BillKeyState, StateText>> = {
  active: { ko: '사용 중', en: 'Active: the shop can charge it', tone: 'success' },
  deleted: { ko: '상점이 삭제', en: 'Deleted by the shop', tone: '' },
  replaced: { ko: '새 키로 교체', en: 'Replaced by a newer key', tone: '' },
  card_removed: { ko: '카드 삭제', en: 'Ended with its card', tone: '' },
  member_deleted: { ko: '회원 해지', en: 'Ended with its member', tone: '' },
  ended_by_operator: { ko: '운영자가 종료', en: 'Ended by the operator', tone: 'danger' },
}

/** What came of ending a bill key as the operator. */
export const billKeyEndText: Readonly<Record<EndResult, LocalizedText>> = {
  ended: {
    ko: '빌링키를 종료했습니다. 더 결제할 수 없습니다.',
    en: 'The bill key has ended and cannot be charged any more.',
  },
  unknown: { ko: '없는 빌링키입니다.', en: 'There is no such bill key.' },
  not_active: { ko: '이미 끝난 빌링키입니다.', en: 'The bill key has ended before.' },
}

/** `1,004원`. */
export const formatWon = (amount: number): string => `${groupThousands(amount)}원`

/** `0`, `2` to `12` months. */
export const formatInstallment = (months: number): string => (months === 0 ? '일시불' : `${months}개월`)

/** `12ms`, `1.4초`, `3분 20초`. */
export function formatElapsed(milliseconds: number): string {
  if (milliseconds < 1_000) return `${milliseconds}ms`
  const seconds = milliseconds / 1_000
  return seconds < 60 ? `${seconds.toFixed(1)}초` : `${Math.floor(seconds / 60)}분 ${Math.round(seconds % 60)}초`
}
