import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import type { Card } from '../vault/model.ts'
import {
  chosenCard,
  type IssuersFree,
  issuersFreeOfInterest,
  issuersOfferedFree,
  monthsAllowed,
  monthsOffered,
} from './card-rules.ts'
import { cardText, issuerText } from './card-text.ts'
import { renderError, renderSelect } from './fields.ts'
import type { Html, PageParts } from './frame.ts'
import type { WindowSession } from './model.ts'

/** 0 → 일시불, 3 → 3개월 */
const monthsText = (months: number): LocalizedText =>
  months === 0 ? { ko: '일시불', en: 'In full' } : { ko: `${months}개월`, en: `${months} months` }

/** 생활비 · 신한 신용 (1234): the member's name of the card comes first. */
function listedText(card: Card): LocalizedText {
  const { ko, en } = cardText(card)
  return card.name === undefined ? { ko, en } : { ko: `${card.name} · ${ko}`, en: `${card.name} · ${en}` }
}

interface MonthsChoice {
  readonly allowed: readonly number[]
  readonly freeOf: (months: number) => IssuersFree
}

/** 3개월 무이자, or with the issuers that are interest-free where not all are. */
function monthsWithMark(months: number, { isEvery, issuerCodes }: IssuersFree): LocalizedText {
  const { ko, en } = monthsText(months)
  if (isEvery) return { ko: `${ko} 무이자`, en: `${en}, interest-free` }
  if (issuerCodes.length === 0) return { ko, en }
  const names = issuerCodes.map((issuerCode) => issuerText(issuerCode))
  return {
    ko: `${ko} (무이자: ${names.map((name) => name.ko).join(', ')})`,
    en: `${en} (interest-free: ${names.map((name) => name.en).join(', ')})`,
  }
}

const fixedMonthsText = (months: number, { isEvery }: IssuersFree): LocalizedText => ({
  ko: `할부 ${months}개월${isEvery ? '(무이자)' : ''}로 결제해요.`,
  en: `You pay in ${months} monthly instalments${isEvery ? ', free of interest' : ''}.`,
})

function chosenMonths({ state, payment }: WindowSession, allowed: readonly number[]): number {
  const wished = state.installmentMonths ?? payment.request.installmentMonths ?? 0
  return allowed.includes(wished) ? wished : (allowed[0] ?? 0)
}

const renderMonths = (parts: PageParts, session: WindowSession, { allowed, freeOf }: MonthsChoice): Html =>
  renderSelect(parts, {
    name: 'installmentMonths',
    label: { ko: '할부', en: 'Instalments' },
    chosen: String(chosenMonths(session, allowed)).padStart(2, '0'),
    options: allowed.map((months) => ({
      value: String(months).padStart(2, '0'),
      text: parts.t(monthsWithMark(months, freeOf(months))),
    })),
  })

/** Before the card is known; empty where there is no choice. */
export function renderOfferedMonths(parts: PageParts, session: WindowSession): Html {
  const allowed = monthsOffered(session)
  if (allowed.length === 1) return html``
  return renderMonths(parts, session, { allowed, freeOf: (months) => issuersOfferedFree(session, months) })
}

/** The card beside its instalments. */
function renderChoice(parts: PageParts, session: WindowSession, card: Html, { allowed, freeOf }: MonthsChoice): Html {
  const { t } = parts
  const [first = 0] = allowed
  const hasChoice = allowed.length > 1
  return html`<div class="pay-with halves${hasChoice ? ' two' : ''}">
<div class="${hasChoice ? 'half' : ''}">${card}</div>
${
  hasChoice
    ? html`<div class="half">${renderMonths(parts, session, { allowed, freeOf })}</div>`
    : html`<input type="hidden" name="installmentMonths" value="${String(first).padStart(2, '0')}">${
        first === 0 ? '' : html`<p class="hint">${t(fixedMonthsText(first, freeOf(first)))}</p>`
      }`
}</div>
${renderError(parts, 'installmentMonths', session.state.problems?.installmentMonths)}`
}

/** With each card as a tile: alone, or one of several to choose from. */
export function renderCardTiles(parts: PageParts, session: WindowSession, tile: (card: Card) => Html): Html {
  const [first, ...more] = session.cards
  const label = parts.t({ ko: session.state.registration === undefined ? '결제 카드' : '정기결제 카드', en: 'Card' })
  const chosen = chosenCard(session)
  const tiles =
    first !== undefined && more.length === 0
      ? html`<div class="field"><span class="label">${label}</span>${tile(first)}<input type="hidden" name="cardId" value="${first.cardId}"></div>`
      : html`<fieldset class="field"><legend>${label}</legend>${session.cards.map(
          (card) =>
            html`<label class="choice"><input type="radio" name="cardId" value="${card.cardId}"${card === chosen ? html` checked` : ''}>${tile(card)}</label>`,
        )}</fieldset>`
  return renderChoiceOf(parts, session, tiles)
}

/** As one line, above the keypad. */
export function renderCardChoice(parts: PageParts, session: WindowSession): Html {
  const card = renderSelect(parts, {
    name: 'cardId',
    label: { ko: '결제 카드', en: 'Card' },
    chosen: chosenCard(session)?.cardId,
    options: session.cards.map((card) => ({ value: card.cardId, text: parts.t(listedText(card)) })),
  })
  return renderChoiceOf(parts, session, card)
}

const renderChoiceOf = (parts: PageParts, session: WindowSession, card: Html): Html =>
  renderChoice(parts, session, card, {
    allowed: monthsAllowed(session),
    freeOf: (months) => issuersFreeOfInterest(session, months),
  })

/** Before the password: says that the default card pays, and nothing that would reveal which card that is. */
export function renderHiddenChoice(parts: PageParts, session: WindowSession): Html {
  const { t } = parts
  const count = session.wallet.length
  const card = html`<div class="field"><span class="label">${t({ ko: '결제 카드', en: 'Card' })}</span>
<p class="hidden-card"><strong>${t({ ko: '기본 카드', en: 'Default card' })}</strong> <span class="small">${t({ ko: `등록된 카드 ${count}장`, en: `of ${count} saved` })}</span>
<button class="link" name="choose" value="card">${t({ ko: '카드 확인·변경', en: 'See or change' })}</button></p></div>`
  return renderChoice(parts, session, card, {
    allowed: monthsOffered(session),
    freeOf: (months) => issuersOfferedFree(session, months),
  })
}
