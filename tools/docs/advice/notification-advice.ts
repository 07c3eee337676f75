import type { NotificationRejection } from '../../../packages/merchant/src/notification.ts'
import type { OutcomeAdvice } from './outcome-advice.ts'

/** None of them is answered with `OK`, so the gateway retries until its attempts are exhausted. */
export const notificationRejections: Readonly<Record<NotificationRejection, OutcomeAdvice>> = {
  webhook_headers_missing: {
    means: {
      ko: '`webhook-id`, `webhook-timestamp`, `webhook-signature`가 없습니다.',
      en: 'The three `webhook-…` headers are missing.',
    },
    action: {
      ko: '게이트웨이의 상점 설정에 `webhookKeys`가 있는지, 프록시가 헤더를 지우지 않는지 보세요.',
      en: 'Check that the merchant has `webhookKeys` at the gateway, and that no proxy drops headers.',
    },
  },
  webhook_too_old: {
    means: {
      ko: '헤더의 시각이 5분보다 오래되었습니다.',
      en: 'The timestamp in the headers is more than five minutes old.',
    },
    action: {
      ko: '서버 시계를 보세요. 다시 보낸 알림은 새 시각으로 옵니다.',
      en: 'Check the server’s clock. A resent notification has a new timestamp.',
    },
  },
  webhook_in_future: {
    means: {
      ko: '헤더의 시각이 5분 넘게 앞섭니다.',
      en: 'The timestamp in the headers is more than five minutes ahead.',
    },
    action: { ko: '서버 시계를 NTP로 맞추세요.', en: 'Synchronize the clock by NTP.' },
  },
  webhook_signature_wrong: {
    means: { ko: '본문이 바뀌었거나 키가 다릅니다.', en: 'The body was changed, or the key differs.' },
    action: {
      ko: '파서를 거치지 않은 본문을 넘기는지, 두 쪽의 키가 같은지 보세요.',
      en: 'Pass the raw body, before any parser reads it, and compare the keys of both sides.',
    },
  },
  fields_wrong: {
    means: {
      ko: '필요한 항목이 없거나 형식이 다릅니다. `problems`가 말합니다.',
      en: 'A field is missing or malformed; see `problems`.',
    },
    action: {
      ko: '다른 시스템이 그 주소로 보낸 것이 아닌지 보세요.',
      en: 'Check whether another system posts to this address.',
    },
  },
  merchant_differs: {
    means: { ko: '다른 상점의 알림입니다.', en: 'The notification is for another merchant.' },
    action: {
      ko: '상점마다 다른 재통보 주소를 쓰거나, `Mid`에 맞는 설정으로 읽으세요.',
      en: 'Use one address per merchant, or read it with the settings of its `Mid`.',
    },
  },
  signature_wrong: {
    means: { ko: '`SignValue`가 맞지 않습니다.', en: '`SignValue` does not match.' },
    action: {
      ko: '상점키를 확인하세요. 맞다면 위조된 알림입니다.',
      en: 'Check the MerchantKey. If it is correct, the notification is forged.',
    },
  },
  state_differs: {
    means: {
      ko: '승인이라면서 결과코드가 `3001`이 아닙니다.',
      en: 'The state is approved, but the result code is not `3001`.',
    },
    action: { ko: '반영하지 마세요.', en: 'Do not mark the order as paid.' },
  },
  order_tampered: {
    means: {
      ko: '결제는 진짜지만 상점이 서명한 주문이 아닙니다.',
      en: 'The payment is genuine, but its order is not the one that the shop signed.',
    },
    action: { ko: '거래번호로 확인하고 취소하세요.', en: 'Look the payment up by its transaction id and cancel it.' },
  },
}
