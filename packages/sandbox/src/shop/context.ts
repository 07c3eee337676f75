import type { Runtime } from '@sspay/gateway'
import type { Merchant } from '@sspay/merchant'
import type { OrderStore } from './store.ts'

/** What every route of the shop works with. The merchant key stays inside `merchant`. */
export interface ShopContext {
  readonly merchant: Merchant
  readonly store: OrderStore
  readonly runtime: Runtime
  /** Where the operator's console shows payments. */
  readonly consoleUrl: string
}

export interface ShopVariables {
  readonly Variables: {
    /** The shop's own name for this browser; undefined until the first order. */
    customerId: string | undefined
  }
}
