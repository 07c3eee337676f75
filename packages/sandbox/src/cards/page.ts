import type { ConsoleLink } from '@sspay/gateway'
import { html } from 'hono/html'
import { issuerOf, otherCards, spaced, type TestCard, testCards } from '../card-network/scenarios.ts'
import { noteText, toolPage } from '../tool-page.ts'

const css = `
.card-number { font-family: ui-monospace, SFMono-Regular, Consolas, Menlo, monospace; font-size: 16px; white-space: nowrap; user-select: all; -webkit-user-select: all; }
@media (max-width: 760px) {
  .cards table, .cards tbody { display: block; } .cards thead { display: none; }
  .cards tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 4px 12px; padding: 14px 0; border-bottom: 1px solid var(--line); }
  .cards tr:last-child { border-bottom: 0; }
  .cards .table td { padding: 0; border: 0; }
  .cards td:nth-child(1) { order: 1; } .cards td:nth-child(4) { order: 2; text-align: right; } .cards td:nth-child(3) { order: 3; } .cards td:nth-child(2) { order: 4; text-align: right; }
}
`

/** The test cards; a click selects a whole number. */
export const cardsPage = (links: readonly ConsoleLink[]): Promise<Response> =>
  toolPage({
    title: '테스트 카드',
    active: '/sandbox/cards',
    links,
    css,
    intro: otherCards,
    body: html`<section class="card cards"><table class="table">
<thead><tr><th>카드번호</th><th>카드사</th><th>동작</th><th>결과</th></tr></thead>
<tbody>${testCards.map(renderRow)}</tbody></table></section>`,
  })

function renderRow(card: TestCard) {
  const [label, tone] = effectOf(card)
  return html`<tr>
<td><span class="card-number" data-card-number="${card.cardNumber}">${spaced(card.cardNumber)}</span></td>
<td>${issuerName(card.cardNumber)}</td>
<td>${noteText(card.note)}</td>
<td><span class="badge ${tone}">${label}</span></td></tr>`
}

function issuerName(cardNumber: string): string {
  const { issuerName = '', cardKind } = issuerOf(cardNumber)
  return `${issuerName} ${cardKind === 'check' ? '체크' : '신용'}`
}

const labels = { approve: '승인', silent: '응답 없음', late: '늦은 응답', twice: '두 번 응답' }

function effectOf({ behaviour, registration, declines }: TestCard): readonly [label: string, tone: string] {
  const isNeverAdded = registration === 'silent' || (typeof registration === 'object' && 'reject' in registration)
  if (isNeverAdded) return ['등록 안 됨', 'danger']
  if (typeof behaviour === 'object') return ['거절', 'danger']
  if (declines !== undefined) return ['가끔 거절', 'warning']
  return [labels[behaviour], behaviour === 'approve' ? 'success' : 'warning']
}
