import { html } from 'hono/html'
import { renderForm } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import type { WindowSession } from './model.ts'
import { terms } from './terms.ts'

export const renderTermsPage = (parts: PageParts, session: WindowSession): Html =>
  renderStep(parts, session, {
    page: 'terms',
    title: '약관 동의',
    content: html`<h1>처음 한 번만 등록하면<br>비밀번호로 결제할 수 있어요</h1>
${renderForm(
  'terms',
  html`<label class="choice all"><input type="checkbox" name="agreeAll" value="Y">모두 동의합니다</label>
${terms.map(
  ({
    id,
    title,
    text,
  }) => html`<div class="term"><label class="choice"><input type="checkbox" name="agree" value="${id}">${title} <span class="faint">(필수)</span></label>
<details><summary>내용 보기<span class="visually-hidden">: ${title}</span></summary><p>${text}</p></details></div>`,
)}
<div class="actions"><button class="button block">동의하고 계속하기</button></div>`,
)}`,
  })
