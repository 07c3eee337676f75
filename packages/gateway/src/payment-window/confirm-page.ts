import { html } from 'hono/html'
import { isGeneral } from '../approval/model.ts'
import { renderCardTiles } from './card-choice.ts'
import { mayAddPasskey } from './checks.ts'
import { renderCardTitle } from './edit-cards.ts'
import { renderForm, renderSideStep } from './fields.ts'
import { type Html, type PageParts, renderStep, wonText } from './frame.ts'
import type { WindowSession } from './model.ts'
import { renderPasskeyLink } from './passkey-page.ts'

export function renderConfirmPage(parts: PageParts, session: WindowSession): Html {
  const { payment, state } = session
  const { t } = parts
  const won = wonText(payment.amount)
  const popCard = state.popCardLastFour
  return renderStep(parts, session, {
    page: 'confirm',
    title: { ko: '결제 확인', en: 'Confirm payment' },
    content: html`<h1>${t({ ko: '이대로 결제할까요?', en: 'Is everything right?' })}</h1>
${popCard ? html`<p class="lead">${t({ ko: `팝카드 끝자리 ${popCard}`, en: `POP card ending in ${popCard}` })}</p>` : ''}
${renderForm(
  'confirm',
  html`${renderCardTiles(parts, session, (card) => renderCardTitle(parts, card))}
<div class="actions"><button class="button block">${t({ ko: `${won.ko} 결제`, en: `Pay ${won.en}` })}</button></div>`,
)}
<div class="aside">${renderSideStep(parts, 'add-card', isGeneral(payment) ? { ko: '다른 카드로 결제', en: 'Use another card' } : { ko: '다른 카드 추가', en: 'Add another card' })}${isGeneral(payment) ? '' : renderSideStep(parts, 'manage-cards', { ko: '카드 관리', en: 'Your cards' })}${mayAddPasskey(session) ? renderPasskeyLink(parts, false) : ''}</div>`,
  })
}
