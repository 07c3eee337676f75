import { html } from 'hono/html'
import type { Card } from '../vault/model.ts'
import { renderError, renderSelect } from './fields.ts'
import type { Html } from './frame.ts'
import { installmentMinimumAmount, type WindowSession } from './model.ts'

const monthsOffered = [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

/** 0 → 일시불, 3 → 할부 3개월 */
const monthsText = (months: number): string => (months === 0 ? '일시불' : `할부 ${months}개월`)

const cardText = ({ issuerName, cardKind, lastFour }: Card): string =>
  `${issuerName} ${cardKind === 'check' ? '체크' : '신용'} (${lastFour})`

/** The shop that names issuer and months has chosen both (wire.md, CardQuota). */
const isChoiceFixed = ({ payment }: WindowSession): boolean =>
  payment.request.issuerCode !== undefined && payment.request.installmentMonths !== undefined

export const monthsAllowed = (session: WindowSession): readonly number[] => {
  const { request, amount } = session.payment
  if (isChoiceFixed(session)) return [request.installmentMonths ?? 0]
  return amount >= installmentMinimumAmount ? monthsOffered : [0]
}

export const chosenCard = ({ cards, facts }: WindowSession): Card | undefined =>
  cards.find(({ cardId }) => cardId === facts.cardId) ?? cards[0]

const chosenMonths = (session: WindowSession): number => {
  const allowed = monthsAllowed(session)
  const wished = session.facts.installmentMonths ?? session.payment.request.installmentMonths ?? 0
  return allowed.includes(wished) ? wished : (allowed[0] ?? 0)
}

export function renderCardChoice(session: WindowSession): Html {
  const { cards, facts } = session
  const allowed = monthsAllowed(session)
  const problem = facts.problems?.installmentMonths
  return html`<div class="pay-with halves${allowed.length > 1 ? ' two' : ''}">
<div class="${allowed.length > 1 ? 'half' : ''}">${renderSelect({
    name: 'cardId',
    label: '결제 카드',
    chosen: chosenCard(session)?.cardId,
    options: cards.map((card) => ({ value: card.cardId, text: cardText(card) })),
  })}</div>
${
  allowed.length > 1
    ? html`<div class="half">${renderSelect({
        name: 'installmentMonths',
        label: '할부',
        chosen: String(chosenMonths(session)).padStart(2, '0'),
        options: allowed.map((months) => ({
          value: String(months).padStart(2, '0'),
          text: months === 0 ? '일시불' : `${months}개월`,
        })),
      })}</div>`
    : html`<input type="hidden" name="installmentMonths" value="${String(allowed[0] ?? 0).padStart(2, '0')}">${
        allowed[0] ? html`<p class="hint">${monthsText(allowed[0])}로 결제합니다.</p>` : ''
      }`
}</div>
${renderError('installmentMonths', problem)}`
}
