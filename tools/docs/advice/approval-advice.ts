import type { ResultReason } from '../../../packages/protocol/src/codes/result-codes.ts'
import { everyCall, type ResultAdvice, seesChecking, seesNothing, seesShopsRejection } from './model.ts'

/** Approval tickets, aborts of the window, and indeterminate outcomes. */
export const approvalAdvice = {
  approval_ticket_unknown: {
    places: ['approval', 'inquiry'],
    cause: {
      ko: '`Tid`와 `TrAuthKey`가 짝이 아닙니다. 둘 중 어느 쪽이 틀렸는지는 알려 주지 않습니다. 테스트의 값을 운영에 보냈거나, 옮기다가 값이 잘린 경우가 많습니다.',
      en: '`Tid` and `TrAuthKey` do not belong together. The answer does not say which one is wrong. Usual causes: staging values sent to production, or a truncated value.',
    },
    fix: {
      ko: '받은 두 값을 손대지 말고 그대로 보내세요. 승인 호스트의 환경을 확인하세요.',
      en: 'Send both values unchanged, and check the environment of the approval host.',
    },
    buyer: seesShopsRejection,
  },
  transaction_archived: {
    places: ['approval', 'inquiry', 'cancel', 'charge'],
    cause: {
      ko: '거래가 결제 서비스의 데이터베이스에 없고, `Tid`의 날짜가 보관된 기간보다 앞섭니다. 그 기간의 `Tid`면 있었던 거래든 아니든 같은 답입니다.',
      en: 'The transaction is not in the gateway’s database, and the date in `Tid` is before the archive watermark. A `Tid` that never existed gets the same answer.',
    },
    fix: {
      ko: '상점의 장부를 보세요. 결제되었는지, 돈을 돌려줄 수 있는지는 결제 서비스의 운영자가 보관 파일에서 찾아봅니다.',
      en: 'Check the shop’s own records. The operator of the gateway looks up in the archive whether the payment was charged and how it can be refunded.',
    },
    buyer: seesNothing,
  },
  approval_ticket_expired: {
    places: ['approval', 'inquiry'],
    cause: {
      ko: '인증한 지 10분이 지나도록 승인을 요청하지 않았습니다.',
      en: 'The approval was not requested within ten minutes of the authentication.',
    },
    fix: {
      ko: '인증 결과를 받은 요청 안에서 바로 승인하세요. 결제되지 않았으니 다시 결제하게 하면 됩니다.',
      en: 'Approve in the same request that receives the ticket. Nothing was charged: let the buyer pay again.',
    },
    buyer: seesShopsRejection,
  },
  approval_in_progress: {
    places: ['approval', 'inquiry', 'charge'],
    cause: {
      ko: '같은 승인이 아직 진행 중입니다. 새로고침이나 재시도가 겹쳤습니다.',
      en: 'The same approval is still in progress: a reload or retry overlapped the first request.',
    },
    fix: {
      ko: '실패가 아닙니다. 주문을 “확인 중”으로 두고 `recover`에 맡기세요.',
      en: 'Not a failure. Leave the order “being checked”; `recover` finishes it.',
    },
    buyer: seesChecking,
  },
  approval_ticket_spent: {
    places: ['approval', 'inquiry'],
    cause: {
      ko: '이미 승인에 쓴 인증키입니다. **첫 승인의 응답을 잃었다면 돈은 이미 나갔을 수 있습니다.** 24시간이 지났거나, 다시 승인을 거절하도록 설정된 상점입니다.',
      en: 'The ticket was already used for an approval. **If the first answer was lost, the buyer may already have been charged.** Either more than 24 hours have passed, or the merchant is configured to reject repeated approvals.',
    },
    fix: {
      ko: '거절로 보지 말고 조회하세요(`inquire`, `recover`).',
      en: 'Do not treat it as declined: inquire (`inquire`, `recover`).',
    },
    buyer: seesChecking,
  },
  order_tampered: {
    places: ['shop'],
    cause: {
      ko: '게이트웨이가 받은 주문이 상점이 서명한 주문과 다릅니다. SDK가 승인을 요청하지 않았고 돈은 움직이지 않았습니다. `tampering`이 무엇이 다른지 말합니다.',
      en: 'The gateway received another order than the shop signed. The SDK did not request the approval and nothing was charged; `tampering` says what differs.',
    },
    fix: {
      ko: '[위·변조 표](../../security/tampering.md)에서 그 값을 찾으세요. `order_signature_missing`이 계속되면 주문 서명을 켜기 전에 만든 폼입니다.',
      en: 'Look the value up in [tampering](../../security/tampering.md). If `order_signature_missing` keeps occurring, the forms were made before order signatures were enabled.',
    },
    buyer: seesShopsRejection,
  },
  buyer_aborted: {
    places: ['stop', 'issue'],
    cause: { ko: '구매자가 결제창에서 중단을 눌렀습니다.', en: 'The buyer aborted the payment in the window.' },
    fix: {
      ko: '주문을 그대로 두고 다시 결제할 수 있게 하세요. 서명이 없는 값이니, 이것으로 결제된 주문을 바꾸지 마세요.',
      en: 'Keep the order payable. The fields are not signed: do not change a paid order because of them.',
    },
    buyer: { ko: '“결제를 중단했어요”. 상점으로 돌아갑니다.', en: '“You cancelled the payment”, then the shop.' },
  },
  window_expired: {
    places: ['stop', 'issue'],
    cause: { ko: '결제창을 연 지 30분이 지났습니다.', en: 'Thirty minutes have passed since the window was opened.' },
    fix: { ko: '새 폼으로 다시 결제하게 하세요.', en: 'Let the buyer pay again with a new form.' },
    buyer: {
      ko: '“결제 시간이 지났습니다. 결제되지 않았습니다.”',
      en: '“The time to pay is over. Nothing was charged.”',
    },
  },
  outcome_unresolved: {
    places: ['approval', 'inquiry', 'charge'],
    cause: {
      ko: '카드사가 답하지 않아 게이트웨이가 아직 확인하고 있습니다. 60초 안에 알 수 없으면 되돌립니다(망취소).',
      en: 'The card network did not answer, and the gateway is still inquiring. If the outcome stays unknown for 60 seconds, the gateway reverses the authorization.',
    },
    fix: {
      ko: '실패로 처리하지 마세요. `recover`와 재통보가 결과를 알려 줍니다.',
      en: 'Do not treat it as failed. `recover` and the notification report the outcome.',
    },
    buyer: seesChecking,
  },
  payment_reversed: {
    places: ['approval', 'inquiry', 'charge'],
    cause: {
      ko: '카드사의 답을 끝내 확인하지 못해 승인을 되돌렸습니다.',
      en: 'The card network’s answer stayed unknown, so the gateway reversed the authorization.',
    },
    fix: {
      ko: '결제되지 않은 것과 같습니다. 다시 결제하게 하세요.',
      en: 'The same as not charged: let the buyer pay again.',
    },
    buyer: seesShopsRejection,
  },
  overloaded: {
    places: everyCall,
    cause: {
      ko: '한꺼번에 들어온 요청이 많거나 카드사가 응답하지 않아 시작하지 않았습니다.',
      en: 'Too many concurrent requests, or the card network does not answer. This request was not processed.',
    },
    fix: {
      ko: '잠시 뒤 같은 요청을 그대로 보내세요. `recover`는 그렇게 합니다.',
      en: 'Retry the same request after a short delay, as `recover` does.',
    },
    buyer: {
      ko: '결제창이라면 “요청이 많아 처리하지 못했습니다”. 승인이라면 “확인 중” 화면.',
      en: 'In the window, a page that says so; after an approval, the page “being checked”.',
    },
  },
  internal: {
    places: everyCall,
    cause: {
      ko: '게이트웨이의 오류입니다. **돈이 움직였는지 이 답만으로는 알 수 없습니다.**',
      en: 'An internal error of the gateway. **This answer alone does not say whether the buyer was charged.**',
    },
    fix: {
      ko: '같은 요청을 다시 보내거나 조회하세요. 계속되면 운영자에게 거래번호를 알려 주세요.',
      en: 'Retry the request or inquire. If the error persists, send the transaction id to the operator.',
    },
    buyer: seesChecking,
  },
} as const satisfies Partial<Record<ResultReason, ResultAdvice>>
