import type { LocalizedText, PaymentRequest } from '@sspay/protocol'
import { html } from 'hono/html'
import type { Translate } from './language.ts'
import { wonText } from './money.ts'

const labels: readonly (readonly ['taxableAmount' | 'vatAmount' | 'taxFreeAmount', LocalizedText])[] = [
  ['taxableAmount', { ko: '공급가액', en: 'Taxable amount' }],
  ['vatAmount', { ko: '부가세', en: 'VAT' }],
  ['taxFreeAmount', { ko: '면세', en: 'Tax-free amount' }],
]

/** What the amount is made of, folded under it, where the shop has said so. The guide knows no service charge. */
export function renderAmountSplit(t: Translate, request: PaymentRequest) {
  const lines = labels.flatMap(([name, words]) => {
    const amount = request[name]
    return amount === undefined ? [] : [{ words, amount }]
  })
  if (lines.length === 0) return html``
  return html`<details class="split"><summary>${t({ ko: '금액 내역', en: 'Amount details' })}</summary><dl>${lines.map(
    ({ words, amount }) => html`<div><dt>${t(words)}</dt><dd class="number">${t(wonText(amount))}</dd></div>`,
  )}</dl></details>`
}
