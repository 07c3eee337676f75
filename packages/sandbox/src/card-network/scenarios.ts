import type { CardRejection, DeclineReason } from '@sspay/gateway'
import type { LocalizedText } from '@sspay/protocol'

/**
 * What a test card does when it is asked to pay. `silent`: charges nothing and never answers in time. `late`: charges, and answers
 * after the gateway has stopped waiting. `twice`: charges once and sends its answer twice.
 */
export type Behaviour = 'approve' | 'silent' | 'late' | 'twice' | { readonly decline: DeclineReason }

/**
 * What the issuer says when somebody registers a test card. `whoever`: it is the card of every person who gives a birth date, with any password
 * that does not begin with 00. `owner`: it is the card of who was born then (yyMMdd), or of the company with this business number. `silent`:
 * never answers.
 */
export type Registration = 'whoever' | { readonly owner: string } | { readonly reject: CardRejection } | 'silent'

/** A card of the simulated network, and what it does. */
export interface TestCard {
  readonly cardNumber: string
  readonly behaviour: Behaviour
  readonly registration: Registration
  readonly note: LocalizedText
}

const card = (cardNumber: string, behaviour: Behaviour, ko: string, en: string): TestCard => ({
  cardNumber,
  behaviour,
  registration: 'whoever',
  note: { ko, en },
})

const ownedCard = (cardNumber: string, registration: Registration, ko: string, en: string): TestCard => ({
  cardNumber,
  behaviour: 'approve',
  registration,
  note: { ko, en },
})

/** The first row is the card that every page and command proposes. Any other number that a known issuer gives out is approved. */
export const testCards: readonly [TestCard, ...TestCard[]] = [
  card('9406000000000001', 'approve', '신한 신용카드, 승인', 'Shinhan credit card, approved'),
  card(
    '9406500000000000',
    'approve',
    '신한 체크카드, 승인(할부 불가)',
    'Shinhan check card, approved; takes no instalments',
  ),
  card('9404000000000003', 'approve', '삼성 신용카드, 승인', 'Samsung credit card, approved'),
  card('9407000000000000', 'approve', '현대 신용카드, 승인', 'Hyundai credit card, approved'),
  card('9402000000000005', 'approve', '국민 신용카드, 승인', 'Kookmin credit card, approved'),
  card('9408000000000009', 'approve', '롯데 신용카드, 승인', 'Lotte credit card, approved'),
  card('9437500000000003', 'approve', '카카오뱅크 체크카드, 승인', 'KakaoBank check card, approved'),
  card('4111111111111111', 'approve', '해외 VISA, 승인', 'VISA from abroad, approved'),
  card('5555555555554444', 'approve', '해외 Mastercard, 승인', 'Mastercard from abroad, approved'),
  card('3530111333300000', 'approve', '해외 JCB, 승인', 'JCB from abroad, approved'),
  card(
    '9406000030110002',
    { decline: 'card_number_invalid' },
    '카드번호 오류로 거절(3011)',
    'declined: card number (3011)',
  ),
  card('9406000030210000', { decline: 'card_expired' }, '유효기간 오류로 거절(3021)', 'declined: expiry (3021)'),
  card(
    '9406000030220009',
    { decline: 'installment_unsupported' },
    '할부 불가로 거절(3022)',
    'declined: no instalments (3022)',
  ),
  card(
    '9406000030230008',
    { decline: 'installment_months_invalid' },
    '할부 개월 오류로 거절(3023)',
    'declined: number of instalments (3023)',
  ),
  card(
    '9406000030410006',
    { decline: 'card_amount_too_small' },
    '최소 금액 미만으로 거절(3041)',
    'declined: amount too small (3041)',
  ),
  card(
    '9406000030810007',
    { decline: 'balance_insufficient' },
    '잔액·한도 부족으로 거절(3081)',
    'declined: balance or limit (3081)',
  ),
  card('9406000030950001', { decline: 'issuer_declined' }, '카드사 거절(3095)', 'declined by the issuer (3095)'),
  card('9406000040000003', 'silent', '응답 없음, 청구되지 않음', 'never answers; nothing is charged'),
  card('9406000050000000', 'late', '청구되지만 응답이 늦음', 'charged, but the answer comes too late'),
  card('9406000060000008', 'twice', '같은 응답이 두 번 옴, 청구는 한 번', 'answers twice in one go; charged once'),
  ownedCard(
    '9406000070010005',
    { owner: '800101' },
    '생년월일 800101인 사람만 등록, 다른 사람은 명의 불일치로 거절',
    'added by who was born 800101 only; for anyone else it is somebody else’s card',
  ),
  ownedCard(
    '9406000070020004',
    { owner: '1234567891' },
    '법인카드, 사업자등록번호 1234567891로만 등록',
    'corporate card, added with the business number 1234567891 only',
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
    'cannot be added: the issuer does not answer',
  ),
]

export const findTestCard = (cardNumber: string): TestCard | undefined =>
  testCards.find((testCard) => testCard.cardNumber === cardNumber)
