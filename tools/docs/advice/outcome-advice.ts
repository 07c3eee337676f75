import type { UnknownCause } from '../../../packages/merchant/src/approval-outcome.ts'
import type { CancelUnknownCause } from '../../../packages/merchant/src/cancel-outcome.ts'
import type { OrderTampering } from '../../../packages/merchant/src/order-signature.ts'
import type { ReturnStateFault } from '../../../packages/merchant/src/return-state.ts'
import type { LocalizedText } from '../../../packages/protocol/src/field-table.ts'

/** The meaning of a value that the SDK returns, and what the shop's code does with it. */
export interface OutcomeAdvice {
  readonly means: LocalizedText
  readonly action: LocalizedText
}

export const advice = (means: LocalizedText, action: LocalizedText): OutcomeAdvice => ({ means, action })

const waitForRecovery: LocalizedText = {
  ko: '주문을 “확인 중”으로 둡니다. `recover`가 끝냅니다.',
  en: 'Leave the order “being checked”; `recover` finishes it.',
}

const investigate: LocalizedText = {
  ko: '돈이 움직였을 수 있습니다. 사람이 거래번호로 확인합니다. 원하지 않는 결제면 `isWanted`가 `false`라고 답해 돌려줍니다.',
  en: 'The buyer may have been charged. Look the payment up by its transaction id. If the shop does not want it, let `isWanted` return `false` and it is refunded.',
}

const askAgain: LocalizedText = {
  ko: '나중에 **같은 차수**로 다시 부릅니다.',
  en: 'Retry later with the **same sequence number**.',
}

const connection = {
  unreachable: {
    ko: '연결하지 못했습니다. 요청은 나가지 않았습니다.',
    en: 'No connection: the request was not sent.',
  },
  interrupted: {
    ko: '답을 다 받기 전에 연결이 끊겼습니다.',
    en: 'The connection broke before the whole answer arrived.',
  },
  timeout: {
    ko: '`readTimeoutMs` 안에 답이 다 오지 않았습니다.',
    en: 'The whole answer did not arrive within `readTimeoutMs`.',
  },
  unreadable_answer: {
    ko: 'HTTP 200이 아니거나, JSON이 아니거나, 1 MB를 넘거나, 결과코드가 없습니다.',
    en: 'Not HTTP 200, not JSON, over 1 MB, or without a result code.',
  },
} as const satisfies Partial<Record<UnknownCause, LocalizedText>>

