import type { Words } from '@sspay/protocol'
import { html } from 'hono/html'
import { issuerWords } from './card-choice.ts'
import { describedBy, renderError, renderForm, renderInput, renderSelect, renderSideStep } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import type { WindowSession } from './model.ts'

const months = Array.from({ length: 12 }, (_month, index) => String(index + 1).padStart(2, '0'))
const yearsAhead = 20

/** For a payment that its shop has bound to one issuer. */
export function oneIssuerWords(issuerCode: string): Words {
  const { ko, en } = issuerWords(issuerCode)
  return { ko: `이 결제는 ${ko}카드만 사용할 수 있습니다.`, en: `This payment takes only cards of: ${en}.` }
}

const onceWords: Words = {
  ko: '한 번 등록하면 다음부터는 비밀번호만 입력하면 됩니다.',
  en: 'Add it once; from then on your password is enough.',
}

export function renderCardPage(parts: PageParts, session: WindowSession): Html {
  const { payment, cards, facts } = session
  const { problems } = facts
  const { say } = parts
  const { issuerCode } = payment.request
  const thisYear = Number(parts.today.slice(0, 4))
  const years = Array.from({ length: yearsAhead }, (_year, index) => String(thisYear + index))
  const expiryProblem = problems?.expiryMonth
  const expirySelect = (
    name: string,
    label: Words,
    placeholder: Words,
    options: readonly string[],
    autocomplete: string,
  ) =>
    renderSelect(parts, {
      name,
      label,
      placeholder,
      options: options.map((option) => ({
        value: option,
        text: say(name === 'expiryMonth' ? { ko: `${option}월`, en: option } : { ko: `${option}년`, en: option }),
      })),
      attributes: html`required autocomplete="${autocomplete}"${describedBy('expiryMonth', expiryProblem)}`,
    })
  return renderStep(parts, session, {
    page: 'card',
    title: { ko: '카드 등록', en: 'Add a card' },
    content: html`<h1>${say({ ko: '결제할 카드를 등록해 주세요', en: 'Add the card you want to pay with' })}</h1>
<p class="lead">${say(issuerCode === undefined ? onceWords : oneIssuerWords(issuerCode))}</p>
${renderForm(
  'card',
  html`${renderInput(parts, { name: 'cardNumber', label: { ko: '카드번호', en: 'Card number' }, attributes: html`inputmode="numeric" maxlength="23" autocomplete="cc-number" data-card-number placeholder="${say({ ko: '숫자만 입력', en: 'Digits only' })}"`, problems })}
<div class="halves"><div class="half">${expirySelect('expiryMonth', { ko: '유효기간 월', en: 'Expiry month' }, { ko: '월', en: 'Month' }, months, 'cc-exp-month')}</div>
<div class="half">${expirySelect('expiryYear', { ko: '유효기간 연도', en: 'Expiry year' }, { ko: '연도', en: 'Year' }, years, 'cc-exp-year')}</div></div>
${renderError(parts, 'expiryMonth', expiryProblem)}
<div class="actions"><button class="button block">${say({ ko: '카드 등록하기', en: 'Add card' })}</button></div>`,
)}${facts.addsCard && cards.length > 0 ? html`<div class="aside">${renderSideStep(parts, 'keep-cards', { ko: '등록된 카드로 결제하기', en: 'Pay with a card already added' })}</div>` : ''}`,
  })
}

export const renderPopCardPage = (parts: PageParts, session: WindowSession): Html =>
  renderStep(parts, session, {
    page: 'pop-card',
    title: { ko: '팝카드 적립', en: 'POP card' },
    content: html`<h1>${parts.say({ ko: '팝카드가 있으신가요?', en: 'Do you have a POP card?' })}</h1>
<p class="lead">${parts.say({ ko: '멤버십(POP) 카드번호 16자리를 입력하면 함께 확인합니다. 없으면 건너뛰세요.', en: 'Enter the 16 digits of your membership (POP) card and we check it with the payment. Skip this if you have none.' })}</p>
${renderForm(
  'pop-card',
  html`${renderInput(parts, { name: 'popCardNumber', label: { ko: '팝카드 번호 16자리', en: 'POP card number, 16 digits' }, attributes: html`inputmode="numeric" maxlength="19" autocomplete="off" data-card-number`, problems: session.facts.problems })}
<div class="actions"><button class="button block">${parts.say({ ko: '입력 완료', en: 'Continue' })}</button></div>`,
)}
<div class="aside">${renderSideStep(parts, 'skip-pop-card', { ko: '건너뛰기', en: 'Skip' })}</div>`,
  })
