import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import { findIssuer } from '../vault/issuers.ts'
import { readCard, registerCard } from '../vault/register-card.ts'
import { findObstacle, rejectFullWallet, takeCard } from './add-card.ts'
import { issuerAsked } from './card-rules.ts'
import { issuerText } from './card-text.ts'
import { renderForm, renderSideStep } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import { problem, type Submission, type WindowChange, type WindowSession } from './model.ts'

/** The button of the card page; the buyer may confirm in the app of the issuer instead of entering a card. */
export function renderAppOffer({ t }: PageParts, session: WindowSession): Html {
  const { ko, en } = issuerText(issuerAsked(session) ?? '')
  return html`<form method="post" data-step="start-app" class="actions"><button class="button secondary block" name="step" value="start-app">${t({ ko: `${ko}카드 앱으로 결제`, en: `Pay with the ${en} app` })}</button></form>`
}

/** The app opens beside the window, which keeps its browser, frame and cookie; the buyer comes back and continues. */
export function renderAppPage(parts: PageParts, session: WindowSession): Html {
  const { t } = parts
  const { ko, en } = issuerText(issuerAsked(session) ?? '')
  return renderStep(parts, session, {
    page: 'issuer-app',
    title: { ko: '카드사 앱', en: 'App of the issuer' },
    content: html`<h1>${t({ ko: `${ko}카드 앱에서 결제를 확인해 주세요`, en: `Confirm the payment in the ${en} app` })}</h1>
<p class="lead">${t({ ko: '앱은 새 창으로 열려요. 확인을 마치면 이 창으로 돌아와 계속해 주세요.', en: 'The app opens in a new window. When you have confirmed, come back to this one and continue.' })}</p>
<div class="actions"><a class="button block" href="${session.state.issuerApp?.pageUrl}" target="_blank" rel="noopener noreferrer">${t({ ko: '카드사 앱 열기', en: 'Open the app' })}</a></div>
${renderForm('check-app', html`<div class="actions"><button class="button secondary block">${t({ ko: '확인을 마쳤어요, 계속하기', en: 'I have confirmed, continue' })}</button></div>`)}
<div class="aside">${renderSideStep(parts, 'enter-card', { ko: '카드번호로 결제하기', en: 'Enter a card instead' })}</div>`,
  })
}

export const enterCard: WindowChange = { issuerApp: undefined }

const texts = {
  unsupported: {
    ko: '이 카드사는 앱으로 결제할 수 없어요. 카드 정보를 입력해 주세요.',
    en: 'This issuer has no app to pay with. Enter the card.',
  },
  unreachable: {
    ko: '카드사에 연결하지 못했어요. 잠시 뒤 다시 시도해 주세요.',
    en: 'The issuer could not be reached. Try again in a moment.',
  },
  pending: {
    ko: '아직 확인되지 않았어요. 카드사 앱에서 확인한 뒤 다시 눌러 주세요.',
    en: 'The app has not confirmed the payment yet. Confirm there, then press again.',
  },
  declined: {
    ko: '카드사 앱에서 결제를 거절했어요. 다시 시도하거나 카드 정보를 입력해 주세요.',
    en: 'The payment was declined in the app. Try again, or enter the card.',
  },
  expired: {
    ko: '카드사 앱에서 확인할 시간이 지났어요. 다시 시도하거나 카드 정보를 입력해 주세요.',
    en: 'The time to confirm in the app is over. Try again, or enter the card.',
  },
} as const satisfies Readonly<Record<string, LocalizedText>>

export async function startApp({ window, session }: Submission): Promise<WindowChange> {
  const issuerCode = issuerAsked(session)
  if (window.issuerApps === undefined || issuerCode === undefined) return {}
  const full = rejectFullWallet(session)
  if (full !== undefined) return full
  const { amount, request } = session.payment
  const payment = { issuerCode, amount, shopName: session.merchant.name, goodsName: request.goodsName }
  const started = await window.issuerApps.start(payment)
  if (started.outcome !== 'started') return problem(texts[started.outcome])
  return { issuerApp: { appPaymentId: started.appPaymentId, pageUrl: started.pageUrl } }
}

/** Takes the card of a confirmed app payment; it must be of the issuer whose app was opened. */
export async function checkApp({ window, session }: Submission): Promise<WindowChange> {
  const { member, state } = session
  if (window.issuerApps === undefined || member === undefined || state.issuerApp === undefined) return enterCard
  const checked = await window.issuerApps.check(state.issuerApp.appPaymentId)
  const { outcome } = checked
  if (outcome === 'declined' || outcome === 'expired') return { ...enterCard, ...problem(texts[outcome]) }
  if (outcome !== 'confirmed') return problem(texts[outcome])
  const issuer = findIssuer(checked.cardNumber)
  const read = readCard(checked, window.runtime.now())
  if (issuer === undefined || !read.ok) return problem(texts.unreachable)
  const unusable = findObstacle(session, issuer)
  if (unusable !== undefined) return { ...enterCard, ...problem(unusable) }
  const full = rejectFullWallet(session, read.clearCard)
  if (full !== undefined) return { ...enterCard, ...full }
  const registered = await registerCard(window, { memberId: member.memberId, ...read.clearCard })
  if (!registered.ok) return problem(texts.unreachable)
  return { ...enterCard, ...takeCard({ window, session }, registered) }
}
