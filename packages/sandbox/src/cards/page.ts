import type { ConsoleLink } from '@sspay/gateway'
import { consolePage, findIssuer } from '@sspay/gateway/internal'
import { findCardCompany } from '@sspay/protocol'
import { html } from 'hono/html'
import { type TestCard, testCards } from '../card-network/scenarios.ts'

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
  consolePage({
    title: '테스트 카드',
    active: '/sandbox/cards',
    links,
    css,
    body: html`<div class="page-head"><div><h1>테스트 카드</h1>
<p class="small faint">유효기간은 미래의 아무 달이나, 카드 비밀번호는 00이 아닌 아무 두 자리나 넣으세요. 표에 없는 번호도 카드사를 알 수 있으면 승인됩니다.<br>
<span lang="en">Any month in the future is a good expiry, any two digits but 00 a good card password. Other numbers of known issuers are approved too.</span></p></div></div>
<section class="card cards"><table class="table">
<thead><tr><th>카드번호</th><th>카드사</th><th>동작</th><th>결과</th></tr></thead>
<tbody>${testCards.map(renderRow)}</tbody></table></section>`,
  })

const renderRow = ({ cardNumber, note, ...card }: TestCard) => html`<tr>
<td><span class="card-number" data-card-number="${cardNumber}">${cardNumber.replace(/(\d{4})(?=\d)/g, '$1 ')}</span></td>
<td>${issuerName(cardNumber)}</td>
<td>${note.ko}<br><span class="small faint" lang="en">${note.en}</span></td>
<td><span class="badge ${toneOf(card)}">${labelOf(card)}</span></td></tr>`

function issuerName(cardNumber: string): string {
  const issuer = findIssuer(cardNumber)
  const name = findCardCompany(issuer?.issuerCode ?? '')?.name ?? ''
  return `${name} ${issuer?.cardKind === 'check' ? '체크' : '신용'}`
}

const labels = { approve: '승인', silent: '응답 없음', late: '늦은 응답', twice: '두 번 응답' }

type Effect = Pick<TestCard, 'behaviour' | 'registration'>

const isNeverAdded = ({ registration }: Effect): boolean =>
  registration === 'silent' || (typeof registration === 'object' && 'reject' in registration)

const labelOf = (card: Effect): string => {
  if (isNeverAdded(card)) return '등록 안 됨'
  return typeof card.behaviour === 'object' ? '거절' : labels[card.behaviour]
}

const toneOf = (card: Effect): string => {
  if (isNeverAdded(card) || typeof card.behaviour === 'object') return 'danger'
  return card.behaviour === 'approve' ? 'success' : 'warning'
}