export const unknownCauses: Readonly<Record<UnknownCause, OutcomeAdvice>> = {
  unreachable: advice(connection.unreachable, waitForRecovery),
  interrupted: advice(connection.interrupted, waitForRecovery),
  timeout: advice(connection.timeout, waitForRecovery),
  unreadable_answer: advice(connection.unreadable_answer, waitForRecovery),
  signature_mismatch: advice(
    {
      ko: '답의 `SignValue`가 맞지 않습니다. 상점키가 다르거나 답이 바뀌었습니다.',
      en: '`SignValue` of the answer does not match: the MerchantKey differs, or the answer was changed.',
    },
    investigate,
  ),
  amount_mismatch: advice(
    { ko: '승인된 금액이 상점의 주문과 다릅니다.', en: 'The approved amount differs from the amount of the order.' },
    investigate,
  ),
  order_mismatch: advice(
    {
      ko: '승인된 주문번호가 상점의 주문과 다릅니다.',
      en: 'The approved order id differs from the order of the shop.',
    },
    {
      ko: '이 주문은 다시 결제할 수 있습니다. 나간 돈은 저절로 돌아가지 않으니 사람이 거래번호로 확인합니다.',
      en: 'This order can be paid again. The other payment is not refunded automatically: look it up by its transaction id.',
    },
  ),
  transaction_mismatch: advice(
    { ko: '답의 거래번호가 물어본 것과 다릅니다.', en: 'The answer is for another transaction id.' },
    investigate,
  ),
  merchant_mismatch: advice({ ko: '답의 상점ID가 다릅니다.', en: 'The answer is for another merchant.' }, investigate),
  in_progress: advice(
    { ko: '같은 승인이 진행 중입니다(S103).', en: 'The same approval is in progress (S103).' },
    waitForRecovery,
  ),
  unresolved: advice(
    {
      ko: '게이트웨이가 카드사의 답을 아직 모릅니다(S401).',
      en: 'The gateway does not know the card network’s answer yet (S401).',
    },
    waitForRecovery,
  ),
  overloaded: advice(
    { ko: '요청이 많아 시작하지 않았습니다(S901).', en: 'Overloaded: the request was not processed (S901).' },
    waitForRecovery,
  ),
  gateway_error: advice(
    { ko: '게이트웨이 오류입니다(S999).', en: 'An internal error of the gateway (S999).' },
    waitForRecovery,
  ),
  approval_ticket_spent: advice(
    {
      ko: '인증키를 이미 썼고, 조회로도 결과를 알 수 없습니다(S104).',
      en: 'The ticket was already used, and the inquiry gives no outcome either (S104).',
    },
    investigate,
  ),
  unrecognized_code: advice(
    {
      ko: '“결제되지 않음”이 확실하지 않은 결과코드입니다.',
      en: 'A result code that does not certainly mean “not charged”.',
    },
    investigate,
  ),
  unrecognized_state: advice(
    {
      ko: '모르는 `StateCd`이거나, `StateCd`가 결과코드와 어긋납니다.',
      en: 'An unknown `StateCd`, or one that contradicts the result code.',
    },
    investigate,
  ),
  contradiction: advice(
    {
      ko: '승인되었다던 결제를 이제 아니라고 합니다. 장부는 승인으로 남습니다.',
      en: 'The service reported the payment as approved before, and as not approved now. The journal keeps it as approved.',
    },
    {
      ko: '**사람이 봅니다.** 운영자에게 거래번호를 알려 주세요.',
      en: '**Needs a person.** Send the transaction id to the operator.',
    },
  ),
  abandoned: advice(
    {
      ko: '장부가 이 결제를 원하지 않는다고 적어 두었습니다. 아무것도 보내지 않았습니다.',
      en: 'The journal has the payment as not wanted; nothing was sent.',
    },
    {
      ko: '`recover`가 끝까지 확인하고, 나간 돈이 있으면 돌려줍니다.',
      en: '`recover` finds the outcome and refunds the payment if it was charged.',
    },
  ),
  order_used: advice(
    {
      ko: '빌링키 결제: 그 주문번호로 다른 빌링키나 금액을 이미 결제했거나, 그 결제가 닫혔습니다(S608). 이번에는 아무것도 결제하지 않았습니다.',
      en: 'A bill key: the order number was charged before with another key or amount, or that payment is closed (S608). This call charged nothing.',
    },
    {
      ko: '앞의 결제 결과를 상점의 주문에서 확인하세요. 다른 결제라면 새 주문번호를 쓰세요.',
      en: 'Look at the earlier payment in the shop’s own orders. Use a new order number for another payment.',
    },
  ),
  order_tampered: advice(
    {
      ko: '승인되었지만 상점이 서명한 주문이 아닙니다. `tampering`을 보세요.',
      en: 'Approved, but for another order than the shop signed; see `tampering`.',
    },
    investigate,
  ),
}

