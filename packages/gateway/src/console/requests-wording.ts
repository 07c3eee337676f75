import type { LocalizedText, Sensitivity } from '@sspay/protocol'
import { koreanTime, notOfferedPaths } from '@sspay/protocol/internal'
import type { CallDirection, CallKind, CallResult, CallWarning, RecordedCall } from '../request-log/model.ts'
import type { StateText } from './wording.ts'

export const parties = ['buyer', 'shop', 'gateway', 'outside'] as const

export type Party = (typeof parties)[number]

export const partyText: Readonly<Record<Party, LocalizedText>> = {
  buyer: { ko: '구매자', en: "The buyer's browser" },
  shop: { ko: '상점', en: "The shop's server or page" },
  gateway: { ko: '게이트웨이', en: 'The gateway' },
  outside: { ko: '카드사·인증', en: 'The card network and the identity agency' },
}

interface KindText extends LocalizedText {
  readonly from: Party
  readonly to: Party
}

export const kindText: Readonly<Record<CallKind, KindText>> = {
  window: { ko: '결제창 열기', en: 'Opens the payment window', from: 'buyer', to: 'gateway' },
  step: { ko: '결제창 입력', en: 'One submit of the payment window', from: 'buyer', to: 'gateway' },
  return: {
    ko: '인증 결과 전달',
    en: 'The browser carries the approval ticket to the shop',
    from: 'gateway',
    to: 'shop',
  },
  abort: { ko: '결제 중단 전달', en: 'The browser carries the abort to the shop', from: 'gateway', to: 'shop' },
  approval: { ko: '승인', en: 'Approval', from: 'shop', to: 'gateway' },
  inquiry: { ko: '승인 조회', en: 'Inquiry', from: 'shop', to: 'gateway' },
  cancellation: { ko: '취소', en: 'Cancellation', from: 'shop', to: 'gateway' },
  'member-deletion': { ko: '회원 삭제', en: 'Member deletion', from: 'shop', to: 'gateway' },
  'bill-key-window': { ko: '빌링키 발급창 열기', en: 'Opens the window of a bill key', from: 'buyer', to: 'gateway' },
  'bill-key-result': {
    ko: '빌링키 발급 결과 전달',
    en: 'The browser carries the result of a bill key to the shop',
    from: 'gateway',
    to: 'shop',
  },
  'bill-key-registration': { ko: '빌링키 발급', en: 'Bill key from a card number', from: 'shop', to: 'gateway' },
  'bill-key-payment': { ko: '빌링키 결제', en: 'Charge of a bill key', from: 'shop', to: 'gateway' },
  'bill-key-deletion': { ko: '빌링키 삭제', en: 'Deletion of a bill key', from: 'shop', to: 'gateway' },
  'card-network': { ko: '카드사', en: 'Card network', from: 'gateway', to: 'outside' },
  identity: { ko: '본인인증', en: 'Identity agency', from: 'gateway', to: 'outside' },
  notification: { ko: '재통보', en: 'Notification to the shop', from: 'gateway', to: 'shop' },
  unknown: { ko: '없는 주소', en: 'No such address', from: 'shop', to: 'gateway' },
  'not-offered': { ko: '제공하지 않는 서비스', en: 'Service that is not offered', from: 'shop', to: 'gateway' },
}

export const resultText: Readonly<Record<CallResult, StateText>> = {
  ok: { ko: '성공', en: 'OK', tone: 'success' },
  rejected: { ko: '거절', en: 'Rejected', tone: 'warning' },
  failed: { ko: '실패', en: 'Failed', tone: 'danger' },
}

export const directionText: Readonly<Record<CallDirection, LocalizedText>> = {
  in: { ko: '받은 요청', en: 'Calls in' },
  out: { ko: '보낸 요청', en: 'Calls out' },
}

export const sensitivityText: Readonly<Record<Sensitivity | 'unknown', LocalizedText>> = {
  public: { ko: '공개', en: 'Shown as it is' },
  personal: { ko: '개인정보', en: 'Personal: the first character' },
  secret: { ko: '비밀', en: 'Secret: hidden' },
  unknown: { ko: '표에 없음', en: 'Unknown: hidden' },
}

