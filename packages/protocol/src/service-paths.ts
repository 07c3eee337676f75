import { localEndpoints } from './endpoints.ts'
import type { LocalizedText } from './field-table.ts'

/** An address of the payment service, and the form in which its callers read the answer. */
export interface ServicePath extends LocalizedText {
  readonly path: string
  readonly method: 'GET' | 'POST'
  /**
   * `json`: of a server's call. `form`: of a server's call to the older service, `ResultCode=…&ResultMsg=…` in EUC-KR.
   * `window`: a page into which the buyer's browser posts a form. `page` and `script`: read by a browser.
   */
  readonly answer: 'json' | 'form' | 'window' | 'page' | 'script'
}

const at = localEndpoints({ origin: '' })

/** What a gateway offers to shops, by the name of the route in metrics and in the request log. */
export const offeredPaths = {
  asset: {
    path: at.script,
    method: 'GET',
    answer: 'script',
    ko: '쇼핑몰 페이지에 넣는 스크립트',
    en: 'Drop-in script for shop pages',
  },
  window: { path: at.pcWindow, method: 'POST', answer: 'window', ko: '결제창', en: 'Payment window' },
  approval: { path: at.approval, method: 'POST', answer: 'json', ko: '승인', en: 'Approval' },
  inquiry: { path: at.inquiry, method: 'POST', answer: 'json', ko: '승인 조회', en: 'Approval inquiry' },
  cancellation: { path: at.cancel, method: 'POST', answer: 'json', ko: '취소', en: 'Cancellation' },
  'member-deletion': {
    path: at.memberDeletion,
    method: 'POST',
    answer: 'json',
    ko: '회원 탈퇴',
    en: 'Member deletion',
  },
  'bill-key-window': {
    path: at.billKeyWindow,
    method: 'POST',
    answer: 'window',
    ko: '빌링키 발급창',
    en: 'Window that issues a bill key',
  },
  'bill-key-registration': {
    path: at.billKeyRegistration,
    method: 'POST',
    answer: 'json',
    ko: '카드번호로 빌링키 발급',
    en: 'Bill key from a card number',
  },
  'bill-key-payment': {
    path: at.billKeyCharge,
    method: 'POST',
    answer: 'json',
    ko: '빌링키 결제',
    en: 'Payment with a bill key',
  },
  'bill-key-deletion': {
    path: at.billKeyDeletion,
    method: 'POST',
    answer: 'json',
    ko: '빌링키 삭제',
    en: 'Deletion of a bill key',
  },
} as const satisfies Readonly<Record<string, ServicePath>>

/**
 * Neighbouring services of the real one that a gateway recognises and does not offer (Q65), by the name of the route in
 * metrics and in the request log.
 */
export const notOfferedPaths = {
  'virtual-account': {
    path: '/payment/approval/vacct.do',
    method: 'POST',
    answer: 'json',
    ko: '가상계좌 발급',
    en: 'Virtual account',
  },
  'older-window': {
    path: '/ssp/reqPay.jsp',
    method: 'POST',
    answer: 'window',
    ko: '예전 SS-Pay 결제창',
    en: 'Older SS-Pay window',
  },
  'older-general-window': {
    path: '/interfaceURL.jsp',
    method: 'POST',
    answer: 'window',
    ko: '예전 일반 결제창(PC)',
    en: 'Older general payment window (PC)',
  },
  'older-mobile-window': {
    path: '/pay/interfaceURL',
    method: 'POST',
    answer: 'window',
    ko: '예전 일반 결제창(모바일)',
    en: 'Older general payment window (mobile)',
  },
  'older-cancellation': {
    path: '/cancel/payCancelNVProcess.jsp',
    method: 'POST',
    answer: 'form',
    ko: '예전 취소',
    en: 'Older cancellation',
  },
  receipt: { path: '/receipt', method: 'GET', answer: 'page', ko: '매출전표', en: 'Receipt' },
} as const satisfies Readonly<Record<string, ServicePath>>

/** Name of a route that is offered. */
export type OfferedRoute = keyof typeof offeredPaths

/** Name of a route that is known and not offered. */
export type NotOfferedRoute = keyof typeof notOfferedPaths
