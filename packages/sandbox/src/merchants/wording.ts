import type { BillKeyPolicy, InterestFreeRule, Merchant } from '@sspay/gateway'
import { findCardCompany, type LocalizedText } from '@sspay/protocol'
import { wonText } from '../command-line/columns.ts'
import { untranslated } from '../command-line/language.ts'
import type { ShownMerchant, ShownTarget } from './model.ts'

const identityText: Readonly<Record<Merchant['identityMatch'], LocalizedText>> = {
  none: { ko: '비교하지 않음', en: 'not compared' },
  name: { ko: '이름이 구매자와 같아야 함', en: 'the name must match the buyer' },
  phone: { ko: '휴대폰이 구매자와 같아야 함', en: 'the phone must match the buyer' },
  'name-and-phone': { ko: '이름과 휴대폰이 구매자와 같아야 함', en: 'name and phone must match the buyer' },
}

const verificationText: Readonly<Record<Merchant['identityVerification'], LocalizedText>> = {
  required: { ko: '사용', en: 'required' },
  off: { ko: '사용 안 함', en: 'off' },
}

const repeatText: Readonly<Record<Merchant['repeatedApproval'], LocalizedText>> = {
  replay: { ko: '처음 응답을 다시 줌(replay)', en: 'the first response again (replay)' },
  reject: { ko: '사용한 인증키로 거절(reject)', en: 'rejected as already used (reject)' },
}

const repeatedCancellationText: Readonly<Record<Merchant['repeatedCancellation'], LocalizedText>> = {
  replay: repeatText.replay,
  reject: { ko: '이미 취소된 거래로 거절(reject)', en: 'rejected as cancelled already (reject)' },
}

const repeatedDeletionText: Readonly<Record<Merchant['repeatedDeletion'], LocalizedText>> = {
  delete: { ko: '다시 가입한 회원도 삭제(delete)', en: 'deletes a customer who has joined again (delete)' },
  reject: { ko: '다시 가입했으면 거절(reject)', en: 'rejected once the customer has joined again (reject)' },
}

/** The settings of a merchant with their values. */
export const settingTexts = (merchant: ShownMerchant): readonly (readonly [LocalizedText, LocalizedText])[] => [
  [{ ko: '간편결제 가맹점', en: 'easy-pay merchant' }, untranslated(merchant.easyPayMerchantId)],
  [{ ko: '본인인증', en: 'identity verification' }, verificationText[merchant.identityVerification]],
  [{ ko: '본인인증 비교', en: 'identity' }, identityText[merchant.identityMatch]],
  [
    { ko: '비밀번호 전 카드 표시', en: 'cards shown before the password' },
    merchant.showsCardsBeforePassword
      ? { ko: '카드사와 끝 4자리를 보여 줌', en: 'issuer and last four digits are shown' }
      : { ko: '몇 장인지만 보여 줌', en: 'only how many there are' },
  ],
  [
    { ko: '일반 카드결제', en: 'general card payments' },
    merchant.takesGeneralPayments ? { ko: '받음', en: 'taken' } : { ko: '받지 않음', en: 'not taken' },
  ],
  [{ ko: '빌링키', en: 'bill keys' }, billKeysText(merchant.billKeys)],
  [{ ko: '승인 반복', en: 'repeated approval' }, repeatText[merchant.repeatedApproval]],
  [{ ko: '전체 취소 반복', en: 'repeated cancellation' }, repeatedCancellationText[merchant.repeatedCancellation]],
  [{ ko: '회원 삭제 반복', en: 'repeated deletion' }, repeatedDeletionText[merchant.repeatedDeletion]],
  [{ ko: '결제 중단 코드', en: 'abort code' }, untranslated(merchant.abortCode)],
  [
    { ko: '옛 MD5 서명', en: 'legacy MD5 signature' },
    merchant.acceptsLegacySignature ? { ko: '받음', en: 'accepted' } : { ko: '받지 않음', en: 'not accepted' },
  ],
  [{ ko: '최소 금액', en: 'minimum amount' }, wonText(merchant.minimumAmount)],
  [{ ko: '카드사 응답 대기', en: 'card network time-out' }, timeoutText(merchant.cardNetworkTimeoutMs)],
  [
    { ko: '허용 주소', en: 'allowed origins' },
    listText(merchant.allowedOrigins.map(untranslated), { ko: '모두(샌드박스)', en: 'all, in a sandbox' }),
  ],
  [
    { ko: '무이자 할부', en: 'interest-free' },
    listText(merchant.interestFree.map(describeInterestFree), { ko: '없음', en: 'none' }),
  ],
  [{ ko: '재통보', en: 'notifications' }, describeTarget(merchant.notification)],
]

const billKeysText = (policy: BillKeyPolicy | undefined): LocalizedText =>
  policy === undefined
    ? { ko: '쓰지 않음', en: 'off' }
    : untranslated([policy.sameCard, policy.otherCard, policy.perMember, policy.identity].join('/'))

const timeoutText = (ms: number | undefined): LocalizedText =>
  ms === undefined ? { ko: '게이트웨이의 시간', en: 'as long as the gateway waits' } : untranslated(`${ms / 1000}s`)

const listText = (texts: readonly LocalizedText[], empty: LocalizedText): LocalizedText =>
  texts.length === 0 ? empty : { ko: texts.map(({ ko }) => ko).join(', '), en: texts.map(({ en }) => en).join(', ') }

function describeTarget(target: ShownTarget | null): LocalizedText {
  if (target === null) return { ko: '보내지 않음', en: 'none' }
  const { url, charset, fieldNames = 'current', intervalMinutes, maxAttempts } = target
  return {
    ko: `${url}  ${charset}, ${fieldNames}, ${intervalMinutes}분마다 ${maxAttempts}번`,
    en: `${url}  ${charset}, ${fieldNames}, ${maxAttempts} times, ${intervalMinutes} min apart`,
  }
}

function describeInterestFree({ issuerCode, months, minimumAmount }: InterestFreeRule): LocalizedText {
  const company = issuerCode === undefined ? undefined : findCardCompany(issuerCode)
  const won = wonText(minimumAmount)
  return {
    ko: `${company === undefined ? '모든 카드' : company.name} ${months.join('·')}개월(${won.ko}부터)`,
    en: `${company === undefined ? 'every card' : company.nameEn} ${months.join(', ')} months from ${won.en}`,
  }
}
