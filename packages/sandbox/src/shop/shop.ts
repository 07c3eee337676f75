import type { Runtime } from '@sspay/gateway'
import { defineMerchant, type MerchantConfig } from '@sspay/merchant'
import { Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import { browseRoutes } from './browse-route.ts'
import type { ShopVariables } from './context.ts'
import { guideSampleRoutes } from './guide-sample-route.ts'
import { membershipRoutes } from './membership-route.ts'
import { notFoundPage } from './not-found-page.ts'
import { payRoutes } from './pay-route.ts'
import { openOrderStore } from './store.ts'

export interface ShopOptions {
  /** SQLite file of the shop's orders; `:memory:` forgets them. */
  readonly dataFile: string
  /** `environment: { origin }` is the gateway's address as browsers and this server reach it. */
  readonly merchant: MerchantConfig
  /** Origin of the operator's console. */
  readonly consoleUrl: string
  readonly runtime: Runtime
}

export interface Shop {
  fetch(request: Request): Promise<Response>
  close(): Promise<void>
}

/** The demo shop: a small shop as a merchant would write it, on the merchant SDK alone. */
export function createShop({ dataFile, merchant, consoleUrl, runtime }: ShopOptions): Shop {
  const store = openOrderStore(dataFile)
  const shop = { merchant: defineMerchant({ now: () => runtime.now(), ...merchant }), store, runtime, consoleUrl }

  const app = new Hono<ShopVariables>()
    .use(async (context, next) => {
      const given = getCookie(context, 'customer')
      context.set('customerId', given !== undefined && /^[a-z0-9]{1,20}$/.test(given) ? given : undefined)
      await next()
    })
    .route('/', browseRoutes(shop))
    .route('/', payRoutes(shop))
    .route('/', membershipRoutes(shop))
    .route('/', guideSampleRoutes(shop))
    .notFound(() => notFoundPage())

  return {
    fetch: async (request) => app.fetch(request),
    close: async () => store.close(),
  }
}
