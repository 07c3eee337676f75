import { html } from 'hono/html'
import { renderForm, renderInput, renderSideStep } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import { fieldProblem, type Submission, type WindowChange, type WindowSession } from './model.ts'

export const renderPopCardPage = (parts: PageParts, session: WindowSession): Html =>
  renderStep(parts, session, {
    page: 'pop-card',
    title: { ko: '팝카드 적립', en: 'POP card' },
    content: html`<h1>${parts.t({ ko: '팝카드가 있으신가요?', en: 'Do you have a POP card?' })}</h1>
<p class="lead">${parts.t({ ko: '쇼핑몰이 멤버십(POP) 카드를 물어봐요. 카드번호 16자리를 입력하고, 없으면 건너뛰어 주세요.', en: 'The shop asks for your membership (POP) card. Enter its 16 digits, or skip this if you have none.' })}</p>
${renderForm(
  'pop-card',
  html`${renderInput(parts, { name: 'popCardNumber', label: { ko: '팝카드 번호 16자리', en: 'POP card number, 16 digits' }, attributes: html`inputmode="numeric" maxlength="19" autocomplete="off" data-group="card"`, problems: session.state.problems })}
<div class="actions"><button class="button block">${parts.t({ ko: '입력 완료', en: 'Continue' })}</button></div>`,
)}
<div class="aside">${renderSideStep(parts, 'skip-pop-card', { ko: '건너뛰기', en: 'Skip' })}</div>`,
  })

export function submitPopCard({ form }: Pick<Submission, 'form'>): WindowChange {
  const popCardNumber = (form.get('popCardNumber') ?? '').replace(/[\s-]/g, '')
  if (popCardNumber === '') return { popCardLastFour: '' }
  return /^[0-9]{16}$/.test(popCardNumber)
    ? { popCardLastFour: popCardNumber.slice(-4) }
    : fieldProblem('popCardNumber', {
        ko: '팝카드 번호는 숫자 16자리예요. 없으면 건너뛰어 주세요.',
        en: 'A POP card number has 16 digits. Skip this if you have none.',
      })
}
