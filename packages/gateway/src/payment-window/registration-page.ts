import { html } from 'hono/html'
import { renderCardTiles } from './card-choice.ts'
import { renderCardTitle } from './edit-cards.ts'
import { renderForm, renderSideStep } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import type { WindowSession } from './model.ts'
import { hidesWallet } from './registration.ts'

/** Last page of a window that issues a bill key: which card the shop may charge from now on. */
export function renderRegistrationPage(parts: PageParts, session: WindowSession): Html {
  const { t } = parts
  const { name } = session.merchant
  return renderStep(parts, session, {
    page: 'register',
    title: { ko: '정기결제 카드 확인', en: 'Confirm the card' },
    content: html`<h1>${t({ ko: '이 카드를 정기결제에 등록할까요?', en: 'Register this card for recurring payments?' })}</h1>
<p class="lead spaced">${t({ ko: `등록하면 ${name}에서 약속한 날마다 이 카드로 결제해요. 지금은 결제하지 않아요.`, en: `${name} may then charge this card as agreed, without asking again. Nothing is charged now.` })}</p>
${renderForm(
  'register',
  html`${renderCardTiles(parts, session, (card) => renderCardTitle(parts, card))}
<div class="actions"><button class="button block">${t({ ko: '정기결제 카드로 등록', en: 'Register the card' })}</button></div>`,
)}
<div class="aside">${renderSideStep(parts, 'add-card', { ko: '다른 카드 추가', en: 'Add another card' })}${hidesWallet(session) ? '' : renderSideStep(parts, 'manage-cards', { ko: '카드 관리', en: 'Your cards' })}</div>`,
  })
}
