import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import { renderCardTiles } from './card-choice.ts'
import { renderCardTitle } from './edit-cards.ts'
import { renderForm, renderSideStep } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import type { WindowSession } from './model.ts'
import { hidesWallet } from './registration.ts'
import { recurringTerm } from './terms.ts'
import { renderTermText } from './terms-page.ts'

/** Last page of a window that issues a bill key: which card the shop may charge from now on. */
export function renderRegistrationPage(parts: PageParts, session: WindowSession): Html {
  const { t } = parts
  const { merchant, state } = session
  const { name } = merchant
  return renderStep(parts, session, {
    page: 'register',
    title: { ko: '정기결제 카드 확인', en: 'Confirm the card' },
    content: html`<h1>${t({ ko: '이 카드를 정기결제에 등록할까요?', en: 'Register this card for recurring payments?' })}</h1>
<p class="lead spaced">${t({ ko: `등록하면 ${name}에서 약속한 날마다 이 카드로 결제해요. 지금은 결제하지 않아요.`, en: `${name} may then charge this card as agreed, without asking again. Nothing is charged now.` })}</p>
${renderForm(
  'register',
  html`${renderCardTiles(parts, session, (card) => renderCardTitle(parts, card))}
<p class="hint">${t({ ko: '그만두려면 쇼핑몰에서 해지하거나 카드 관리에서 이 카드를 삭제해 주세요.', en: 'To stop, end it in the shop or delete this card among your cards.' })}</p>
${state.hasAgreed === true ? '' : renderAgreement(parts)}
<div class="actions"><button class="button block">${t(state.hasAgreed === true ? registerText : agreeText)}</button></div>`,
)}
<div class="aside">${renderSideStep(parts, 'add-card', { ko: '다른 카드 추가', en: 'Add another card' })}${hidesWallet(session) ? '' : renderSideStep(parts, 'manage-cards', { ko: '카드 관리', en: 'Your cards' })}</div>`,
  })
}

const registerText: LocalizedText = { ko: '정기결제 카드로 등록', en: 'Register the card' }
const agreeText: LocalizedText = { ko: '동의하고 정기결제 카드로 등록', en: 'Agree and register the card' }

/** For a member, who has not seen the page of the terms in this window. */
const renderAgreement = (parts: PageParts): Html =>
  html`<div class="term agreement"><p>${parts.t(recurringTerm.title)} <span class="faint">${parts.t({ ko: '(필수)', en: '(required)' })}</span></p>
${renderTermText(parts, recurringTerm)}</div>`
