import { cardCompanies } from '@sspay/protocol'
import { html } from 'hono/html'
import { isForeignIssuer } from '../vault/issuers.ts'
import { issuerAsked } from './card-rules.ts'
import { issuerText } from './card-text.ts'
import type { Html, PageParts } from './frame.ts'
import type { WindowSession } from './model.ts'
import { termsOf } from './terms-page.ts'

/** Below the form of a card, folded: whose cards pay, and the terms that apply. */
export const renderTakenCards = (parts: PageParts, session: WindowSession): Html =>
  html`${issuerAsked(session) === undefined ? renderIssuers(parts, session) : ''}
<details class="corporate"><summary>${parts.t({ ko: '약관 보기', en: 'Read the terms' })}</summary>${termsOf(
    session,
  ).map(
    ({ title, text }) => html`<p class="small strong">${parts.t(title)}</p><p class="small soft">${parts.t(text)}</p>`,
  )}</details>`

function renderIssuers({ t }: PageParts, { state }: WindowSession): Html {
  const codes = cardCompanies
    .map(({ code }) => code)
    .filter((code) => state.registration === undefined || !isForeignIssuer(code))
  const names = codes.map((code) => t(issuerText(code))).join(', ')
  return html`<details class="corporate"><summary>${t({ ko: '쓸 수 있는 카드', en: 'Cards that we accept' })}</summary><p class="small soft">${names}</p></details>`
}
