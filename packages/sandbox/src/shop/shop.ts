import { DatabaseSync } from 'node:sqlite'
import { createJournalTable, defineMerchant, type MerchantConfig, sqliteJournal } from '@sspay/merchant'
import { Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import { createFormKeys, newFormKey } from '../own-forms.ts'
import { browseRoutes } from './browse-route.ts'
import { clubRoutes } from './club/route.ts'
import { createClubStore } from './club/store.ts'
import type { ShopContext, ShopVariables } from './context.ts'
import { guideSampleRoutes } from './guide-sample-route.ts'
import { membershipRoutes } from './membership-route.ts'
import { notFoundPage, problemPage } from './page.ts'
import { payRoutes } from './pay-route.ts'
import { keepRecovering } from './payments.ts'
import { createOrderStore } from './store.ts'

export interface ShopOptions
  extends Omit<ShopContext, 'merchant' | 'store' | 'club' | 'journal' | 'formKeys' | 'addressesAt'> {
  /** SQLite file of the orders, or `:memory:`. */
  readonly dataFile: string
  /** Its origin is the address at which this server reaches the gateway; a browser may need another. */
  readonly merchant: MerchantConfig & { readonly environment: { readonly origin: string } }
  readonly consoleUrl: string
  /** An origin for a browser that reached the shop under this host name. */
  originUnder(hostname: string, origin: string): string
  /** Interval of the recovery, in milliseconds. */
  readonly recoverEveryMs: number
}

export interface Shop {
  fetch(request: Request): Promise<Response>
  isOwnOrder(orderId: string): boolean
  close(): Promise<void>
}

/** The demo shop: a small shop as a merchant would write it with `@sspay/merchant`. */
export async function createShop(options: ShopOptions): Promise<Shop> {
  const { dataFile, merchant: config, recoverEveryMs, consoleUrl, originUnder, ...rest } = options
  const db = new DatabaseSync(dataFile)
  const store = createOrderStore(db)
  const club = createClubStore(db)
  db.exec(createJournalTable)
  const now = (): Date => rest.runtime.now()
  const merchant = defineMerchant({ now, ...config })
  const { transport } = merchant
  const shop: ShopContext = {
    ...rest,
    merchant,
    addressesAt(url) {
      const { hostname } = new URL(url)
      const { origin } = config.environment
      const environment = { origin, windowOrigin: originUnder(hostname, origin) }
      return {
        merchant: defineMerchant({ now, ...config, transport, environment }),
        consoleUrl: originUnder(hostname, consoleUrl),
      }
    },
    store,
    club,
    journal: sqliteJournal(db, { now }),
    formKeys: createFormKeys(rest.runtime, store.keepKey('forms', newFormKey(rest.runtime))),
  }
  const stopRecovering = await keepRecovering(shop, recoverEveryMs)

  const app = shopRoutes(shop)
  return {
    fetch: async (request) => app.fetch(request),
    isOwnOrder: (orderId) => store.find(orderId) !== undefined || club.findCharge(orderId) !== undefined,
    async close() {
      await stopRecovering()
      db.close()
    },
  }
}

export const shopRoutes = (shop: ShopContext): Hono<ShopVariables> =>
  new Hono<ShopVariables>()
    .use(async (context, next) => {
      const given = getCookie(context, 'customer')
      context.set('customerId', given !== undefined && /^[a-z0-9]{1,20}$/.test(given) ? given : undefined)
      await next()
    })
    .route('/', browseRoutes(shop))
    .route('/', payRoutes(shop))
    .route('/', membershipRoutes(shop))
    .route('/', clubRoutes(shop))
    .route('/', guideSampleRoutes(shop))
    .notFound(() => notFoundPage())
    .onError((cause) => {
      shop.log.error('shop_failed', { cause })
      return problemPage(
        500,
        '잠시 뒤 다시 시도해 주세요',
        '상점이 요청을 처리하지 못했어요. 이미 결제했다면 내 주문에서 확인해 주세요.',
      )
    })
