import type { PaymentRequest, Words } from '@sspay/protocol'
import { html } from 'hono/html'
import type { Say } from './language.ts'
import { wonWords } from './money.ts'

const labels: readonly (readonly ['taxableAmount' | 'vatAmount' | 'taxFreeAmount', Words])[] = [
  ['taxableAmount', { ko: '공급가액', en: 'Taxable amount' }],
  ['vatAmount', { ko: '부가세', en: 'VAT' }],
  ['taxFreeAmount', { ko: '면세', en: 'Tax-free amount' }],
]

/** What the amount is made of, folded under it, where the shop has said so. The guide knows no service charge. */
export function renderAmountSplit(say: Say, request: PaymentRequest) {
  const lines = labels.flatMap(([name, words]) => {
    const amount = request[name]
    return amount === undefined ? [] : [{ words, amount }]
  })
  if (lines.length === 0) return html``
  return html`<details class="split"><summary>${say({ ko: '금액 내역', en: 'Amount details' })}</summary><dl>${lines.map(
    ({ words, amount }) => html`<div><dt>${say(words)}</dt><dd class="number">${say(wonWords(amount))}</dd></div>`,
  )}</dl></details>`
}
