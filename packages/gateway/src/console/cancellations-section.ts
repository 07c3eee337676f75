import { html } from 'hono/html'
import type { Cancellation } from '../cancellation/model.ts'
import type { SafeHtml } from './frame.ts'
import { formatTime, formatWon, type StateText } from './wording.ts'

const words: Readonly<Record<Cancellation['state'], StateText>> = {
  asking: { ko: '확인 중', en: 'The card network has not answered yet', tone: 'warning' },
  cancelled: { ko: '취소됨', en: 'Cancelled', tone: 'success' },
  declined: { ko: '거절', en: 'Refused by the card network', tone: 'danger' },
}

/** Every cancellation that was let in, with what the card network made of it; nothing when there was none. */
export const cancellationsSection = (cancellations: readonly Cancellation[]): SafeHtml =>
  cancellations.length === 0
    ? html``
    : html`<section class="card cancellations"><h2 class="card-title">취소</h2><table class="table"><tbody>${cancellations.map(row)}</tbody></table></section>`

const row = ({ cancelSequence, amount, state, requestedAt, partialTransactionId }: Cancellation): SafeHtml => html`<tr>
<td><span class="number">${cancelSequence}차 · ${formatWon(amount)}</span><br><span class="small faint number">${formatTime(requestedAt)}</span>${
  partialTransactionId === undefined ? '' : html`<br><span class="small code">${partialTransactionId}</span>`
}</td>
<td class="right"><span class="badge ${words[state].tone}" title="${words[state].en}" data-cancellation="${state}">${words[state].ko}</span></td></tr>`
