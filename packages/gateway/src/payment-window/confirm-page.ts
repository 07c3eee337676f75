import { html } from 'hono/html'
import { renderCardChoice } from './card-choice.ts'
import { renderForm, renderSideStep } from './fields.ts'
import { type Html, type PageParts, renderStep, wonText } from './frame.ts'
import type { WindowSession } from './model.ts'

export function renderConfirmPage(parts: PageParts, session: WindowSession): Html {
  const { payment, merchant, facts } = session
  const popCard = facts.popCardLastFour
  return renderStep(parts, session, {
    page: 'confirm',
    title: '결제 확인',
    content: html`<h1>이대로 결제할까요?</h1>
<dl class="facts confirm">
<div><dt>쇼핑몰</dt><dd>${merchant.name}</dd></div>
<div><dt>상품</dt><dd>${payment.request.goodsName}</dd></div>
<div><dt>결제 금액</dt><dd class="strong number">${wonText(payment.amount)}</dd></div>
${popCard ? html`<div><dt>팝카드</dt><dd class="number">끝자리 ${popCard}</dd></div>` : ''}
</dl>
${renderForm(
  'confirm',
  html`${renderCardChoice(session)}
<div class="actions"><button class="button block">${wonText(payment.amount)} 결제</button></div>`,
)}
<div class="aside">${renderSideStep('add-card', '다른 카드 추가')}</div>`,
  })
}
