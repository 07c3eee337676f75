import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import { type Card, longestCardName, mostCards, type ReadCardName, readCardName } from '../vault/model.ts'
import { chooseDefaultCard, deleteCard, nameCard } from '../vault/store.ts'
import { cardText } from './card-text.ts'
import { describedBy, renderError, renderSideStep } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import { fieldProblem, type Submission, type WindowChange, type WindowSession } from './model.ts'
import { recordWindowEvent } from './session.ts'

const expiredText: LocalizedText = {
  ko: '유효기간이 지났어요. 카드 추가에서 같은 카드번호와 새 유효기간을 입력하거나 삭제해 주세요.',
  en: 'This card has expired. Add the same number with its new expiry date, or delete the card.',
}

const backToPayment: LocalizedText = { ko: '결제로 돌아가기', en: 'Back to the payment' }
const backToRegistration: LocalizedText = { ko: '카드 등록으로 돌아가기', en: 'Back to the registration' }

/** Every card of the member, also those that cannot pay this payment. Each button names its card (aria-label). */
export function renderCardsPage(parts: PageParts, session: WindowSession): Html {
  const { wallet, state } = session
  const { t } = parts
  const isFull = wallet.length >= mostCards
  const count: LocalizedText = {
    ko: `카드 ${wallet.length}장 / 최대 ${mostCards}장`,
    en: `${wallet.length} of ${mostCards} cards`,
  }
  const full: LocalizedText = {
    ko: '카드를 더 추가하려면 쓰지 않는 카드를 먼저 삭제해 주세요.',
    en: 'To add another card, delete one that you no longer use first.',
  }
  return renderStep(parts, session, {
    page: 'cards',
    title: { ko: '카드 관리', en: 'Your cards' },
    content: html`<h1>${t({ ko: '카드 관리', en: 'Your cards' })}</h1>
<p class="lead">${t(count)}${isFull ? html`<br>${t(full)}` : ''}</p>
<ul class="cards" data-step="cards">${wallet.map((card) =>
      state.deletesCardId === card.cardId ? renderDeletion(parts, card) : renderCard(parts, session, card),
    )}</ul>
${wallet.length === 0 ? html`<p class="hint">${t({ ko: '등록된 카드가 없어요. 카드를 추가해 주세요.', en: 'You have no cards yet. Add one.' })}</p>` : ''}
<div class="aside">${isFull ? '' : renderSideStep(parts, 'add-card', { ko: '카드 추가', en: 'Add a card' })}${renderSideStep(parts, 'keep-cards', state.registration === undefined ? backToPayment : backToRegistration)}</div>`,
  })
}

function renderCard(parts: PageParts, { state }: WindowSession, card: Card): Html {
  const { t } = parts
  const { cardId, name, isDefault, expired } = card
  const field = `name-${cardId}`
  const problem = state.problems?.[field]
  return html`<li class="card${expired ? ' expired' : ''}">${renderCardTitle(parts, card)}
${expired ? html`<p class="hint">${t(expiredText)}</p>` : ''}
<form method="post" data-step="name-card"><input type="hidden" name="step" value="name-card"><input type="hidden" name="cardId" value="${cardId}">
<label for="${field}">${t({ ko: '카드 이름', en: 'Name of the card' })}</label>
<div class="row"><input type="text" class="grow" id="${field}" name="cardName" maxlength="${longestCardName}" autocomplete="off" value="${name ?? ''}" placeholder="${t({ ko: '예: 생활비', en: 'e.g. Groceries' })}"${describedBy(field, problem)}>
${renderButton(parts, card, { ko: '저장', en: 'Save' })}</div>
${renderError(parts, field, problem)}</form>
<div class="choices">${isDefault || expired ? '' : renderAction(parts, 'default-card', card, { ko: '기본으로', en: 'Make default' })}${renderAction(parts, 'delete-card', card, { ko: '삭제', en: 'Delete' })}</div></li>`
}

