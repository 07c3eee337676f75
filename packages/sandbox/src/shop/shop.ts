import type { Log, Runtime } from '@sspay/gateway'
import { defineMerchant, type MerchantConfig } from '@sspay/merchant'
import { Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import { HTTPException } from 'hono/http-exception'
import { browseRoutes } from './browse-route.ts'
import type { ShopVariables } from './context.ts'
import { guideSampleRoutes } from './guide-sample-route.ts'
import { membershipRoutes } from './membership-route.ts'
import { notFoundPage, problemPage } from './not-found-page.ts'
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
  /** Where a request that failed is told. */
  readonly log: Pick<Log, 'error'>
}

export interface Shop {
  fetch(request: Request): Promise<Response>
  close(): Promise<void>
}

/** The demo shop: a small shop as a merchant would write it, on the merchant SDK alone. */
export function createShop({ dataFile, merchant, consoleUrl, runtime, log }: ShopOptions): Shop {
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
    .onError((cause) => {
      if (cause instanceof HTTPException) return cause.getResponse()
      log.error('shop_failed', { cause })
      return problemPage(
        500,
        '잠시 뒤 다시 시도해 주세요',
        '상점이 요청을 처리하지 못했습니다. 이미 결제했다면 내 주문에서 확인해 주세요.',
      )
    })

  return {
    fetch: async (request) => app.fetch(request),
    close: async () => store.close(),
  }
}
