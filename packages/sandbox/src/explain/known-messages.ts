import {
  abortResult,
  approvalResult,
  authenticationResult,
  authenticationReturn,
  billKeyChargeRequest,
  billKeyDeletionRequest,
  billKeyRegistrationRequest,
  billKeyRequest,
  billKeyResult,
  cancelRequest,
  cancelResult,
  type FieldTable,
  type LocalizedText,
  memberDeletionRequest,
  memberDeletionResult,
  notification,
  paymentRequest,
  readMessage,
  sealedEnvelope,
  type WireText,
} from '@sspay/protocol'
import { generalInPlaceRequest } from '@sspay/protocol/internal'

interface KnownMessage extends LocalizedText {
  readonly table: FieldTable
  readonly from: 'shop' | 'gateway'
}

/** The fields of every answer; a rejection often has no others. */
const anyAnswer: FieldTable = Object.fromEntries(
  Object.entries(approvalResult).filter(([, { name }]) => name === 'resultCode' || name === 'resultMessage'),
)

/** The messages between a shop and SS-Pay. */
export const knownMessages = {
  paymentRequest: { table: paymentRequest, from: 'shop', ko: '결제 요청', en: 'payment request' },
  /** A form with `SspMallId` or `PopCheck` has more of the other table: the one it lacks is missing then. */
  generalPaymentRequest: {
    table: generalInPlaceRequest,
    from: 'shop',
    ko: '일반 카드결제 요청',
    en: 'general card payment',
  },
  authenticationResult: { table: authenticationResult, from: 'gateway', ko: '인증 결과', en: 'authentication result' },
  authenticationReturn: {
    table: authenticationReturn,
    from: 'gateway',
    ko: '인증 결과(ReturnUrl)',
    en: 'authentication return',
  },
  sealedEnvelope: { table: sealedEnvelope, from: 'shop', ko: '암호화 전문', en: 'sealed envelope' },
  memberDeletionRequest: {
    table: memberDeletionRequest,
    from: 'shop',
    ko: '회원 삭제 요청',
    en: 'member deletion request',
  },
  cancelRequest: { table: cancelRequest, from: 'shop', ko: '취소 요청', en: 'cancel request' },
  approvalResult: { table: approvalResult, from: 'gateway', ko: '승인 결과', en: 'approval result' },
  cancelResult: { table: cancelResult, from: 'gateway', ko: '취소 결과', en: 'cancel result' },
  memberDeletionResult: {
    table: memberDeletionResult,
    from: 'gateway',
    ko: '회원 삭제 결과',
    en: 'member deletion result',
  },
  notification: { table: notification, from: 'gateway', ko: '재통보', en: 'notification' },
  anyAnswer: { table: anyAnswer, from: 'gateway', ko: '응답', en: 'answer' },
  billKeyRequest: { table: billKeyRequest, from: 'shop', ko: '빌링키 발급 요청', en: 'request for a bill key' },
  billKeyRegistrationRequest: {
    table: billKeyRegistrationRequest,
    from: 'shop',
    ko: '카드번호로 빌링키 발급',
    en: 'bill key from a card number',
  },
  billKeyChargeRequest: {
    table: billKeyChargeRequest,
    from: 'shop',
    ko: '빌링키 결제 요청',
    en: 'payment with a bill key',
  },
  billKeyDeletionRequest: {
    table: billKeyDeletionRequest,
    from: 'shop',
    ko: '빌링키 삭제 요청',
    en: 'deletion of a bill key',
  },
  billKeyResult: { table: billKeyResult, from: 'gateway', ko: '빌링키 발급 결과', en: 'result of issuing a bill key' },
  abortResult: { table: abortResult, from: 'gateway', ko: '결제 중단', en: 'abort' },
} as const satisfies Readonly<Record<string, KnownMessage>>

export type MessageName = keyof typeof knownMessages

export const tableOf = (name: MessageName): FieldTable => knownMessages[name].table

interface Likeness {
  readonly name: MessageName
  readonly known: number
  readonly missing: number
  readonly size: number
}

export interface Recognition {
  readonly name: MessageName
  readonly table: FieldTable
  /** Requests and answers have these names alike, and all lack more: what it is a part of cannot be known. */
  readonly isPart: boolean
}

/**
 * The message whose table has most of the names; on a tie the one that lacks the fewest fields, then the smallest.
 * Undefined when no table has two of the names.
 */
export function recognizeMessage(fields: WireText): Recognition | undefined {
  const names = Object.keys(fields).filter((name) => fields[name] !== '')
  const [best, ...others] = (Object.keys(knownMessages) as MessageName[])
    .map((name) => likenessTo(name, names, fields))
    .toSorted((one, other) => other.known - one.known || one.missing - other.missing || one.size - other.size)
  if (best === undefined || best.known === 0 || best.known < Math.min(2, names.length)) return undefined
  const { name } = best
  const rivals = best.missing === 0 ? [] : others.filter(({ known }) => known === best.known)
  const isPart = rivals.some((rival) => knownMessages[rival.name].from !== knownMessages[name].from)
  if (!isPart) return { name, table: tableOf(name), isPart }
  const requests = [best, ...rivals].filter((one) => knownMessages[one.name].from === 'shop')
  return { name, table: Object.assign({}, ...requests.map((one) => tableOf(one.name))), isPart }
}

function likenessTo(name: MessageName, names: readonly string[], fields: WireText): Likeness {
  const table = tableOf(name)
  const read = readMessage(table, fields)
  return {
    name,
    known: names.filter((wireName) => Object.hasOwn(table, wireName)).length,
    missing: read.ok ? 0 : read.problems.filter(({ rule }) => rule === 'missing').length,
    size: Object.keys(table).length,
  }
}
