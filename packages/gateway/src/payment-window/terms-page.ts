import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import { isGeneral } from '../approval/model.ts'
import { renderForm } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import type { WindowSession } from './model.ts'
import { guestTerms, memberTerms, recurringTerm, type Term } from './terms.ts'

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
  const own = memberTerms.filter(({ id }) => id !== 'identity' || merchant.identityVerification === 'required')
  return state.registration === undefined ? own : [recurringTerm, ...own]
}
