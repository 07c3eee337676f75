import { cardCompanies, type LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import { isGeneral } from '../approval/model.ts'
import { findIssuer, isForeignIssuer, issuerRanges } from '../vault/issuers.ts'
import { maskCardNumber } from '../vault/model.ts'
import { issuerAsked } from './card-rules.ts'
import { chosenIssuerText, issuerText, kindText, whyNoneText } from './card-text.ts'
import { firstToType, numeric, renderInput, renderSideStep, renderTestInput, renderTypedForm } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import { renderAppOffer } from './issuer-app.ts'
import type { WindowSession } from './model.ts'
import { hidesWallet } from './registration.ts'
import { termsOf } from './terms-page.ts'
import { businessNumberText, cardNumberText, cardPasswordText, expiryText, ownerBirthDateText } from './typed-card.ts'

const anotherText: LocalizedText = {
  ko: '등록하면 이번 결제부터 쓸 수 있어요.',
  en: 'Once it is added you can pay with it, also this time.',
}

const onceText: LocalizedText = {
  ko: '한 번 등록하면 다음부터는 비밀번호만 입력하면 돼요.',
  en: 'Add it once; from then on your password is enough.',
}

type Texts = Readonly<Record<'title' | 'heading' | 'lead' | 'button' | 'back', LocalizedText>>

const ofPayment: Texts = {
  title: { ko: '카드 등록', en: 'Add a card' },
  heading: { ko: '결제할 카드를 등록해 주세요', en: 'Add the card you want to pay with' },
  lead: onceText,
  button: { ko: '카드 등록하기', en: 'Add card' },
  back: { ko: '등록된 카드로 결제하기', en: 'Pay with a card already added' },
}

const ofRegistration: Texts = {
  ...ofPayment,
  heading: { ko: '정기결제에 쓸 카드를 등록해 주세요', en: 'Add the card for recurring payments' },
  lead: { ko: '지금은 결제하지 않아요.', en: 'Nothing is charged now.' },
  back: { ko: '등록된 카드로 계속하기', en: 'Go on with a card already added' },
}

/** A guest registers nothing. */
const ofGuest: Texts = {
  title: { ko: '카드 입력', en: 'Enter a card' },
  heading: { ko: '결제할 카드를 입력해 주세요', en: 'Enter the card you want to pay with' },
  lead: {
    ko: '카드 정보는 이번 결제에만 쓰고, 결제가 끝나면 삭제해요.',
    en: 'The card is used for this payment only, and deleted when it has ended.',
  },
  button: { ko: '카드 확인하기', en: 'Check the card' },
  back: { ko: '앞서 입력한 카드로 결제하기', en: 'Pay with the card entered before' },
}

function textsOf({ payment, state, wallet }: WindowSession): Texts {
  if (state.registration !== undefined) return ofRegistration
  if (isGeneral(payment)) return ofGuest
  return wallet.length === 0 ? ofPayment : { ...ofPayment, lead: anotherText }
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
  const { mode } = state
  const isManaging = mode === 'add_managed_card'
  const { t } = parts
  const texts = textsOf(session)
  return renderStep(parts, session, {
    page: 'card',
    title: texts.title,
    content: html`<h1>${t(texts.heading)}</h1>
${state.issuerCode === undefined ? '' : html`<p class="lead strong">${t(chosenIssuerText(state.issuerCode))}</p>`}
<p class="lead">${t((isManaging ? undefined : whyNoneText(session)) ?? texts.lead)}</p>
${renderTestCard(parts, session, asksBirthDate)}
${renderTypedForm(
  'card',
  html`${renderCardFields(parts, session)}
${renderOwner(parts, session, asksBirthDate)}
<div class="actions"><button class="button block">${t(texts.button)}</button></div>`,
)}${offersApp ? renderAppOffer(parts, session) : ''}<div class="aside">${state.issuerCode === undefined ? '' : renderSideStep(parts, 'change-issuer', { ko: '다른 카드사 선택', en: 'Choose another issuer' })}${isManaging || mode === 'add_card' ? renderBack(parts, session) : ''}${wallet.length > 0 && !isManaging && !isGeneral(session.payment) && !hidesWallet(session) ? renderSideStep(parts, 'manage-cards', { ko: '카드 관리', en: 'Your cards' }) : ''}</div>
${renderTakenCards(parts, session)}`,
  })
}

const cardFieldNames = ['cardNumber', 'expiry', 'cardPassword', 'ownerBirthDate', 'businessNumber']

function renderCardFields(parts: PageParts, { state: { problems }, typed = {} }: WindowSession): Html {
  const { t } = parts
  const first = firstToType(cardFieldNames, problems, typed)
  const input = (name: 'cardNumber' | 'expiry' | 'cardPassword') => ({
    name,
    problems,
    value: typed[name],
    hasFocus: first === name,
  })
  const issuers = issuerRanges.map((range) => [range.from, range.to, range.issuerCode, t(kindText(range))])
  const mark = html`<span class="card-issuer" data-issuer-name aria-live="polite"></span><span class="card-mark" data-card-mark hidden></span>`
  return html`<div class="card-number">${renderInput(parts, { ...input('cardNumber'), label: { ko: '카드번호', en: 'Card number' }, attributes: html`inputmode="numeric" maxlength="23" autocomplete="cc-number" data-group="card" data-full="3[47][0-9]{13}|[0-9]{16}" data-next="expiry" data-issuers="${JSON.stringify(issuers)}" placeholder="${t({ ko: '숫자만 입력', en: 'Digits only' })}"`, beside: mark, check: { right: '[0-9]{13,19}', wrong: cardNumberText } })}</div>
<div class="halves"><div class="half">${renderInput(parts, { ...input('expiry'), label: { ko: '유효기간', en: 'Expiry date' }, attributes: html`inputmode="numeric" maxlength="7" autocomplete="cc-exp" data-group="month" data-full="(0[1-9]|1[0-2])(?!20)[0-9]{2}" data-next="cardPassword" placeholder="${t({ ko: '월/연 (MM/YY)', en: 'MM/YY' })}"`, check: { right: '(0?[1-9]|1[0-2])(20)?[0-9]{2}', wrong: expiryText } })}</div>
<div class="half">${renderInput(parts, { ...input('cardPassword'), label: { ko: '카드 비밀번호 앞 2자리', en: 'First 2 of card password' }, attributes: html`class="dotted" ${numeric(2)}`, check: { right: '[0-9]{2}', wrong: cardPasswordText } })}</div></div>`
}

/**
 * Fields that prove the owner, besides the card password. That is a text field drawn as dots: a browser would offer to
 * save a password field, with the card number as its user name. The birth date is not `required`: a corporate card has
 * a business number in its place.
 */
const renderOwner = (
  parts: PageParts,
  { payment, state: { problems }, typed = {} }: WindowSession,
  asksBirthDate: boolean,
): Html =>
  html`${asksBirthDate ? renderInput(parts, { name: 'ownerBirthDate', label: { ko: '카드 소유자 생년월일 6자리', en: 'Card owner’s birth date (YYMMDD)' }, attributes: html`${numeric(12)} data-group="date" data-most="6" placeholder="${parts.t({ ko: '예: 90 01 01', en: 'e.g. 90 01 01' })}"`, isOptional: true, problems, value: typed.ownerBirthDate, hasFocus: isFirstWrong('ownerBirthDate', problems), check: { right: '[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])', wrong: ownerBirthDateText } }) : ''}
<p class="hint">${parts.t(isGeneral(payment) ? guestOwnerHint : ownerHint)}</p>
<details class="corporate"${problems?.businessNumber === undefined && !typed.businessNumber ? '' : html` open`}><summary>${parts.t({ ko: isGeneral(payment) ? '법인카드 결제' : '법인카드 등록', en: 'Corporate card' })}</summary>
${renderInput(parts, { name: 'businessNumber', label: { ko: '사업자등록번호 10자리', en: 'Business number, 10 digits' }, attributes: numeric(12), hint: { ko: '회사 명의의 카드일 때만 입력해요.', en: 'Only for a card in the name of a company.' }, isOptional: true, problems, value: typed.businessNumber, hasFocus: isFirstWrong('businessNumber', problems), check: { right: '[0-9]{10}', wrong: businessNumberText } })}</details>`

const isFirstWrong = (name: string, problems: WindowSession['state']['problems']): boolean =>
  cardFieldNames.find((one) => problems?.[one] !== undefined) === name

/** Where the card may pay, and is not registered yet. */
function renderTestCard(parts: PageParts, session: WindowSession, asksBirthDate: boolean): Html {
  const { testCardNumber, today } = parts
  const { wallet } = session
  const issuerCode = issuerAsked(session)
  if (
    testCardNumber === undefined ||
    wallet.some(({ maskedCardNumber }) => maskedCardNumber === maskCardNumber(testCardNumber))
  )
    return html``
  if (issuerCode !== undefined && findIssuer(testCardNumber)?.issuerCode !== issuerCode) return html``
  const shown = testCardNumber.replace(/(.{4})(?=.)/g, '$1 ')
  return renderTestInput(parts, {
    fields: {
      step: 'card',
      cardNumber: testCardNumber,
      expiry: `12/${String(Number(today.slice(2, 4)) + 3)}`,
      cardPassword: '12',
      ...(asksBirthDate ? { ownerBirthDate: '900101' } : {}),
    },
    text: { ko: `테스트 카드 ${shown}`, en: `Test card ${shown}` },
    button: { ko: '바로 입력', en: 'Use it' },
  })
}

const ownerHint: LocalizedText = {
  ko: '본인 명의의 카드만 등록할 수 있어요. 비밀번호는 카드사에 확인만 하고 저장하지 않아요.',
  en: 'Only a card in your own name can be added. The digits are checked with the issuer and not stored.',
}
const guestOwnerHint: LocalizedText = {
  ko: '비밀번호와 생년월일은 카드사에 확인만 하고 저장하지 않아요.',
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

/** Below the form of a card, folded: whose cards pay, and the terms that apply. */
const renderTakenCards = (parts: PageParts, session: WindowSession): Html =>
  html`${issuerAsked(session) === undefined ? renderIssuers(parts, session) : ''}
<details class="corporate"><summary>${parts.t({ ko: '약관 보기', en: 'Read the terms' })}</summary>${termsOf(
    session,
  ).map(
    ({ title, text }) => html`<p class="small strong">${parts.t(title)}</p><p class="small soft">${parts.t(text)}</p>`,
  )}</details>`

function renderIssuers({ t }: PageParts, { state }: WindowSession): Html {
  const codes = cardCompanies
    .map(({ code }) => code)
    .filter((code) => state.registration === undefined || !isForeignIssuer(code))
  const names = codes.map((code) => t(issuerText(code))).join(', ')
  return html`<details class="corporate"><summary>${t({ ko: '쓸 수 있는 카드', en: 'Cards that we accept' })}</summary><p class="small soft">${names}</p></details>`
}
