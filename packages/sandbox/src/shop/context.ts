import type { DatabaseSync } from 'node:sqlite'
import type { Log, Runtime } from '@sspay/gateway'
import type { Merchant, PaymentJournal } from '@sspay/merchant'
import type { FormKeys } from '../own-forms.ts'
import type { OrderStore } from './store.ts'

/** What every route of the shop works with. The merchant key stays inside `merchant`. */
export interface ShopContext {
  readonly merchant: Merchant
  readonly store: OrderStore
  /** On the same connection as the orders, so that an order and its payment change together. */
  readonly journal: PaymentJournal<DatabaseSync>
  readonly cancelPassword: string
  /** For the tokens in the shop's own forms. */
  readonly formKeys: FormKeys
  /** `whsec_…`: who may send notices. */
  readonly webhookKeys: readonly string[]
  readonly runtime: Runtime
  readonly log: Pick<Log, 'error'>
  /** Where the operator's console shows payments. */
  readonly consoleUrl: string
}

export interface ShopVariables {
  readonly Variables: {
    /** The shop's own name for this browser; undefined until the first order. */
    customerId: string | undefined
  }
}
