import { findCardCompany, type Words } from '@sspay/protocol'
import { html } from 'hono/html'
import type { Card } from '../vault/model.ts'
import { renderError, renderSelect } from './fields.ts'
import type { Html, PageParts } from './frame.ts'
import { installmentMinimumAmount, type WindowSession } from './model.ts'

const monthsOffered = [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

/** 0 → 일시불, 3 → 3개월 */
const monthsWords = (months: number): Words =>
  months === 0 ? { ko: '일시불', en: 'In full' } : { ko: `${months}개월`, en: `${months} months` }

/** A name that no table knows is shown as it is, in both languages. */
export const issuerWords = (issuerCode: string, known: string = issuerCode): Words => {
  const company = findCardCompany(issuerCode)
  return { ko: company?.name ?? known, en: company?.nameEn ?? known }
}

/** 신한 신용 (1234), Shinhan (1234), short for the narrow list. Some companies issue check cards only and say so in their name. */
const cardWords = ({ issuerCode, issuerName, cardKind, lastFour }: Card): Words => {
  const issuer = issuerWords(issuerCode, issuerName)
  const isCheck = cardKind === 'check'
  const kind = isCheck ? ' debit' : ''
  return {
    ko: `${issuer.ko.replace(/체크$/, '')} ${isCheck ? '체크' : '신용'} (${lastFour})`,
    en: `${issuer.en.replace(/ check$|, issued abroad$/, '')}${kind} (${lastFour})`,
  }
}

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

export function renderCardChoice(parts: PageParts, session: WindowSession): Html {
  const { say } = parts
  const { cards, facts } = session
  const allowed = monthsAllowed(session)
  const problem = facts.problems?.installmentMonths
  return html`<div class="pay-with halves${allowed.length > 1 ? ' two' : ''}">
<div class="${allowed.length > 1 ? 'half' : ''}">${renderSelect(parts, {
    name: 'cardId',
    label: { ko: '결제 카드', en: 'Card' },
    chosen: chosenCard(session)?.cardId,
    options: cards.map((card) => ({ value: card.cardId, text: say(cardWords(card)) })),
  })}</div>
${
  allowed.length > 1
    ? html`<div class="half">${renderSelect(parts, {
        name: 'installmentMonths',
        label: { ko: '할부', en: 'Instalments' },
        chosen: String(chosenMonths(session)).padStart(2, '0'),
        options: allowed.map((months) => ({
          value: String(months).padStart(2, '0'),
          text: say(monthsWords(months)),
        })),
      })}</div>`
    : html`<input type="hidden" name="installmentMonths" value="${String(allowed[0] ?? 0).padStart(2, '0')}">${
        allowed[0]
          ? html`<p class="hint">${say({ ko: `할부 ${allowed[0]}개월로 결제합니다.`, en: `You pay in ${allowed[0]} monthly instalments.` })}</p>`
          : ''
      }`
}</div>
${renderError(parts, 'installmentMonths', problem)}`
}
