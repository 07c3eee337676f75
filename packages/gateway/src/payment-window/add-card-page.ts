import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import { isGeneral } from '../approval/model.ts'
import { chosenIssuerText, whyNoneText } from './card-text.ts'
import { describedBy, numeric, renderError, renderForm, renderInput, renderSelect, renderSideStep } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import { renderAppOffer } from './issuer-app.ts'
import type { WindowSession } from './model.ts'

const months = Array.from({ length: 12 }, (_month, index) => String(index + 1).padStart(2, '0'))
const yearsAhead = 20

const onceText: LocalizedText = {
  ko: '한 번 등록하면 다음부터는 비밀번호만 입력하면 됩니다.',
  en: 'Add it once; from then on your password is enough.',
}

/** What the page says; a guest registers nothing. */
const textsOf = (
  session: WindowSession,
): Readonly<Record<'title' | 'heading' | 'lead' | 'button' | 'back', LocalizedText>> =>
  isGeneral(session.payment)
    ? {
        title: { ko: '카드 입력', en: 'Enter a card' },
        heading: { ko: '결제할 카드를 입력해 주세요', en: 'Enter the card you want to pay with' },
        lead: {
          ko: '카드 정보는 이번 결제에만 쓰고, 결제가 끝나면 삭제합니다.',
          en: 'The card is used for this payment only, and deleted when it has ended.',
        },
        button: { ko: '카드 확인하기', en: 'Check the card' },
        back: { ko: '앞서 입력한 카드로 결제하기', en: 'Pay with the card entered before' },
      }
    : {
        title: { ko: '카드 등록', en: 'Add a card' },
        heading: { ko: '결제할 카드를 등록해 주세요', en: 'Add the card you want to pay with' },
        lead: onceText,
        button: { ko: '카드 등록하기', en: 'Add card' },
        back: { ko: '등록된 카드로 결제하기', en: 'Pay with a card already added' },
      }

interface CardPage {
  /** Of a member without a verified one. */
  readonly asksBirthDate: boolean
  readonly offersApp: boolean
}

export function renderAddCardPage(
  parts: PageParts,
  session: WindowSession,
  { asksBirthDate, offersApp }: CardPage,
): Html {
  const { wallet, state } = session
  const { problems, mode } = state
  const isManaging = mode === 'add_managed_card'
  const { t } = parts
  const texts = textsOf(session)
  const thisYear = Number(parts.today.slice(0, 4))
  const years = Array.from({ length: yearsAhead }, (_year, index) => String(thisYear + index))
  const expiryProblem = problems?.expiryMonth
  const expirySelect = (
    name: string,
    label: LocalizedText,
    placeholder: LocalizedText,
    options: readonly string[],
    autocomplete: string,
  ) =>
    renderSelect(parts, {
      name,
      label,
      placeholder,
      options: options.map((option) => ({
        value: option,
        text: t(name === 'expiryMonth' ? { ko: `${option}월`, en: option } : { ko: `${option}년`, en: option }),
      })),
      attributes: html`required autocomplete="${autocomplete}"${describedBy('expiryMonth', expiryProblem)}`,
    })
  return renderStep(parts, session, {
    page: 'card',
    title: texts.title,
    content: html`<h1>${t(texts.heading)}</h1>
${state.issuerCode === undefined ? '' : html`<p class="lead strong">${t(chosenIssuerText(state.issuerCode))}</p>`}
<p class="lead">${t((isManaging ? undefined : whyNoneText(session)) ?? texts.lead)}</p>
${renderForm(
  'card',
  html`${renderInput(parts, { name: 'cardNumber', label: { ko: '카드번호', en: 'Card number' }, attributes: html`inputmode="numeric" maxlength="23" autocomplete="cc-number" data-card-number placeholder="${t({ ko: '숫자만 입력', en: 'Digits only' })}"`, problems })}
<div class="halves"><div class="half">${expirySelect('expiryMonth', { ko: '유효기간 월', en: 'Expiry month' }, { ko: '월', en: 'Month' }, months, 'cc-exp-month')}</div>
<div class="half">${expirySelect('expiryYear', { ko: '유효기간 연도', en: 'Expiry year' }, { ko: '연도', en: 'Year' }, years, 'cc-exp-year')}</div></div>
${renderError(parts, 'expiryMonth', expiryProblem)}
${renderOwner(parts, session, asksBirthDate)}
<div class="actions"><button class="button block">${t(texts.button)}</button></div>`,
)}${offersApp ? renderAppOffer(parts, session) : ''}<div class="aside">${state.issuerCode === undefined ? '' : renderSideStep(parts, 'change-issuer', { ko: '다른 카드사 선택', en: 'Choose another issuer' })}${isManaging || mode === 'add_card' ? renderBack(parts, session) : ''}${wallet.length > 0 && !isManaging && !isGeneral(session.payment) ? renderSideStep(parts, 'manage-cards', { ko: '카드 관리', en: 'Your cards' }) : ''}</div>`,
  })
}

/**
 * Fields that prove the owner. A text field drawn as dots: a browser would offer to save a password field, with the
 * card number as its user name. The birth date is not `required`: a corporate card has a business number in its place.
 */
const renderOwner = (parts: PageParts, { payment, state: { problems } }: WindowSession, asksBirthDate: boolean): Html =>
  html`${renderInput(parts, { name: 'cardPassword', label: { ko: '카드 비밀번호 앞 2자리', en: 'First 2 digits of the card password' }, attributes: html`class="dotted" ${numeric(2)} pattern="[0-9]{2}"`, problems })}
${asksBirthDate ? renderInput(parts, { name: 'ownerBirthDate', label: { ko: '카드 소유자 생년월일 6자리', en: 'Card owner’s birth date (YYMMDD)' }, attributes: html`${numeric(6)} pattern="[0-9]{6}" placeholder="${parts.t({ ko: '예: 900101', en: 'e.g. 900101' })}"`, isOptional: true, problems }) : ''}
<p class="hint">${parts.t(isGeneral(payment) ? guestOwnerHint : ownerHint)}</p>
<details class="corporate"${problems?.businessNumber === undefined ? '' : html` open`}><summary>${parts.t({ ko: isGeneral(payment) ? '법인카드 결제' : '법인카드 등록', en: 'Corporate card' })}</summary>
${renderInput(parts, { name: 'businessNumber', label: { ko: '사업자등록번호 10자리', en: 'Business number, 10 digits' }, attributes: numeric(12), hint: { ko: '회사 명의의 카드일 때만 입력합니다.', en: 'Only for a card in the name of a company.' }, isOptional: true, problems })}</details>`

const ownerHint: LocalizedText = {
  ko: '본인 명의의 카드만 등록됩니다. 비밀번호는 카드사에 확인만 하고 저장하지 않습니다.',
  en: 'Only a card in your own name can be added. The digits are checked with the issuer and not stored.',
}
const guestOwnerHint: LocalizedText = {
  ko: '비밀번호와 생년월일은 카드사에 확인만 하고 저장하지 않습니다.',
  en: 'The digits and the birth date are checked with the issuer and not stored.',
}

/** Back to the card list or to the payment; a payment without a card has no way back. */
const renderBack = (parts: PageParts, session: WindowSession): Html => {
  const { state, cards } = session
  if (state.mode === 'add_managed_card')
    return renderSideStep(parts, 'manage-cards', { ko: '카드 관리로 돌아가기', en: 'Back to your cards' })
  if (cards.length === 0) return html``
  return renderSideStep(parts, 'keep-cards', textsOf(session).back)
}