export const warningText: Readonly<Record<CallWarning, LocalizedText>> = {
  merchant_key_leaked: {
    ko: '폼에 상점키(MerchantKey)가 들어 있습니다. 구매자의 브라우저에서 누구나 볼 수 있으니 폼에서 빼고, 운영 키라면 바로 바꾸세요. 값은 읽지도 남기지도 않았습니다.',
    en: 'The form carries the MerchantKey, so every buyer can read it. Take it out of the form, and replace the key if it is a real one. Its value was neither read nor kept.',
  },
  fields_ignored: {
    ko: '비었거나 읽을 수 없는 필드가 있어, 그 필드 없이 결제를 진행했습니다.',
    en: 'A field was empty or unreadable; the payment went on without it.',
  },
  merchant_note_missing: {
    ko: 'MallReserved가 없습니다. 가이드의 표에는 필수이므로 운영 서비스는 거절할 수 있습니다. Base64로 인코딩한 값을 보내세요.',
    en: 'MallReserved is missing. The table of the guide requires it, so the real service may reject the form. Send a value encoded as Base64.',
  },
  merchant_note_not_base64: {
    ko: 'MallReserved가 Base64가 아닙니다. 받은 그대로 돌려보내지만, 운영 서비스는 거절하거나 깨뜨릴 수 있습니다. Base64로 인코딩하세요.',
    en: 'MallReserved is not Base64. It is returned as it came, but the real service may reject or garble it. Encode it as Base64.',
  },
  request_time_utc: {
    ko: 'EdiDate가 9시간 이릅니다. UTC로 적은 것으로 보입니다. 받기는 했지만 한국 시각(Asia/Seoul)으로 적으세요.',
    en: 'EdiDate is nine hours behind, as if written in UTC. It was accepted; write Korean time (Asia/Seoul).',
  },
  called_from_browser: {
    ko: '브라우저가 불렀습니다(Origin 헤더가 있습니다). 이 API를 브라우저에서 부르지 마세요. 상점 서버에서 부르세요. 페이지는 응답을 읽지 못하고(CORS), 구매자가 값을 바꿀 수 있습니다.',
    en: "A browser called: the request has an Origin header. Do not call this API from a browser but from the shop's server: the page cannot read the answer (CORS), and the buyer can change the values.",
  },
}

/** The step of the window, the operation of a port, how the result returns to the shop, or a service not offered. */
const detailText: Readonly<Record<string, LocalizedText>> = {
  terms: { ko: '약관 동의', en: 'terms' },
  identity: { ko: '본인 정보', en: 'identity' },
  'identity-code': { ko: '인증번호', en: 'code' },
  'resend-code': { ko: '인증번호 다시 받기', en: 'resend the code' },
  card: { ko: '카드 등록', en: 'card' },
  'pop-card': { ko: '팝카드', en: 'POP card' },
  'password-set': { ko: '비밀번호 정하기', en: 'new password' },
  'password-repeat': { ko: '비밀번호 다시 입력', en: 'repeated password' },
  password: { ko: '결제 비밀번호', en: 'password' },
  'pay-with-passkey': { ko: '패스키 결제', en: 'passkey' },
  'open-with-passkey': { ko: '패스키로 등록 확인', en: 'passkey, to register a card' },
  register: { ko: '정기결제 카드 등록', en: 'registration of the card' },
  confirm: { ko: '결제 확인', en: 'confirmation' },
  abort: { ko: '중단', en: 'abort' },
  language: { ko: '언어 바꾸기', en: 'language' },
  message: { ko: '메시지(PC)', en: 'by message' },
  post: { ko: '폼 전송(모바일)', en: 'by post' },
  authorize: { ko: '승인', en: 'authorize' },
  inquire: { ko: '조회', en: 'inquire' },
  reverse: { ko: '망취소', en: 'reverse' },
  cancel: { ko: '취소', en: 'cancel' },
  codes: { ko: '인증번호 발송', en: 'send a code' },
  check: { ko: '인증번호 확인', en: 'check a code' },
  messages: { ko: '안내 문자 발송', en: 'send a text message' },
  ...notOfferedPaths,
}

export function describeDetail({ kind, detail, address }: RecordedCall): LocalizedText | undefined {
  const isPort = kind === 'card-network' || kind === 'identity'
  const name = isPort ? (address.split('/').at(-1) ?? '') : (detail ?? '')
  if (name === '') return undefined
  return Object.hasOwn(detailText, name) ? detailText[name] : { ko: name, en: name }
}

/** `2025-01-02 03:04:05.678` in Korean time. */
export const formatMoment = (date: Date): string =>
  `${koreanTime(date)}.${String(date.getUTCMilliseconds()).padStart(3, '0')}`
