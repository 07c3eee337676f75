import type { LocalizedText } from '@sspay/protocol'

export interface Term {
  readonly id: string
  readonly title: LocalizedText
  readonly text: LocalizedText
}

/** Terms of a general card payment, whose buyer does not become a member. */
export const guestTerms: readonly Term[] = [
  {
    id: 'service',
    title: { ko: '전자금융거래 이용약관', en: 'Terms of electronic payment' },
    text: {
      ko: '가입하지 않고 카드 정보를 입력해 이번 한 번만 결제합니다. 본인 명의이거나 사용할 권한이 있는 카드만 쓸 수 있습니다. 결제 취소와 환불은 구매한 쇼핑몰에 요청하고, 잘못된 거래를 알게 되면 바로 알려야 합니다.',
      en: 'You enter a card and pay this once, without signing up. Use only a card that is your own or that you are authorised to use. Ask the shop where you buy for cancellations and refunds, and tell us at once when you learn of a wrong transaction.',
    },
  },
  {
    id: 'privacy',
    title: { ko: '개인정보 수집 및 이용', en: 'Collection and use of personal data' },
    text: {
      ko: '수집 항목: 카드번호, 카드 유효기간, 카드 비밀번호 앞 2자리, 카드 소유자의 생년월일 또는 사업자등록번호. 이용 목적: 카드 확인과 결제, 부정 거래 방지. 보유 기간: 비밀번호, 생년월일, 사업자등록번호는 저장하지 않고, 카드번호와 유효기간은 결제가 끝나면 삭제합니다. 다만 법령이 정한 거래 기록은 그 기간 동안 보관합니다. 동의하지 않을 수 있으며, 이 경우 결제할 수 없습니다.',
      en: 'What we collect: card number, card expiry date, first two digits of the card password, and the birth date or business number of the card owner. What for: confirming the card and paying, preventing fraud. How long: password, birth date and business number are not stored; card number and expiry date are deleted when the payment has ended; records of transactions that the law requires are kept for as long as it says. You need not agree, but then you cannot pay.',
    },
  },
  {
    id: 'third-party',
    title: { ko: '개인정보 제3자 제공', en: 'Passing personal data to third parties' },
    text: {
      ko: '제공받는 자: 결제를 요청한 쇼핑몰, 입력한 카드의 카드사. 제공 항목: 결제 내역과 일부를 가린 카드번호(쇼핑몰), 입력한 카드 정보(카드사). 제공 목적: 카드 확인, 결제 승인과 취소. 보유 기간: 목적을 이룰 때까지, 또는 법령이 정한 기간.',
      en: 'Who receives it: the shop that asks for the payment, the company of the card you enter. What they receive: the payment and the card number with some digits hidden (shop); the card data you enter (card company). What for: confirming the card, approving and cancelling the payment. How long: until that is done, or as long as the law says.',
    },
  },
]
