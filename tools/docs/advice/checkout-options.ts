import type { CheckoutOptions } from '../../../packages/merchant/src/checkout/options.ts'
import type { LocalizedText } from '../../../packages/protocol/src/field-table.ts'

/** Documentation of one option of `createCheckout`. The compiler requires every option and the right `isRequired`. */
interface OptionRow<IsRequired extends boolean> {
  readonly isRequired: IsRequired
  /** The option as it is written, shortened to what a reader calls or returns. */
  readonly shape: string
  readonly about: LocalizedText
}

type Rows<Options> = {
  readonly [Name in keyof Options]-?: OptionRow<Record<never, never> extends Pick<Options, Name> ? false : true>
}

export const checkoutOptionRows: Rows<CheckoutOptions> = {
  merchant: {
    isRequired: true,
    shape: 'defineMerchant({ … })',
    about: {
      ko: '상점과 키. `readCheckoutConfig(process.env)`가 만들어 줍니다.',
      en: 'The merchant and its keys, as returned by `readCheckoutConfig(process.env)`.',
    },
  },
  url: {
    isRequired: true,
    shape: "'https://shop.example/pay'",
    about: {
      ko: '구매자와 결제 서비스에 보이는 결제 주소. 46자 이하. `readCheckoutConfig`가 `SSPAY_CHECKOUT_URL`에서 읽습니다.',
      en: 'The address at which buyers and the gateway reach the checkout, at most 46 characters. `readCheckoutConfig` reads it from `SSPAY_CHECKOUT_URL`.',
    },
  },
  mountPath: {
    isRequired: false,
    shape: "'/pay'",
    about: {
      ko: '프록시가 `url`의 앞부분을 떼어 낼 때, 요청이 도착하는 경로. 예: `url`이 `https://shop.example/store/pay`이고 `/pay/form`으로 도착하면 `/pay`. Next.js의 `basePath`에는 필요 없습니다.',
      en: 'The path at which requests arrive, if a proxy strips the start of `url`: `/pay`, if `url` is `https://shop.example/store/pay` and `/pay/form` arrives. `basePath` of Next.js needs none.',
    },
  },
  journal: {
    isRequired: true,
    shape: 'sqliteJournal(db), postgresJournal(pool), mysqlJournal(pool)',
    about: {
      ko: '승인을 요청한 결제의 장부. 주문과 같은 데이터베이스에 둡니다. `sqliteJournal`은 `node:sqlite`와 `better-sqlite3`의 연결을 받습니다.',
      en: 'The journal of payments whose approval was requested. It is in the same database as the orders. `sqliteJournal` takes a connection of `node:sqlite` or `better-sqlite3`.',
    },
  },
  findOrder: {
    isRequired: true,
    shape: '(orderId) => CheckoutOrder | undefined',
    about: {
      ko: '상점의 기록에서 주문을 찾습니다. 브라우저가 보낸 값은 쓰지 않습니다. `Promise`도 됩니다.',
      en: 'Finds the order in the shop’s own records; uses no value from the browser. May return a `Promise`.',
    },
  },
  mayPay: {
    isRequired: true,
    shape: '(request, order) => boolean',
    about: {
      ko: '이 요청의 세션이 주문한 고객의 것인지. `false`이면 폼은 없는 주문처럼 답하고, 돌아온 결제는 게이트웨이가 보여 주는 주문의 서명이 맞을 때만 승인합니다. `Promise`도 됩니다.',
      en: 'Whether the session of the request belongs to the customer of the order. With `false` the form is answered as if the order did not exist, and a return is approved only when the order signature that the gateway reports belongs to this order. May return a `Promise`.',
    },
  },
  markOrderPaid: {
    isRequired: true,
    shape: '(connection, { orderId, amount, transactionId }) => boolean',
    about: {
      ko: '기다리던 주문을 결제 완료로 바꿉니다. 장부의 연결로, 한 트랜잭션에서 실행됩니다. 기다리던 주문이 아니면 `false`이고 그 돈은 돌아갑니다. `sqliteJournal`에서는 `Promise`가 안 됩니다.',
      en: 'Marks a waiting order as paid, on the connection and in the transaction of the journal. Return `false` if it was not waiting: the payment is then refunded. With `sqliteJournal` it must not return a `Promise`.',
    },
  },
  resultUrl: {
    isRequired: true,
    shape: '({ result, orderId }) => string',
    about: {
      ko: '결제가 끝난 구매자에게 보여 줄 상점의 화면. 상점 안의 주소도 됩니다.',
      en: 'The page that the buyer sees after the payment; relative to the shop, or absolute.',
    },
  },
  onError: {
    isRequired: true,
    shape: '({ during, problem, orderId, error }) => void',
    about: {
      ko: '상점의 로그에 남길 일. 키, 인증키, 개인정보는 들어 있지 않습니다.',
      en: 'An error for the shop’s log. It contains no key, no ticket and no personal data.',
    },
  },
  cancelPassword: {
    isRequired: false,
    shape: "'123456'",
    about: {
      ko: '취소 비밀번호 여섯 자리. 있으면 상점이 원하지 않는 돈이 저절로 돌아갑니다. `SSPAY_CANCEL_PASSWORD`.',
      en: 'The cancel password, six digits. With it, payments that the shop does not want are refunded automatically. `SSPAY_CANCEL_PASSWORD`.',
    },
  },
  webhookKeys: {
    isRequired: false,
    shape: "['whsec_…']",
    about: {
      ko: '서명한 재통보의 키. 바꾸는 동안에는 둘. `SSPAY_WEBHOOK_KEYS`.',
      en: 'Keys of signed notifications (webhooks), two of them during a key rotation. `SSPAY_WEBHOOK_KEYS`.',
    },
  },
  recoveryKey: {
    isRequired: false,
    shape: "'…32…'",
    about: {
      ko: '스케줄러가 `/recover`를 부를 때 `Authorization: Bearer`로 보내는 32자 이상의 비밀 값. `SSPAY_RECOVERY_KEY`.',
      en: 'A secret of at least 32 characters that a scheduler sends to `/recover` as `Authorization: Bearer`. `SSPAY_RECOVERY_KEY`.',
    },
  },
  onDeclined: {
    isRequired: false,
    shape: '({ orderId, code, message }) => void',
    about: {
      ko: '거절된 결제. 주문은 그대로 기다립니다. 두 번 불려도 됩니다. 남이 가져온 인증키로는 불리지 않습니다.',
      en: 'A declined payment; the order keeps waiting. It may be called twice for one payment, and is not called for the ticket of another buyer.',
    },
  },
  onAborted: {
    isRequired: false,
    shape: '({ orderId, code, message }) => void',
    about: {
      ko: '`mayPay`가 허락한 구매자가 결제창에서 중단했습니다. 브라우저가 서명 없이 가져오므로 주문의 상태를 바꾸지 마세요.',
      en: 'The buyer, accepted by `mayPay`, aborted the payment. The message comes through the browser without a signature, so do not change the state of an order because of it.',
    },
  },
  onCancelled: {
    isRequired: false,
    shape: '(notification) => void',
    about: {
      ko: '결제가 전부 또는 일부 취소되었다는 재통보. 장부에는 이미 적혀 있어서, 주문을 다시 열면 다시 결제할 수 있습니다.',
      en: 'A notification that a payment was cancelled, in part or in full. The journal has already recorded it, so an order that you reopen can be paid again.',
    },
  },
  onReport: {
    isRequired: false,
    shape: '(report) => void',
    about: {
      ko: '복구가 한 번 끝날 때마다. `open`은 아직 모르는 결제입니다.',
      en: 'Called after each recovery run; `open` lists the payments whose outcome is not known yet.',
    },
  },
}