export const cancelUnknownCauses: Readonly<Record<CancelUnknownCause, OutcomeAdvice>> = {
  unreachable: advice(connection.unreachable, askAgain),
  interrupted: advice(connection.interrupted, askAgain),
  timeout: advice(connection.timeout, askAgain),
  unreadable_answer: advice(connection.unreadable_answer, askAgain),
  unresolved: advice(
    { ko: '카드사의 답을 아직 모릅니다(S504).', en: 'The card network’s answer is not known yet (S504).' },
    askAgain,
  ),
  overloaded: advice(
    { ko: '요청이 많아 시작하지 않았습니다(S901).', en: 'Overloaded: the request was not processed (S901).' },
    askAgain,
  ),
  gateway_error: advice(
    { ko: '게이트웨이 오류입니다(S999).', en: 'An internal error of the gateway (S999).' },
    askAgain,
  ),
  answer_mismatch: advice(
    { ko: '답의 거래번호나 금액이 요청한 것과 다릅니다.', en: 'The answer is for another transaction or amount.' },
    {
      ko: '사람이 콘솔에서 그 거래의 취소 내역을 확인합니다.',
      en: 'Check the cancellations of the payment in the console.',
    },
  ),
  unrecognized_code: advice(
    { ko: '알 수 없는 결과코드입니다.', en: 'An unknown result code.' },
    {
      ko: '사람이 콘솔에서 그 거래의 취소 내역을 확인합니다.',
      en: 'Check the cancellations of the payment in the console.',
    },
  ),
}

const changedForm: LocalizedText = {
  ko: '결제하지 않았거나(승인 전), 원하지 않는 결제로 돌려줍니다(승인 뒤).',
  en: 'Before the approval: not charged. After it: refunded as not wanted.',
}

export const orderTamperings: Readonly<Record<OrderTampering, OutcomeAdvice>> = {
  order_signature_missing: advice(
    {
      ko: '주문 서명이 없습니다. 폼에서 지워졌거나, 서명을 켜기 전에 만든 폼입니다.',
      en: 'The order signature is missing: removed from the form, or the form is older than the use of order signatures.',
    },
    changedForm,
  ),
  order_signature_broken: advice(
    {
      ko: '상점의 키로 만든 서명이 아니거나 바뀌었습니다.',
      en: 'The order signature was not made with a key of the shop, or it was changed.',
    },
    {
      ko: '키를 바꾸는 중이면 옛 키를 두 번째로 남겨 두었는지 보세요.',
      en: 'During a key rotation, keep the old key as the second one.',
    },
  ),
  order_differs: advice(
    { ko: '서명은 맞지만 다른 주문의 것입니다.', en: 'A valid signature of another order.' },
    changedForm,
  ),
  amount_differs: advice(
    { ko: '서명은 맞지만 금액이 다릅니다.', en: 'A valid signature of another amount.' },
    changedForm,
  ),
  customer_differs: advice(
    { ko: '서명은 맞지만 고객이 다릅니다.', en: 'A valid signature of another customer.' },
    changedForm,
  ),
  return_host_differs: advice(
    { ko: '서명한 호스트가 아닌 곳으로 돌아왔습니다.', en: 'The buyer returned to another host than the signed one.' },
    {
      ko: '프록시 뒤라면 `Request`의 주소를 구매자가 본 주소로 만드세요.',
      en: 'Behind a proxy, build the `Request` with the address that the buyer sees.',
    },
  ),
  order_signature_expired: advice(
    { ko: '폼이 `validForMs`보다 오래되었습니다.', en: 'The form is older than `validForMs`.' },
    { ko: '새 폼으로 다시 결제하게 하세요.', en: 'Let the buyer pay with a new form.' },
  ),
}

export const returnStateFaults: Readonly<Record<ReturnStateFault, OutcomeAdvice>> = {
  broken: advice(
    {
      ko: '주소에 든 값이 바뀌었거나 잘렸거나, 다른 상점이나 주소의 것입니다.',
      en: 'The value in the address was changed or cut off, or belongs to another merchant or address.',
    },
    { ko: '400으로 답하세요. 주문은 그대로입니다.', en: 'Answer 400. The order stays unchanged.' },
  ),
  expired: advice(
    { ko: '10분이 지나 다시 연 주소입니다.', en: 'The address was opened again after ten minutes.' },
    { ko: '주문을 있는 그대로 보여 주세요.', en: 'Show the order as it is.' },
  ),
}
