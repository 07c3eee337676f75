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

/** Terms of a member, who registers a card once. */
export const memberTerms: readonly Term[] = [
  {
    id: 'service',
    title: { ko: '간편결제 서비스 이용약관', en: 'Terms of the easy payment service' },
    text: {
      ko: '간편결제는 카드를 한 번 등록한 뒤 결제 비밀번호 6자리로 결제하는 서비스입니다. 회원은 등록한 카드와 결제 비밀번호를 다른 사람에게 빌려주거나 알려서는 안 되며, 분실하거나 도용된 사실을 알게 되면 바로 알려야 합니다. 비밀번호를 5회 잘못 입력하면 잠깁니다. 본인인증을 다시 하면 새 비밀번호를 정할 수 있고, 이때 등록한 카드와 패스키는 모두 삭제됩니다. 본인인증을 사용하지 않는 쇼핑몰에서는 해지한 뒤 다시 가입해야 합니다. 회원은 언제든지 이용하는 쇼핑몰에서 서비스를 해지할 수 있고, 해지하면 등록한 카드 정보가 모두 삭제됩니다.',
      en: 'Easy payment lets you register a card once and then pay with a payment password of six digits. You may not lend your cards or tell your payment password to anybody, and you tell us at once when you learn that they were lost or used by somebody else. After five wrong passwords you are locked out. You can verify your identity again and choose a new password; all cards and passkeys you registered are then deleted. In a shop without identity verification you have to leave the service and sign up again. You can leave the service at any time in the shop where you use it; all data of your cards is then deleted.',
    },
  },
  {
    id: 'privacy',
    title: { ko: '개인정보 수집 및 이용', en: 'Collection and use of personal data' },
    text: {
      ko: '수집 항목: 이름, 생년월일, 성별, 휴대폰 번호, 통신사, 연계정보(CI), 카드번호, 카드 유효기간. 이용 목적: 회원 가입, 본인 확인, 카드 등록과 결제, 부정 거래 방지. 보유 기간: 회원 해지까지. 다만 법령이 정한 거래 기록은 그 기간 동안 보관합니다. 동의하지 않을 수 있으며, 이 경우 간편결제를 이용할 수 없습니다.',
      en: 'What we collect: name, birth date, sex, mobile number, carrier, connecting information (CI), card number, card expiry date. What for: signing up, verifying who you are, registering cards and paying, preventing fraud. How long: until you leave the service; records of transactions that the law requires are kept for as long as it says. You need not agree, but then you cannot use easy payment.',
    },
  },
  {
    id: 'third-party',
    title: { ko: '개인정보 제3자 제공', en: 'Passing personal data to third parties' },
    text: {
      ko: '제공받는 자: 결제를 요청한 쇼핑몰, 등록한 카드의 카드사, 본인인증기관. 제공 항목: 결제 내역과 일부를 가린 카드번호(쇼핑몰), 카드번호와 유효기간(카드사), 이름, 생년월일, 성별, 통신사, 휴대폰 번호(본인인증기관). 제공 목적: 결제 승인과 취소, 본인 확인. 보유 기간: 목적을 이룰 때까지, 또는 법령이 정한 기간.',
      en: 'Who receives it: the shop that asks for the payment, the companies of the cards you register, the identity verification company. What they receive: the payment and the card number with some digits hidden (shop); card number and expiry date (card company); name, birth date, sex, carrier and mobile number (identity verification company). What for: approving and cancelling payments, verifying who you are. How long: until that is done, or as long as the law says.',
    },
  },
  {
    id: 'identity',
    title: { ko: '본인인증 서비스 이용', en: 'Use of identity verification' },
    text: {
      ko: '휴대폰 본인인증을 위해 입력한 이름, 생년월일, 성별, 통신사, 휴대폰 번호를 본인인증기관에 보내 문자로 받은 인증번호로 본인인지 확인합니다. 본인인증기관은 확인한 이름, 생년월일, 성별, 휴대폰 번호와 연계정보(CI)를 돌려줍니다. 확인 결과는 회원 가입, 구매자 정보와의 비교, 결제 비밀번호 재설정에만 사용합니다.',
      en: 'To verify who you are by mobile phone, we send the name, birth date, sex, carrier and mobile number that you enter to the identity verification company, which sends you a code by text message. The company tells us the name, birth date, sex and mobile number it has verified and your connecting information (CI). We use them only to sign you up, to compare you with the buyer that the shop names, and to set a new payment password.',
    },
  },
]

/** Terms of recurring payments, for every card that is registered for them. */
export const recurringTerm: Term = {
  id: 'recurring',
  title: { ko: '정기결제 이용약관', en: 'Terms of recurring payments' },
  text: {
    ko: '정기결제(자동결제)는 쇼핑몰이 회원과 약속한 날에 약속한 금액을 등록한 카드로 결제하는 서비스입니다. 카드를 등록하면 쇼핑몰이 그 카드로 결제할 수 있는 빌링키를 받으며, 그 뒤로는 결제할 때마다 비밀번호나 본인인증을 요구하지 않습니다. 카드를 등록하는 것만으로는 결제되지 않습니다. 결제할 금액과 날짜, 무료 이용이 끝나는 날은 쇼핑몰이 알려야 하고, 금액을 올리거나 무료 이용을 유료로 바꾸려면 미리 회원의 동의를 받아야 합니다. 회원은 언제든지 그만둘 수 있습니다. 쇼핑몰에서 정기결제를 해지하거나, 카드 관리에서 그 카드를 삭제하거나, 간편결제 서비스를 해지하면 빌링키가 없어져 다음 결제부터 청구되지 않습니다. 이미 결제한 금액의 취소와 환불은 쇼핑몰에 요청합니다.',
    en: 'In recurring payments the shop charges the card you register on the days and with the amounts that you have agreed on with it. The shop receives a bill key for that card, and no password or identity verification is asked for when it charges. Registering the card charges nothing. The shop must tell you amounts, dates and the end of a free period, and must have your consent before it raises the amount or ends a free period. You can stop at any time: end the subscription in the shop, delete the card among your cards, or leave the easy payment service. The bill key then ends, and the next payment is not charged. Ask the shop for cancellations and refunds of what was charged before.',
  },
}
