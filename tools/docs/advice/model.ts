import type { LocalizedText } from '../../../packages/protocol/src/field-table.ts'

/** The call that returns a code, in the order of a payment. */
export type Place =
  | 'window'
  | 'stop'
  | 'approval'
  | 'inquiry'
  | 'cancel'
  | 'deletion'
  | 'issue'
  | 'charge'
  | 'key-deletion'
  | 'shop'

/** What any call may be answered. */
export const everyCall: readonly Place[] = [
  ...(['window', 'approval', 'inquiry', 'cancel', 'deletion'] as const),
  ...(['issue', 'charge', 'key-deletion'] as const),
]

/** Advice for a shop's developer, beside code and message. Texts may contain Markdown. */
export interface ResultAdvice {
  readonly places: readonly Place[]
  readonly cause: LocalizedText
  readonly fix: LocalizedText
  readonly buyer: LocalizedText
}

export const placeText: Readonly<Record<Place, LocalizedText>> = {
  window: { ko: '결제창', en: 'payment window' },
  stop: { ko: '결제 중단(StopUrl)', en: 'abort (StopUrl)' },
  approval: { ko: '승인', en: 'approval' },
  inquiry: { ko: '조회', en: 'inquiry' },
  cancel: { ko: '취소', en: 'cancellation' },
  deletion: { ko: '회원 삭제', en: 'member deletion' },
  issue: { ko: '빌링키 발급', en: 'issue of a bill key' },
  charge: { ko: '빌링키 결제', en: 'payment with a bill key' },
  'key-deletion': { ko: '빌링키 삭제', en: 'deletion of a bill key' },
  shop: { ko: '상점 서버(SDK)', en: 'the shop’s own server (SDK)' },
}

export const seesRejectionPage: LocalizedText = {
  ko: '결제창 대신 “결제를 시작할 수 없어요” 화면과 이 코드. 결제된 금액은 없습니다.',
  en: 'Instead of the window a page “The payment cannot be started” with this code. Nothing was charged.',
}

export const seesNothing: LocalizedText = {
  ko: '보이지 않습니다. 서버끼리 주고받은 답입니다.',
  en: 'Nothing. The answer is exchanged between servers.',
}

export const seesShopsRejection: LocalizedText = {
  ko: '상점의 결제 실패 화면. “결제하지 못했어요” 아래에 `message.ko`를 이유로 보여 주고, 다시 결제할 수 있게 하세요.',
  en: 'The shop’s page of a failed payment. Show `message.en` as the reason below a sentence of your own, and let the buyer pay again.',
}

export const seesChecking: LocalizedText = {
  ko: '상점의 “결제 결과를 확인하고 있어요. 다시 결제하지 말아 주세요.” 화면.',
  en: 'The shop’s page “We are checking the result. Please do not pay again.”',
}

export const seesOwnOrders: LocalizedText = {
  ko: '상점의 취소 내역에서 결과를 봅니다.',
  en: 'The result, on the shop’s cancellation page.',
}
