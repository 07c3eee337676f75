import type { CardRejection, DeclineReason } from '@sspay/gateway'
import { findIssuer, type Issuer } from '@sspay/gateway/tools'
import { findCardCompany, type LocalizedText, resultCodes } from '@sspay/protocol'

/**
 * The response to an authorization. `silent`: no charge, no response in time. `late`: charged, but the response arrives
 * after the gateway's timeout. `twice`: charged once, the response is sent twice.
 */
export type Behaviour = 'approve' | 'silent' | 'late' | 'twice' | { readonly decline: DeclineReason }

/**
 * The response to the registration of a card. `anyone`: any person may register it, with any password that does not
 * begin with 00. `owner`: only the person with this birth date (yyMMdd), or the company with this business number.
 * `silent`: no response.
 */
export type Registration = 'anyone' | { readonly owner: string } | { readonly reject: CardRejection } | 'silent'

/** Of every `outOf` charges of the card the first `approved` are approved, the others declined. */
export interface Declines {
  readonly reason: DeclineReason
  readonly approved: number
  readonly outOf: number
}

/** A card of the simulated network. */
export interface TestCard {
  readonly cardNumber: string
  readonly behaviour: Behaviour
  /** For subscriptions. Absent: every charge has the same response. */
  readonly declines?: Declines
  readonly registration: Registration
  readonly note: LocalizedText
}

const card = (cardNumber: string, behaviour: Behaviour, ko: string, en: string): TestCard => ({
  cardNumber,
  behaviour,
  registration: 'anyone',
  note: { ko, en },
})

const declinedCard = (cardNumber: string, decline: DeclineReason): TestCard => {
  const { code, ko, en } = resultCodes[decline]
  return card(cardNumber, { decline }, `거절(${code}): ${ko}`, `declined (${code}): ${en}`)
}

/** `ko`, `en`: which charges are declined. */
const sometimesDeclined = (cardNumber: string, approved: number, outOf: number, ko: string, en: string): TestCard => ({
  ...card(
    cardNumber,
    'approve',
    `${ko} 결제를 거절(${code}): ${message.ko}`,
    `${en} declined (${code}): ${message.en}`,
  ),
  declines: { reason: 'balance_insufficient', approved, outOf },
})
const { code, ...message } = resultCodes.balance_insufficient

const ownedCard = (cardNumber: string, registration: Registration, ko: string, en: string): TestCard => ({
  ...card(cardNumber, 'approve', ko, en),
  registration,
})

/** The first card is the default of every page and command. Any other number of a known issuer is approved. */
export const testCards: readonly [TestCard, ...TestCard[]] = [
  card('9406000000000001', 'approve', '신한 신용카드, 승인', 'Shinhan credit card, approved'),
  card('9406500000000000', 'approve', '신한 체크카드, 승인(할부 불가)', 'Shinhan check card, approved; no instalments'),
  card('9404000000000003', 'approve', '삼성 신용카드, 승인', 'Samsung credit card, approved'),
  card('9407000000000000', 'approve', '현대 신용카드, 승인', 'Hyundai credit card, approved'),
  card('9402000000000005', 'approve', '국민 신용카드, 승인', 'Kookmin credit card, approved'),
  card('9408000000000009', 'approve', '롯데 신용카드, 승인', 'Lotte credit card, approved'),
  card('9437500000000003', 'approve', '카카오뱅크 체크카드, 승인', 'KakaoBank check card, approved'),
  card('4111111111111111', 'approve', '해외 VISA, 승인', 'foreign VISA, approved'),
  card('5555555555554444', 'approve', '해외 Mastercard, 승인', 'foreign Mastercard, approved'),
  card('3530111333300000', 'approve', '해외 JCB, 승인', 'foreign JCB, approved'),
  declinedCard('9406000030110002', 'card_number_invalid'),
  declinedCard('9406000030210000', 'card_expired'),
  declinedCard('9406000030220009', 'installment_unsupported'),
  declinedCard('9406000030230008', 'installment_months_invalid'),
  declinedCard('9406000030410006', 'card_amount_too_small'),
  declinedCard('9406000030810007', 'balance_insufficient'),
  declinedCard('9406000030950001', 'issuer_declined'),
  card('9406000040000003', 'silent', '응답 없음, 청구되지 않음', 'no response; not charged'),
  card('9406000050000000', 'late', '청구되지만 응답이 늦음', 'charged, but the response is too late'),
  card('9406000060000008', 'twice', '같은 응답이 두 번 옴, 청구는 한 번', 'the response arrives twice; charged once'),
  sometimesDeclined('9406000080101208', 1, 2, '2번째마다', 'every second charge'),
  sometimesDeclined('9406000080102305', 2, 3, '3번째마다', 'every third charge'),
  sometimesDeclined(
    '9406000080101505',
    1,
    5,
    '5번 가운데 첫 번째만 승인, 나머지',
    'of every five charges the first approved, the others',
  ),
  ownedCard(
    '9406000070010005',
    { owner: '800101' },
    '생년월일 800101인 사람만 등록, 다른 사람은 명의 불일치로 거절',
    'only a person born 800101 can add it; others are rejected as not the owner',
  ),
  ownedCard(
    '9406000070020004',
    { owner: '1234567891' },
    '법인카드, 사업자등록번호 1234567891로만 등록',
    'corporate card, only added with the business number 1234567891',
  ),
  ownedCard(
    '9406000070030003',
    { reject: 'password_wrong' },
    '등록할 때 카드 비밀번호 오류로 거절',
    'cannot be added: card password wrong',
  ),
  ownedCard(
    '9406000070040002',
    { reject: 'card_stopped' },
    '등록할 때 분실·정지 카드로 거절',
    'cannot be added: reported lost, or stopped',
  ),
  ownedCard(
    '9406000070050001',
    { reject: 'issuer_declined' },
    '등록할 때 카드사가 확인해 주지 않음',
    'cannot be added: the issuer does not confirm it',
  ),
  ownedCard(
    '9406000070060000',
    'silent',
    '등록할 때 카드사가 응답하지 않음',
    'cannot be added: the issuer does not respond',
  ),
]

export const findTestCard = (cardNumber: string): TestCard | undefined =>
  testCards.find((testCard) => testCard.cardNumber === cardNumber)

export const otherCards: LocalizedText = {
  ko: '유효기간은 미래의 아무 달이나, 카드 비밀번호는 00이 아닌 아무 두 자리나 됩니다. 표에 없는 번호도 카드사를 알 수 있으면 승인됩니다.',
  en: 'Any month in the future is a good expiry, any two digits but 00 a good card password. Other numbers of known issuers are approved too.',
}

/** `9406 0000 0000 0001`. */
export const spaced = (cardNumber: string): string => cardNumber.replace(/(\d{4})(?=\d)/g, '$1 ')

type CardIssuer = {
  readonly [Name in keyof Issuer | 'issuerName']: (Issuer & { issuerName: string })[Name] | undefined
}

export function issuerOf(cardNumber: string): CardIssuer {
  const { issuerCode, cardKind } = findIssuer(cardNumber) ?? {}
  return { issuerCode, issuerName: findCardCompany(issuerCode ?? '')?.name, cardKind }
}