/** Confirmation inside the page, so that it works without script. */
const renderDeletion = (parts: PageParts, card: Card): Html =>
  html`<li class="card">${renderCardTitle(parts, card)}
<p role="alert">${parts.t({ ko: '이 카드를 삭제할까요? 다시 쓰려면 새로 등록해야 해요.', en: 'Delete this card? To use it again you have to add it again.' })}</p>
<div class="choices">${renderAction(parts, 'keep-card', card, { ko: '닫기', en: 'Keep it' })}${renderAction(parts, 'confirm-delete-card', card, { ko: '삭제', en: 'Delete' })}</div></li>`

export const renderCardTitle = ({ t }: PageParts, card: Card): Html =>
  html`<span class="card-name" data-issuer="${card.issuerCode}">${card.name === undefined ? '' : html`<strong>${card.name}</strong> `}<span>${t(cardText(card))}</span>${
    card.isDefault ? html` <span class="badge success">${t({ ko: '기본', en: 'Default' })}</span>` : ''
  }${card.expired ? html` <span class="badge warning">${t({ ko: '만료', en: 'Expired' })}</span>` : ''}</span>`

const renderButton = ({ t }: PageParts, card: Card, label: LocalizedText): Html =>
  html`<button class="button quiet small-button" aria-label="${t(label)}: ${t(cardText(card))}">${t(label)}</button>`

const renderAction = (parts: PageParts, step: string, card: Card, label: LocalizedText): Html =>
  html`<form method="post" data-step="${step}"><input type="hidden" name="step" value="${step}"><input type="hidden" name="cardId" value="${card.cardId}">${renderButton(parts, card, label)}</form>`

type NameRejection = Extract<ReadCardName, { readonly ok: false }>['reason']

const nameRejections: Readonly<Record<NameRejection, LocalizedText>> = {
  too_long: {
    ko: `이름은 ${longestCardName}자까지 쓸 수 있어요. 더 짧게 적어 주세요.`,
    en: `A name has up to ${longestCardName} characters. Choose a shorter one.`,
  },
  holds_number: {
    ko: '카드번호나 전화번호는 이름으로 쓸 수 없어요. 다른 이름을 적어 주세요.',
    en: 'A card or phone number cannot be a name. Choose another one.',
  },
  unreadable: {
    ko: '쓸 수 없는 문자가 있어요. 글자와 숫자로 다시 적어 주세요.',
    en: 'There is a character that cannot be used. Use letters and digits.',
  },
}

/** The form's card, if it is in the member's wallet; otherwise the form changes nothing. */
const cardOf = ({ wallet }: WindowSession, form: URLSearchParams): Card | undefined =>
  wallet.find(({ cardId }) => cardId === form.get('cardId'))

export async function submitCardName({ window, session, form }: Submission): Promise<WindowChange> {
  const card = cardOf(session, form)
  if (card === undefined) return {}
  const read = readCardName(form.get('cardName') ?? '')
  if (!read.ok) return fieldProblem(`name-${card.cardId}`, nameRejections[read.reason])
  await nameCard(window, { ...card, name: read.name })
  return { success: { ko: '카드 이름을 저장했어요.', en: 'The name of the card is saved.' } }
}

export async function submitDefaultCard({ window, session, form }: Submission): Promise<WindowChange> {
  const card = cardOf(session, form)
  if (card === undefined || !(await chooseDefaultCard(window, card))) return {}
  return { cardId: card.cardId, success: { ko: '기본 카드를 바꿨어요.', en: 'Your default card has changed.' } }
}

export const askDeletion = ({ session, form }: Submission): WindowChange => ({
  deletesCardId: cardOf(session, form)?.cardId,
})

/** Deletes only the card that the page asks about, not that of an older page. */
export async function submitCardDeletion({ window, session, form }: Submission): Promise<WindowChange> {
  const card = cardOf(session, form)
  if (card === undefined || card.cardId !== session.state.deletesCardId) return { deletesCardId: undefined }
  const isDeleted = await deleteCard(window, card)
  if (isDeleted) recordWindowEvent(window, session, 'card_removed', { object: card.cardId })
  const success = { ko: '카드를 삭제했어요.', en: 'The card was deleted.' }
  return { deletesCardId: undefined, ...(isDeleted ? { success } : {}) }
}
