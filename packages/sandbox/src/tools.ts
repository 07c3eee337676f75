import type { ConsoleLink } from '@sspay/gateway'
import { type SessionVariables, withSession } from '@sspay/gateway/internal'
import { Hono } from 'hono'
import { addresses } from './addresses.ts'
import { issuerAppCalls, issuerAppRoutes } from './card-network/issuer-app-route.ts'
import type { IssuerApps } from './card-network/issuer-apps.ts'
import { type CardNetworkOptions, cardNetworkRoutes } from './card-network/route.ts'
import { cardsPage } from './cards/page.ts'
import { clockRoutes } from './clock/route.ts'
import type { Clock } from './clock/shifted-runtime.ts'
import { faultRoutes } from './faults/route.ts'
import type { FaultRules } from './faults/rules.ts'
import type { MerchantContext } from './merchants/merchants.ts'
import { merchantRoutes } from './merchants/route.ts'
import { createFormKeys, onlyOwnJson } from './own-forms.ts'
import { createAgency } from './phone/agency.ts'
import type { Inbox } from './phone/inbox.ts'
import { phonePage } from './phone/page.ts'
import { identityRoutes } from './phone/route.ts'

export interface ToolsOptions extends CardNetworkOptions {
  readonly apps: IssuerApps
  readonly inbox: Inbox
  readonly faults: FaultRules
  readonly clock: Clock
  readonly merchants: MerchantContext
  /** Origin of the gateway. */
  readonly gatewayUrl: string
  /** Origin of the demo shop for a browser that reached the console under this host name. */
  shopUrlAt(hostname: string): string
  /** The tabs of every page. */
  readonly links: readonly ConsoleLink[]
}

export const toolLinks: readonly ConsoleLink[] = [
  { href: '/sandbox/phone', ko: '인증번호 수신함', en: 'Phone inbox' },
  { href: '/sandbox/cards', ko: '테스트 카드', en: 'Test cards' },
  { href: '/sandbox/merchants', ko: '상점', en: 'Merchants' },
  { href: '/sandbox/faults', ko: '장애 주입', en: 'Faults' },
  { href: '/sandbox/shop', isShop: true, ko: addresses.shop.ko, en: addresses.shop.en },
]

/**
 * The simulated outside world under `/sandbox/` of the console: card network, identity agency, phone, merchants, clock,
 * faults.
 */
export function toolRoutes(options: ToolsOptions): Hono<SessionVariables> {
  const { apps, inbox, faults, clock, links, merchants, gatewayUrl, runtime, shopUrlAt } = options
  return new Hono<SessionVariables>()
    .basePath('/sandbox')
    .use(withSession(runtime))
    .use('/card-network/*', onlyOwnJson)
    .use('/identity/*', onlyOwnJson)
    .route('/card-network', cardNetworkRoutes(options))
    .route('/card-network', issuerAppCalls(apps))
    .route('/issuer-app', issuerAppRoutes(apps, { links, keys: createFormKeys(runtime) }))
    .route('/identity', identityRoutes(createAgency(runtime, inbox)))
    .route('/faults', faultRoutes(faults, { links, keys: createFormKeys(runtime) }))
    .route('/clock', clockRoutes(clock))
    .route('/merchants', merchantRoutes(merchants, { links, gatewayUrl }))
    .get('/shop', ({ req, redirect }) => redirect(`${shopUrlAt(new URL(req.url).hostname)}/`))
    .get('/cards', () => cardsPage(links))
    .get('/phone', () => phonePage(links, inbox.messages(), runtime.now()))
    .get('/phone/messages', (context) => context.json({ messages: inbox.messages(context.req.query('phone')) }))
}
