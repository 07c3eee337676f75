import type { CheckoutResult } from '../../../packages/merchant/src/checkout/options.ts'
import type { DeletionOutcome } from '../../../packages/merchant/src/delete-member.ts'
import { type OutcomeAdvice, unknownCauses } from './outcome-advice.ts'

/** The results of a checkout, for the page that the shop shows afterwards. */
export const checkoutResults: Readonly<Record<CheckoutResult['outcome'], OutcomeAdvice>> = {
  paid: {
    means: { ko: '결제되었고 주문에 반영되었습니다.', en: 'Paid, and the order is marked as paid.' },
    action: { ko: '영수증을 보여 줍니다.', en: 'Show the receipt.' },
  },
  declined: {
    means: {
      ko: '돈이 움직이지 않았습니다. `code`와 `message`가 이유입니다.',
      en: 'Nothing was charged; `code` and `message` give the reason.',
    },
    action: { ko: '이유와 다시 결제하기를 보여 줍니다.', en: 'Show the reason, and let the buyer pay again.' },
  },
  checking: {
    means: {
      ko: '**돈이 움직였을 수 있습니다.** 복구가 알아냅니다.',
      en: '**The buyer may have been charged.** The recovery finds the outcome.',
    },
    action: {
      ko: '“확인 중”을 보여 주고, 다시 결제하게 하지 않습니다.',
      en: 'Show “being checked”, and do not offer a second payment.',
    },
  },
  closed: {
    means: {
      ko: '상점이 닫은 주문입니다. 나간 돈이 있으면 돌아갑니다.',
      en: 'The shop has closed the order. If it was charged, it is refunded.',
    },
    action: { ko: '취소된 주문으로 보여 줍니다.', en: 'Show a cancelled order.' },
  },
  aborted: {
    means: { ko: '구매자가 결제창에서 중단했습니다.', en: 'The buyer aborted the payment in the window.' },
    action: { ko: '주문으로 돌아가게 합니다.', en: 'Return the buyer to the order.' },
  },
  failed: {
    means: {
      ko: '돌아온 값을 읽지 못했거나 이 주문의 것이 아니거나, 결제해도 되는 사람이 아니거나, 장부에 쓰지 못했습니다. 이 방문으로는 아무것도 승인하지 않았습니다.',
      en: 'The returned values could not be read or belong to another order, the session may not pay the order, or the journal could not be written. This request approved nothing.',
    },
    action: {
      ko: '다시 시도하게 하고, `onError`의 로그를 봅니다.',
      en: 'Let the buyer try again, and check the log of `onError`.',
    },
  },
}

type DeletionUnknownCause = Extract<DeletionOutcome, { readonly outcome: 'unknown' }>['cause']

const askAgainLater = (cause: DeletionUnknownCause): OutcomeAdvice => ({
  means: unknownCauses[cause].means,
  action: {
    ko: '탈퇴 작업을 남겨 두고 나중에 다시 부릅니다. 해가 없습니다.',
    en: 'Keep the deletion job and retry later; the request is idempotent.',
  },
})

export const deletionUnknownCauses: Readonly<Record<DeletionUnknownCause, OutcomeAdvice>> = {
  unreachable: askAgainLater('unreachable'),
  interrupted: askAgainLater('interrupted'),
  timeout: askAgainLater('timeout'),
  unreadable_answer: askAgainLater('unreadable_answer'),
  overloaded: askAgainLater('overloaded'),
  gateway_error: askAgainLater('gateway_error'),
}

/** Exceptions: programming and configuration errors, never the outcome of a payment. */
export const exceptions: Readonly<Record<string, OutcomeAdvice>> = {
  TypeError: {
    means: {
      ko: '`defineMerchant`, `createCheckout`에 준 설정이 틀렸습니다. 이름만 말합니다.',
      en: 'A setting of `defineMerchant` or `createCheckout` is wrong. The message names it, without its value.',
    },
    action: { ko: '시작할 때 고칩니다.', en: 'Correct it at startup.' },
  },
  MerchantEnvironmentError: {
    means: {
      ko: '환경 변수가 빠졌거나 틀렸습니다. `variables`에 모두 있습니다.',
      en: 'Environment variables are missing or wrong; `variables` lists all of them.',
    },
    action: { ko: '변수를 고치고 다시 시작합니다.', en: 'Correct the variables and restart.' },
  },
  FieldError: {
    means: {
      ko: '전문의 표에 맞지 않는 값입니다. `problems`에 모두 있고 값은 없습니다.',
      en: 'Values that violate the field tables of the protocol; `problems` lists all of them, without the values.',
    },
    action: {
      ko: '주문을 만들 때 길이와 글자를 확인합니다.',
      en: 'Check lengths and characters when the order is created.',
    },
  },
  UnwritableTextError: {
    means: {
      ko: 'EUC-KR로 쓸 수 없는 글자가 있습니다. `field`와 `codePoint`가 말합니다.',
      en: 'A character that EUC-KR cannot encode; see `field` and `codePoint`.',
    },
    action: {
      ko: '`answerCharset`을 빼서 UTF-8로 하거나 그 글자를 뺍니다.',
      en: 'Omit `answerCharset` to use UTF-8, or remove the character.',
    },
  },
}
