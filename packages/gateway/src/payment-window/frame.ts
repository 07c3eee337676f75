import type { LocalizedText } from '@sspay/protocol'
import { type AcceptedRequest, groupThousands } from '@sspay/protocol/internal'
import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { Settings } from '../context.ts'
import { type Language, languageNames, otherLanguage, type Translate } from './language.ts'
import type { PageName, ReturnChannel, WindowSession } from './model.ts'
import { windowCss } from './window-style.ts'

/** 1,004원, ₩1,004 */
export function wonText(amount: number): LocalizedText {
  const digits = groupThousands(amount)
  return { ko: `${digits}원`, en: `₩${digits}` }
}

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

export interface PageParts {
  readonly nonce: string
  readonly windowScript: string
  readonly language: Language
  readonly t: Translate
  readonly isSandbox: boolean
  /** Shown in a frame of the shop's page. */
  readonly isFramed: boolean
  readonly testCardNumber: string | undefined
  /** Who runs the service, and where buyers call; empty where the operator has not said. */
  readonly service: Settings['service']
  /** Only in a sandbox. */
  readonly consoleUrl: string | undefined
  /** Passkeys need a host name, so a gateway at a bare address has none. */
  readonly allowsPasskeys: boolean
  readonly now: Date
  /** yyyyMMdd, Korean time. */
  readonly today: string
  readonly codeLifeMs: number
}

interface Document extends PageParts {
  readonly title: string
  readonly skin?: string | undefined
  readonly channel?: ReturnChannel | undefined
  readonly bodyClass?: string | undefined
  readonly body: Html
}

/** Style and script are inline, so that the first page is one request, besides the keypad's picture. */
export function renderDocument(document: Document): Html {
  const { title, skin, channel, bodyClass, body, nonce, windowScript, language } = document
  const shopOrigin = channel?.by === 'message' ? channel.shopOrigin : ''
  return html`<!doctype html>
<html lang="${language}" data-skin="${skin ?? 'RED'}" data-shop-origin="${shopOrigin}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="format-detection" content="telephone=no">
<title>${title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${raw(windowCss)}</style>
</head>
<body class="${bodyClass ?? ''}">
${body}
<script nonce="${nonce}">${raw(windowScript)}</script>
</body>
</html>`
}

const lockMark: Html = html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4.5 7V5a3.5 3.5 0 0 1 7 0v2" fill="none" stroke="currentColor" stroke-width="1.8"/><rect x="2.5" y="7" width="11" height="7.5" rx="2" fill="currentColor"/></svg>`

function goodsText({ state, payment }: WindowSession): LocalizedText {
  const { goodsName, goodsCount } = payment.request
  if (state.registration !== undefined) return { ko: '정기결제 카드 등록', en: 'Card for recurring payments' }
  return goodsCount > 1
    ? { ko: `${goodsName} (${goodsCount}개)`, en: `${goodsName} × ${goodsCount}` }
    : { ko: goodsName, en: goodsName }
}

/** Rendered outside the steps, because every page has it. */
export function renderLanguageSwitch({ language }: PageParts): Html {
  const other = otherLanguage(language)
  return html`<form class="language" method="post"><input type="hidden" name="step" value="language"><button class="link" name="language" value="${other}" lang="${other}">${languageNames[other]}</button></form>`
}

const progress: Readonly<Record<PageName, string>> = {
  terms: 'w1',
  identity: 'w2',
  'identity-code': 'w3',
  locked: 'w6',
  issuer: 'w3',
  'issuer-app': 'w4',
  card: 'w4',
  cards: 'w4',
  'pop-card': 'w4',
  'password-set': 'w5',
  'password-repeat': 'w5',
  passkey: 'w6',
  password: 'w6',
  confirm: 'w6',
  register: 'w6',
}

interface Step {
  readonly page: PageName
  readonly title: LocalizedText
  readonly content: Html
}

