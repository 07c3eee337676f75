import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import { isGeneral } from '../approval/model.ts'
import { renderForm } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import { guestTerms, type Term } from './guest-terms.ts'
import type { WindowSession } from './model.ts'
import { recurringTerm } from './recurring-terms.ts'

export const renderTermsPage = (parts: PageParts, session: WindowSession): Html =>
  renderStep(parts, session, {
    page: 'terms',
    title: { ko: '약관 동의', en: 'Terms' },
    content: html`<h1>${parts.t(headingOf(session))}</h1>
${renderForm(
  'terms',
  html`<label class="choice all"><input type="checkbox" name="agreeAll" value="Y">${parts.t({ ko: '전체 동의', en: 'I agree to all' })}</label>
${termsOf(session).map(
  ({
    id,
    title,
    text,
  }) => html`<div class="term"><label class="choice"><input type="checkbox" name="agree" value="${id}">${parts.t(title)} <span class="faint">${parts.t({ ko: '(필수)', en: '(required)' })}</span></label>
${renderTermText(parts, { title, text })}</div>`,
)}
<div class="actions"><button class="button block">${parts.t({ ko: '동의하고 계속하기', en: 'Agree and continue' })}</button></div>`,
)}`,
  })

/** Closed at first. */
export const renderTermText = ({ t }: PageParts, { title, text }: Omit<Term, 'id'>): Html =>
  html`<details><summary>${t({ ko: '내용 보기', en: 'Read' })}<span class="visually-hidden">: ${t(title)}</span></summary><p>${t(text)}</p></details>`

function headingOf({ payment, state }: WindowSession): LocalizedText {
  if (state.registration !== undefined) return registrationHeading
  return isGeneral(payment) ? guestHeading : memberHeading
}

const registrationHeading: LocalizedText = {
  ko: '정기결제에 쓸 카드를 등록해요',
  en: 'Register a card for recurring payments',
}
const memberHeading: LocalizedText = {
  ko: '처음 한 번만 등록하면 비밀번호로 결제할 수 있어요',
  en: 'Sign up once, then pay with your password',
}
const guestHeading: LocalizedText = {
  ko: '가입하지 않고 카드로 결제할 수 있어요',
  en: 'Pay by card, without signing up',
}

/** The identity term only where identity is verified. A guest has other terms; a registration has one more. */
export function termsOf({ payment, merchant, state }: WindowSession): readonly Term[] {
  if (isGeneral(payment)) return guestTerms
  const own = terms.filter(({ id }) => id !== 'identity' || merchant.identityVerification === 'required')
  return state.registration === undefined ? own : [recurringTerm, ...own]
}

const terms: readonly Term[] = [
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
