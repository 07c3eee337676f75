import type { ConsoleLink } from '@sspay/gateway'
import { consolePage } from '@sspay/gateway/internal'
import { html } from 'hono/html'
import type { ShownMerchant } from './merchants.ts'
import { describeInterestFree, switchText } from './wording.ts'

const css = `
.merchant h2 { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 12px; }
.merchant dl { display: grid; grid-template-columns: minmax(120px, auto) minmax(0, 1fr); gap: 8px 20px; margin: 14px 0 0; }
.merchant dt { color: var(--ink-soft); }
.merchant dd { margin: 0; overflow-wrap: anywhere; }
`

/** The merchants with their settings, read-only. */
export const merchantsPage = (links: readonly ConsoleLink[], merchants: readonly ShownMerchant[]): Promise<Response> =>
  consolePage({
    title: '상점',
    active: '/sandbox/merchants',
    links,
    css,
    body: html`<div class="page-head"><div><h1>상점</h1>
<p class="small faint">추가하거나 바꾸려면 <code>npx sspay merchants --help</code><br>
<span lang="en">Added and changed by the command <code>npx sspay merchants</code>. Keys are shown once, when a merchant is added.</span></p></div></div>
${merchants.map(renderMerchant)}`,
  })

const renderMerchant = (
  merchant: ShownMerchant,
) => html`<section class="card merchant" data-merchant="${merchant.merchantId}">
<h2>${merchant.name} <span class="code faint">${merchant.merchantId}</span></h2>
<dl>${rowsOf(merchant).map(([title, value]) => html`<dt>${title}</dt><dd>${value}</dd>`)}</dl></section>`

function rowsOf(merchant: ShownMerchant): readonly (readonly [string, string])[] {
  const { easyPayMerchantId, notification, allowedOrigins, interestFree } = merchant
  return [
    ['간편결제 가맹점 ID', easyPayMerchantId],
    ...switchText(merchant).map(([title, value]): readonly [string, string] => [title.ko, value.ko]),
    ['허용 주소', allowedOrigins.join(', ') || '모두(샌드박스)'],
    ['무이자 할부', interestFree.map((rule) => describeInterestFree(rule).ko).join(', ') || '없음'],
    [
      '재통보',
      notification === null
        ? '보내지 않음'
        : `${notification.url} (${notification.charset}, ${notification.intervalMinutes}분마다 ${notification.maxAttempts}번)`,
    ],
  ]
}