/** A page that asks for something: with the payment in view, and the abort button last in the focus order. */
export function renderStep(parts: PageParts, session: WindowSession, { page, title, content }: Step): Html {
  const { payment, merchant, state } = session
  const { t } = parts
  const notification = state.problems?.['']
  const isRegistration = state.registration !== undefined
  return renderDocument({
    ...parts,
    title: t(
      isRegistration
        ? { ko: `${title.ko} - ${merchant.name} 정기결제`, en: `${title.en} - ${merchant.name} recurring payments` }
        : { ko: `${title.ko} - ${merchant.name} 결제`, en: `${title.en} - ${merchant.name} payment` },
    ),
    skin: payment.request.skin,
    channel: state.channel,
    bodyClass: page.startsWith('password') ? 'password' : '',
    body: html`<div class="window">
<header>
<div class="top">${lockMark}${t({ ko: '안전결제', en: 'Secure payment' })}${renderLanguageSwitch(parts)}</div>
${parts.isSandbox ? html`<p class="test">${t({ ko: '테스트 결제 · 실제로 청구되지 않아요', en: 'Test payment · nothing is charged' })}</p>` : ''}
<div class="summary"><div class="who${isRegistration ? ' whole' : ''}"><span class="shop">${merchant.name}</span><span class="goods">${t(goodsText(session))}</span></div>
${isRegistration ? '' : html`<strong class="amount">${t(wonText(payment.amount))}</strong>`}</div>
${renderAmountSplit(t, payment.request)}
<div class="steps" aria-hidden="true"><span class="${progress[page]}"></span></div>
</header>
<main>
<div aria-live="assertive">${notification === undefined ? '' : html`<p class="notice danger" role="alert">${t(notification)}</p>`}</div>
${state.success === undefined ? '' : html`<p class="notice success" role="status">${t(state.success)}</p>`}
${content}
</main>
<footer>
<p class="safe">${t({ ko: '입력한 정보는 암호화해서 안전하게 처리해요.', en: 'What you enter is encrypted and handled safely.' })}<br>${t(serviceText(parts))}</p>
${renderAbort(parts, isRegistration ? registrationAbortTexts : abortTexts)}
</footer>
</div>`,
  })
}

const serviceText = ({ service: { name, phone } }: PageParts): LocalizedText =>
  phone === '' ? { ko: name, en: name } : { ko: `${name} · 고객센터 ${phone}`, en: `${name} · Customer care ${phone}` }

const stopText: LocalizedText = { ko: '그만하기', en: 'Stop' }

const abortTexts = {
  button: { ko: '결제 중단', en: 'Cancel' },
  question: { ko: '결제를 그만할까요?', en: 'Stop paying?' },
  more: {
    ko: '그만하면 쇼핑몰로 돌아가요. 결제된 금액은 없어요.',
    en: 'You go back to the shop. Nothing was charged.',
  },
  stay: { ko: '계속 결제하기', en: 'Keep paying' },
} satisfies Readonly<Record<string, LocalizedText>>

const registrationAbortTexts: typeof abortTexts = {
  button: { ko: '등록 중단', en: 'Cancel' },
  question: { ko: '카드 등록을 그만할까요?', en: 'Stop registering the card?' },
  more: {
    ko: '그만하면 쇼핑몰로 돌아가요. 정기결제 카드는 등록되지 않아요.',
    en: 'You go back to the shop. No card is registered for recurring payments.',
  },
  stay: { ko: '계속 등록하기', en: 'Keep going' },
}

/** With a script the buyer is asked first; without one, the button aborts. */
const renderAbort = ({ t }: PageParts, { button, question, more, stay }: typeof abortTexts): Html =>
  html`<form class="stop" method="post" data-step="abort"><button class="button quiet small-button" name="step" value="abort">${t(button)}</button>
<div class="ask" data-ask role="alertdialog" aria-modal="true" aria-labelledby="ask" aria-describedby="ask-more" hidden><div><h2 id="ask">${t(question)}</h2>
<p id="ask-more">${t(more)}</p>
<button type="button" class="button block" data-stay>${t(stay)}</button>
<button class="button secondary block" name="step" value="abort" data-leave>${t(stopText)}</button></div></div></form>`

const labels: readonly (readonly ['taxableAmount' | 'vatAmount' | 'taxFreeAmount', LocalizedText])[] = [
  ['taxableAmount', { ko: '공급가액', en: 'Taxable amount' }],
  ['vatAmount', { ko: '부가세', en: 'VAT' }],
  ['taxFreeAmount', { ko: '면세', en: 'Tax-free amount' }],
]

/** The parts of the amount, if the shop sends them. The guide has no service charge. */
function renderAmountSplit(t: Translate, request: AcceptedRequest) {
  const lines = labels.flatMap(([name, label]) => {
    const amount = request[name]
    return amount === undefined ? [] : [{ label, amount }]
  })
  if (lines.every(({ amount }) => amount === 0)) return html``
  return html`<details class="split"><summary>${t({ ko: '금액 내역', en: 'Amount details' })}</summary><dl>${lines.map(
    ({ label, amount }) => html`<div><dt>${t(label)}</dt><dd class="number">${t(wonText(amount))}</dd></div>`,
  )}</dl></details>`
}
