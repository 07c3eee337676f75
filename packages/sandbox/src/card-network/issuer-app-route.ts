import type { ConsoleLink } from '@sspay/gateway'
import type { SessionVariables } from '@sspay/gateway/internal'
import { findCardCompany, type LocalizedText } from '@sspay/protocol'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { wonText } from '../command-line/columns.ts'
import { type FormKeys, onlyOwnForms, readJsonObject, type TokenFor, tokensFor } from '../own-forms.ts'
import { noteText, toolPage } from '../tool-page.ts'
import { type AppPayment, type IssuerApps, readAppCheck, readAppPayment } from './issuer-apps.ts'

const unreadable = (context: Context): Response => context.json({ error: 'the request is not readable' }, 400)

/** `POST /start-app` and `/check-app`, for the gateway's port to the apps of the issuers. */
export const issuerAppCalls = (apps: IssuerApps): Hono =>
  new Hono()
    .post('/start-app', async (context) => {
      const request = readAppPayment(await readJsonObject(context))
      if (request === undefined) return unreadable(context)
      const { appPaymentId } = request
      const pageId = apps.start(request)
      if (pageId === undefined) return context.json({ appPaymentId, outcome: 'unsupported' })
      // The gateway calls at the address that buyers of the sandbox open too.
      const pageUrl = new URL(`/sandbox/issuer-app/${pageId}`, context.req.url).href
      return context.json({ appPaymentId, outcome: 'started', pageUrl })
    })
    .post('/check-app', async (context) => {
      const request = readAppCheck(await readJsonObject(context))
      return request === undefined ? unreadable(context) : context.json(apps.check(request.appPaymentId))
    })

interface IssuerAppOptions {
  readonly links: readonly ConsoleLink[]
  readonly keys: FormKeys
}

const decisions = { confirm: 'confirmed', decline: 'declined' } as const

const isDecision = (text: string): text is keyof typeof decisions => Object.hasOwn(decisions, text)

/** `/sandbox/issuer-app/:pageId`: the simulated app of an issuer. Needs the middleware `withSession` before it. */
export function issuerAppRoutes(apps: IssuerApps, { links, keys }: IssuerAppOptions): Hono<SessionVariables> {
  const sessionOf = (context: Context<SessionVariables>): string => context.get('session')
  const show = (context: Context<SessionVariables>, pageId: string): Response | Promise<Response> => {
    const payment = apps.find(pageId)
    if (payment === undefined) return context.notFound()
    const state = apps.stateOf(payment)
    const tokenFor = tokensFor(keys, sessionOf(context))
    return appPage(links, payment, state === 'pending' ? renderChoice(pageId, tokenFor) : noteText(endings[state]))
  }
  const ownForms = onlyOwnForms<SessionVariables>(keys, sessionOf, (context) =>
    context.text('The form did not come from this page.', 403),
  )
  return new Hono<SessionVariables>()
    .get('/:pageId', (context) => show(context, context.req.param('pageId')))
    .post('/:pageId/:decision', ownForms, (context) => {
      const { pageId = '', decision = '' } = context.req.param()
      if (isDecision(decision)) apps.decide(pageId, decisions[decision])
      return context.redirect(`/sandbox/issuer-app/${pageId}`, 303)
    })
}

const css = `
.issuer-app { max-width: 420px; margin: 0 auto; text-align: center; }
.issuer-app .amount { margin: 6px 0 18px; font-size: 30px; font-weight: 800; }
.issuer-app form + form { margin-top: 10px; }
`

const appPage = (
  links: readonly ConsoleLink[],
  { issuerCode, amount, shopName, goodsName }: AppPayment,
  content: ReturnType<typeof html> | ReturnType<typeof noteText>,
): Promise<Response> => {
  const { name = issuerCode, nameEn = issuerCode } = findCardCompany(issuerCode) ?? {}
  return toolPage({
    title: `${name}카드 앱`,
    active: '/sandbox/issuer-app',
    links,
    css,
    intro: {
      ko: '카드사의 앱을 대신하는 샌드박스 화면입니다.',
      en: `Stands for the ${nameEn} app, in the sandbox only.`,
    },
    body: html`<section class="card issuer-app"><p class="soft">${shopName}<br>${goodsName}</p>
<p class="amount number">${wonText(amount).ko}</p>
${content}</section>`,
  })
}

const renderChoice = (pageId: string, tokenFor: TokenFor) => {
  const button = (decision: keyof typeof decisions, kind: string, label: string) => {
    const path = `/sandbox/issuer-app/${pageId}/${decision}`
    return html`<form method="post" action="${path}">${tokenFor(path)}<button class="button block ${kind}" data-decision="${decision}">${label}</button></form>`
  }
  return html`${button('confirm', '', '결제 확인 · Confirm')}${button('decline', 'secondary', '거절 · Decline')}`
}

const endings: Readonly<Record<'confirmed' | 'declined' | 'expired', LocalizedText>> = {
  confirmed: {
    ko: '확인했어요. 이 창을 닫고 결제창에서 계속해 주세요.',
    en: 'Confirmed. Close this window and continue in the payment window.',
  },
  declined: {
    ko: '거절했어요. 이 창을 닫고 결제창으로 돌아가 주세요.',
    en: 'Declined. Close this window and go back to the payment window.',
  },
  expired: {
    ko: '확인할 시간이 지났어요. 결제창에서 다시 시도해 주세요.',
    en: 'The time to confirm is over. Try again in the payment window.',
  },
}
