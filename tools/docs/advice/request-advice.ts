import type { ResultReason } from '../../../packages/protocol/src/codes/result-codes.ts'
import type { LocalizedText } from '../../../packages/protocol/src/field-table.ts'
import { everyCall, type ResultAdvice, seesRejectionPage } from './model.ts'

/** The window did not open: the form is invalid, and only the shop can fix it. */
const rejectedForm = (cause: LocalizedText, fix: LocalizedText): ResultAdvice => ({
  places: ['window'],
  cause,
  fix,
  buyer: seesRejectionPage,
})

/** Payment requests that are rejected before the window opens. */
export const requestAdvice = {
  field_invalid: {
    places: everyCall,
    cause: {
      ko: '필수 값이 없거나, 너무 길거나, 형식이 다릅니다. 답에 항목 이름이 있습니다.',
      en: 'A required field is missing, too long or malformed. The answer names it.',
    },
    fix: {
      ko: '[전문 명세](../../protocol/README.md)에서 그 항목의 길이와 형식을 보세요. `createPaymentForm`은 보내기 전에 `FieldError`로 모두 알려 줍니다.',
      en: 'Look the field up in the [protocol](../../protocol/README.md). `createPaymentForm` reports all of them before anything is sent (`FieldError`).',
    },
    buyer: seesRejectionPage,
  },
  signature_wrong: rejectedForm(
    {
      ko: '`EncryptData`가 `Base64(SHA-256(EdiDate + Mid + Amt + MerchantKey))`와 다릅니다. 16진수로 썼거나, 금액에 쉼표가 있거나, 상점키가 잘렸거나, 서명한 값과 폼의 값이 다른 경우가 많습니다.',
      en: '`EncryptData` is not `Base64(SHA-256(EdiDate + Mid + Amt + MerchantKey))`. Usual causes: hexadecimal, an amount with commas, a truncated key, or form values that differ from the signed ones.',
    },
    {
      ko: '샌드박스에 같은 폼을 보내면 무엇을 다르게 했는지 화면에 나옵니다. 서명한 `EdiDate`와 `Amt`를 그대로 폼에 넣으세요.',
      en: 'Send the same form to the sandbox: its page shows the mistake. Put exactly the signed `EdiDate` and `Amt` into the form.',
    },
  ),
  request_too_old: rejectedForm(
    {
      ko: '`EdiDate`가 24시간(상점마다 설정)보다 오래되었습니다. 오래 열어 둔 주문 화면이거나, 서버가 UTC로 시각을 적은 것입니다.',
      en: '`EdiDate` is older than 24 hours (set per merchant): an order page that was left open, or a server that writes UTC.',
    },
    {
      ko: '결제 버튼을 누를 때 폼을 새로 만드세요. `EdiDate`는 서버의 시간대와 상관없이 **한국 시각**입니다.',
      en: 'Create the form when the pay button is pressed. `EdiDate` is **Korean time**, in any time zone of the server.',
    },
  ),
  request_in_future: rejectedForm(
    {
      ko: '`EdiDate`가 10분(상점마다 설정) 넘게 앞섭니다. 서버 시계가 틀렸거나 시간대를 두 번 더했습니다.',
      en: '`EdiDate` is more than 10 minutes ahead (set per merchant): the clock is wrong, or the time zone offset was added twice.',
    },
    {
      ko: 'NTP로 시계를 맞추고, 한국 시각을 한 번만 적용하세요.',
      en: 'Synchronize the clock by NTP and apply Korean time once.',
    },
  ),
  merchant_unknown: {
    places: ['window', 'approval'],
    cause: {
      ko: '`Mid`가 이 게이트웨이에 없습니다. 테스트와 운영의 `Mid`는 다릅니다.',
      en: 'This gateway does not know the `Mid`. Staging and production use different ones.',
    },
    fix: {
      ko: '호스트와 `Mid`가 같은 환경의 것인지 보세요.',
      en: 'Check that host and `Mid` belong to the same environment.',
    },
    buyer: seesRejectionPage,
  },
  easy_pay_merchant_mismatch: {
    places: ['window', 'deletion', 'issue', 'key-deletion'],
    cause: { ko: '`SspMallId`가 그 `Mid`의 것이 아닙니다.', en: '`SspMallId` does not belong to the `Mid`.' },
    fix: {
      ko: '함께 발급받은 두 값을 같은 환경에서 쓰세요.',
      en: 'Use the two values that were issued together, in the same environment.',
    },
    buyer: seesRejectionPage,
  },
  amount_below_minimum: {
    ...rejectedForm(
      {
        ko: '`Amt`가 상점의 최소 금액(처음 값 100원)보다 작습니다.',
        en: '`Amt` is below the merchant’s minimum (100 won unless set).',
      },
      {
        ko: '할인 뒤 금액이 최소 금액 아래로 내려가지 않게 하세요. 0원 주문은 결제창 없이 끝내세요.',
        en: 'Keep the amount after discounts above the minimum; complete orders of 0 won without the window.',
      },
    ),
    places: ['window', 'charge'],
  },
  tax_split_wrong: {
    ...rejectedForm(
      {
        ko: '`TaxAmt` + `VatAmt` + `TaxFreeAmt`가 `Amt`와 다릅니다.',
        en: '`TaxAmt` + `VatAmt` + `TaxFreeAmt` is not `Amt`.',
      },
      {
        ko: '셋을 모두 비우거나, 합이 `Amt`와 같게 하세요. 반올림은 한 곳에서만 하세요.',
        en: 'Leave all three empty, or make their sum equal `Amt`. Round in one place only.',
      },
    ),
    places: ['window', 'charge'],
  },
  issuer_not_selectable: rejectedForm(
    {
      ko: '`FnCd`가 없는 코드이거나 결제요청에 쓸 수 없는 카드사입니다.',
      en: '`FnCd` is not a known code, or its issuer cannot be selected in a payment request.',
    },
    {
      ko: '[카드사 코드](../../protocol/card-companies.md)에서 “결제요청에서 지정”이 O인 코드를 쓰거나 비우세요.',
      en: 'Use a selectable code of the [card companies](../../protocol/card-companies.md), or leave it empty.',
    },
  ),
  body_unreadable: {
    places: everyCall,
    cause: {
      ko: '본문이 비었거나, JSON·폼이 아니거나, 중간에 끊겼습니다.',
      en: 'The body is empty, neither JSON nor a form, or was cut off.',
    },
    fix: {
      ko: '`Content-Type`과 본문을 맞추세요. 승인은 JSON, 결제요청은 폼입니다.',
      en: 'Make `Content-Type` match the body: JSON for an approval, a form for a payment request.',
    },
    buyer: seesRejectionPage,
  },
  body_too_large: {
    places: everyCall,
    cause: { ko: '본문이 64 KiB보다 큽니다.', en: 'The body is larger than 64 KiB.' },
    fix: { ko: '전문에 없는 값을 함께 보내지 마세요.', en: 'Send only the fields of the protocol.' },
    buyer: seesRejectionPage,
  },
  path_unknown: {
    places: everyCall,
    cause: { ko: '주소가 다릅니다.', en: 'The address is wrong.' },
    fix: {
      ko: '[주소 목록](../../protocol/endpoints.md)과 비교하세요. `/ssp/reqPay.do`와 `/payment/approval/…`은 호스트가 다릅니다.',
      en: 'Compare with the [endpoints](../../protocol/endpoints.md): `/ssp/reqPay.do` and `/payment/approval/…` are on different hosts.',
    },
    buyer: {
      ko: '결제창 주소가 틀렸다면 “없는 주소입니다” 화면.',
      en: 'If the address of the window is wrong, a page that says so.',
    },
  },
  service_not_offered: {
    places: ['window', 'approval', 'cancel'],
    cause: {
      ko: '빌링키, 가상계좌, 예전 결제창처럼 실제 서비스에는 있고 이 게이트웨이에는 없는 주소이거나, `PayMethod`가 `CARD`가 아닙니다. 서버가 부르면 응답의 `ResultMsg`, 요청 기록에는 언제나 서비스 이름이 남습니다.',
      en: 'An address that the real service has and this gateway has not, such as bill keys, virtual accounts and the older windows, or a `PayMethod` other than `CARD`. `ResultMsg` names the service to a server, and the request log always does.',
    },
    fix: {
      ko: '[제공하는 것과 제공하지 않는 것](../../protocol/endpoints.md)에서 비교하세요. 그 서비스를 시험하려면 결제 서비스의 테스트 환경을 쓰세요.',
      en: 'Compare with [what is offered and what is not](../../protocol/endpoints.md). To test that service, use the staging environment of the payment service.',
    },
    buyer: seesRejectionPage,
  },
  installment_below_minimum: {
    ...rejectedForm(
      {
        ko: '5만 원 미만인데 `CardQuota`로 할부를 지정했습니다.',
        en: '`CardQuota` requests instalments for less than 50,000 won.',
      },
      { ko: '`CardQuota`를 비우거나 `00`으로 보내세요.', en: 'Omit `CardQuota` or send `00`.' },
    ),
    places: ['window', 'charge'],
  },
  text_outside_charset: rejectedForm(
    {
      ko: '`EncodingType=euckr`로 답을 받겠다고 했는데 EUC-KR로 쓸 수 없는 글자(이모지 등)가 있습니다.',
      en: '`EncodingType=euckr` requests EUC-KR answers, but a character such as an emoji cannot be encoded in EUC-KR.',
    },
    {
      ko: '`EncodingType`을 비워 UTF-8로 받거나 그 글자를 빼세요. `createPaymentForm`은 글자까지 알려 줍니다(`UnwritableTextError`).',
      en: 'Omit `EncodingType` to use UTF-8, or remove the character. `createPaymentForm` reports it (`UnwritableTextError`).',
    },
  ),
  return_origin_not_allowed: rejectedForm(
    {
      ko: '`ReturnUrl`이나 `StopUrl`의 주소(스킴·호스트·포트)가 상점의 `allowedOrigins`에 없습니다.',
      en: 'Scheme, host and port of `ReturnUrl` or `StopUrl` are not among the merchant’s `allowedOrigins`.',
    },
    {
      ko: '주소를 등록하세요. `https://shop.example`과 `https://www.shop.example`은 다른 주소입니다.',
      en: 'Register the origin. `https://shop.example` and `https://www.shop.example` are different origins.',
    },
  ),
  page_origin_not_allowed: rejectedForm(
    {
      ko: '결제창을 연 페이지의 주소가 `allowedOrigins`에 없습니다.',
      en: 'The origin of the page that opened the window is not among the merchant’s `allowedOrigins`.',
    },
    { ko: 'PC 주문 화면이 있는 주소도 등록하세요.', en: 'Register the origin of the order page too.' },
  ),
  allowed_origins_missing: rejectedForm(
    {
      ko: '샌드박스가 아닌 게이트웨이에 허용 주소가 없는 상점이 있습니다.',
      en: 'A merchant has no allowed origins, and the gateway is not a sandbox.',
    },
    {
      ko: '운영자가 상점 파일의 `allowedOrigins`를 채우고 다시 읽게(SIGHUP) 해야 합니다.',
      en: 'The operator sets `allowedOrigins` in the merchants file and reloads it (SIGHUP).',
    },
  ),
  merchant_unusable: {
    places: ['window', 'approval', 'issue', 'charge', 'key-deletion'],
    cause: {
      ko: '예전 버전이 저장한 가맹점 설정에 응답에 쓸 수 없는 값이 있습니다. 예: 줄바꿈이 든 상호.',
      en: 'A merchant setting saved by an older version cannot be written into an answer, for example a name with a line break.',
    },
    fix: {
      ko: '운영자가 상점 파일에서 고치거나 `takesPayments`를 켜고 다시 읽게(SIGHUP) 해야 합니다. 게이트웨이 로그의 `merchant_unusable`이 항목을 알려 줍니다.',
      en: 'The operator corrects it in the merchants file, or sets `takesPayments`, and reloads the file (SIGHUP). The log event `merchant_unusable` names the setting.',
    },
    buyer: seesRejectionPage,
  },
  general_payments_off: rejectedForm(
    {
      ko: '`SspMallId`와 `PopCheck`가 없는 일반 카드결제 요청인데, 상점이 일반 카드결제를 쓰지 않습니다.',
      en: 'The form has neither `SspMallId` nor `PopCheck`, so it asks for a general card payment, and the merchant takes none.',
    },
    {
      ko: '간편결제라면 두 항목을 보내세요. 일반 카드결제라면 운영자가 상점 설정 `takesGeneralPayments`를 켜야 합니다.',
      en: 'For SS-Pay, send both fields. For general card payments the operator turns on the merchant’s setting `takesGeneralPayments`.',
    },
  ),
} as const satisfies Partial<Record<ResultReason, ResultAdvice>>
