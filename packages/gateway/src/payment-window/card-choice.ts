import { findCardCompany, type Words } from '@sspay/protocol'
import { html } from 'hono/html'
import type { Card } from '../vault/model.ts'
import { chosenCard, issuersFreeOfInterest, monthsAllowed } from './card-rules.ts'
import { renderError, renderSelect } from './fields.ts'
import type { Html, PageParts } from './frame.ts'
import type { WindowSession } from './model.ts'

/** 0 → 일시불, 3 → 3개월 */
const monthsWords = (months: number): Words =>
  months === 0 ? { ko: '일시불', en: 'In full' } : { ko: `${months}개월`, en: `${months} months` }

/** A name that no table knows is shown as it is, in both languages. */
export const issuerWords = (issuerCode: string, known: string = issuerCode): Words => {
  const company = findCardCompany(issuerCode)
  return { ko: company?.name ?? known, en: company?.nameEn ?? known }
}

/** 신한 신용카드, Shinhan credit card. Some companies issue check cards only and say so in their name. */
export const kindWords = ({ issuerCode, cardKind }: Pick<Card, 'issuerCode' | 'cardKind'>): Words => {
  const { ko, en } = issuerWords(issuerCode)
  const isCheck = cardKind === 'check'
  return {
    ko: `${ko.replace(/체크$/, '')} ${isCheck ? '체크' : '신용'}카드`,
    en: `${en.replace(/ check$/, '')} ${isCheck ? 'debit' : 'credit'} card`,
  }
}

/** 신한 신용 (1234), Shinhan (1234), short for the narrow list. Some companies issue check cards only and say so in their name. */
export const cardWords = ({ issuerCode, issuerName, cardKind, lastFour }: Card): Words => {
  const issuer = issuerWords(issuerCode, issuerName)
  const isCheck = cardKind === 'check'
  const kind = isCheck ? ' debit' : ''
  return {
    ko: `${issuer.ko.replace(/체크$/, '')} ${isCheck ? '체크' : '신용'} (${lastFour})`,
    en: `${issuer.en.replace(/ check$|, issued abroad$/, '')}${kind} (${lastFour})`,
  }
}

/** 생활비 · 신한 신용 (1234): what the member calls the card comes first. */
function listedWords(card: Card): Words {
  const { ko, en } = cardWords(card)
  return card.name === undefined ? { ko, en } : { ko: `${card.name} · ${ko}`, en: `${card.name} · ${en}` }
}

/** 3개월 무이자, or whose cards pay without interest where not all in the list do. */
function monthsWithMark(session: WindowSession, months: number): Words {
  const { ko, en } = monthsWords(months)
  const { isEvery, issuerCodes } = issuersFreeOfInterest(session, months)
  if (issuerCodes.length === 0) return { ko, en }
  if (isEvery) return { ko: `${ko} 무이자`, en: `${en}, interest-free` }
  const names = issuerCodes.map((issuerCode) => issuerWords(issuerCode))
  return {
    ko: `${ko} (무이자: ${names.map((name) => name.ko).join(', ')})`,
    en: `${en} (interest-free: ${names.map((name) => name.en).join(', ')})`,
  }
}

/** The only choice, said as a sentence. */
function fixedMonthsWords(session: WindowSession, months: number): Words {
  const { isEvery } = issuersFreeOfInterest(session, months)
  return {
    ko: `할부 ${months}개월${isEvery ? '(무이자)' : ''}로 결제합니다.`,
    en: `You pay in ${months} monthly instalments${isEvery ? ', free of interest' : ''}.`,
  }
}

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
    options: cards.map((card) => ({ value: card.cardId, text: say(listedWords(card)) })),
  })}</div>
${
  allowed.length > 1
    ? html`<div class="half">${renderSelect(parts, {
        name: 'installmentMonths',
        label: { ko: '할부', en: 'Instalments' },
        chosen: String(chosenMonths(session)).padStart(2, '0'),
        options: allowed.map((months) => ({
          value: String(months).padStart(2, '0'),
          text: say(monthsWithMark(session, months)),
        })),
      })}</div>`
    : html`<input type="hidden" name="installmentMonths" value="${String(allowed[0] ?? 0).padStart(2, '0')}">${
        allowed[0] ? html`<p class="hint">${say(fixedMonthsWords(session, allowed[0]))}</p>` : ''
      }`
}</div>
${renderError(parts, 'installmentMonths', problem)}`
}
