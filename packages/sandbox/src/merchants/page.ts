import type { ConsoleLink } from '@sspay/gateway'
import { html } from 'hono/html'
import { toolPage } from '../tool-page.ts'
import type { ShownMerchant } from './model.ts'
import { settingTexts } from './wording.ts'

const css = `
.merchant h2 { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 12px; }
.merchant dl { display: grid; grid-template-columns: minmax(120px, auto) minmax(0, 1fr); gap: 8px 20px; margin: 14px 0 0; }
.merchant dt { color: var(--ink-soft); }
.merchant dd { margin: 0; overflow-wrap: anywhere; }
`

/** The merchants with their settings, read-only. */
export const merchantsPage = (links: readonly ConsoleLink[], merchants: readonly ShownMerchant[]): Promise<Response> =>
  toolPage({
    title: '상점',
    active: '/sandbox/merchants',
    links,
    css,
    intro: html`명령 <code>npx sspay merchants</code>로 추가하고 바꿉니다. 키는 상점을 추가할 때 한 번만 보여 줍니다.`,
    body: html`${merchants.map(renderMerchant)}`,
  })

const renderMerchant = (
  merchant: ShownMerchant,
) => html`<section class="card merchant" data-merchant="${merchant.merchantId}">
<h2>${merchant.name} <span class="code faint">${merchant.merchantId}</span></h2>
<dl>${settingTexts(merchant).map(([title, value]) => html`<dt>${title.ko}</dt><dd>${value.ko}</dd>`)}</dl></section>`
