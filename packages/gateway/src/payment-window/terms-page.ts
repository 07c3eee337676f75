import { html } from 'hono/html'
import { renderForm } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import type { WindowSession } from './model.ts'
import { termsOf } from './terms.ts'

export const renderTermsPage = (parts: PageParts, session: WindowSession): Html =>
  renderStep(parts, session, {
    page: 'terms',
    title: { ko: '약관 동의', en: 'Terms' },
    content: html`<h1>${parts.t({ ko: '처음 한 번만 등록하면 비밀번호로 결제할 수 있어요', en: 'Sign up once, then pay with your password' })}</h1>
${renderForm(
  'terms',
  html`<label class="choice all"><input type="checkbox" name="agreeAll" value="Y">${parts.t({ ko: '모두 동의합니다', en: 'I agree to all' })}</label>
${termsOf(session.merchant).map(
  ({
    id,
    title,
    text,
  }) => html`<div class="term"><label class="choice"><input type="checkbox" name="agree" value="${id}">${parts.t(title)} <span class="faint">${parts.t({ ko: '(필수)', en: '(required)' })}</span></label>
<details><summary>${parts.t({ ko: '내용 보기', en: 'Read' })}<span class="visually-hidden">: ${parts.t(title)}</span></summary><p>${parts.t(text)}</p></details></div>`,
)}
<div class="actions"><button class="button block">${parts.t({ ko: '동의하고 계속하기', en: 'Agree and continue' })}</button></div>`,
)}`,
  })
