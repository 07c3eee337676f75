import { findCardCompany } from '@sspay/protocol'
import { html } from 'hono/html'
import { describedBy, renderError, renderForm, renderInput, renderSelect, renderSideStep } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import type { WindowSession } from './model.ts'

const months = Array.from({ length: 12 }, (_month, index) => String(index + 1).padStart(2, '0'))
const yearsAhead = 20

export const issuerNameOf = (issuerCode: string): string => findCardCompany(issuerCode)?.name ?? issuerCode

export function renderCardPage(parts: PageParts, session: WindowSession): Html {
  const { payment, cards, facts } = session
  const { problems } = facts
  const { issuerCode } = payment.request
  const thisYear = Number(parts.today.slice(0, 4))
  const years = Array.from({ length: yearsAhead }, (_year, index) => String(thisYear + index))
  const expiryProblem = problems?.expiryMonth
  const expirySelect = (
    name: string,
    label: string,
    placeholder: string,
    options: readonly string[],
    autocomplete: string,
  ) =>
    renderSelect({
      name,
      label,
      placeholder,
      options: options.map((option) => ({
        value: option,
        text: name === 'expiryMonth' ? `${option}월` : `${option}년`,
      })),
      attributes: html`required autocomplete="${autocomplete}"${describedBy('expiryMonth', expiryProblem)}`,
    })
  return renderStep(parts, session, {
    page: 'card',
    title: '카드 등록',
    content: html`<h1>결제할 카드를 등록해 주세요</h1>
<p class="lead">${issuerCode === undefined ? '한 번 등록하면 다음부터는 비밀번호만 입력하면 됩니다.' : `이 결제는 ${issuerNameOf(issuerCode)}카드만 사용할 수 있습니다.`}</p>
${renderForm(
  'card',
  html`${renderInput({ name: 'cardNumber', label: '카드번호', attributes: html`inputmode="numeric" maxlength="23" autocomplete="cc-number" data-card-number placeholder="숫자만 입력"`, problems })}
<div class="halves"><div class="half">${expirySelect('expiryMonth', '유효기간 월', '월', months, 'cc-exp-month')}</div>
<div class="half">${expirySelect('expiryYear', '유효기간 연도', '연도', years, 'cc-exp-year')}</div></div>
${renderError('expiryMonth', expiryProblem)}
<div class="actions"><button class="button block">카드 등록하기</button></div>`,
)}${facts.addsCard && cards.length > 0 ? html`<div class="aside">${renderSideStep('keep-cards', '등록된 카드로 결제하기')}</div>` : ''}`,
  })
}

export const renderPopCardPage = (parts: PageParts, session: WindowSession): Html =>
  renderStep(parts, session, {
    page: 'pop-card',
    title: '팝카드 적립',
    content: html`<h1>팝카드가 있으신가요?</h1>
<p class="lead">멤버십(POP) 카드번호 16자리를 입력하면 함께 확인합니다. 없으면 건너뛰세요.</p>
${renderForm(
  'pop-card',
  html`${renderInput({ name: 'popCardNumber', label: '팝카드 번호 16자리', attributes: html`inputmode="numeric" maxlength="19" autocomplete="off" data-card-number`, problems: session.facts.problems })}
<div class="actions"><button class="button block">입력 완료</button></div>`,
)}
<div class="aside">${renderSideStep('skip-pop-card', '건너뛰기')}</div>`,
  })
