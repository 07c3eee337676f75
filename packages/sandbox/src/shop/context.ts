import type { DatabaseSync } from 'node:sqlite'
import type { Log, Runtime } from '@sspay/gateway'
import type { Merchant, PaymentJournal } from '@sspay/merchant'
import type { Context, MiddlewareHandler } from 'hono'
import { setCookie } from 'hono/cookie'
import { type FormKeys, onlyOwnForms, type TokenFor, tokensFor } from '../own-forms.ts'
import type { ClubStore } from './club/store.ts'
import { problemPage } from './page.ts'
import type { OrderStore } from './store.ts'

/** The dependencies of the routes. The merchant key stays inside `merchant`. */
export interface ShopContext {
  readonly merchant: Merchant
  readonly store: OrderStore
  readonly club: ClubStore
  /** On the connection of the orders, so that an order and its journal entry change in one transaction. */
  readonly journal: PaymentJournal<DatabaseSync>
  /** 취소 비밀번호, six digits. */
  readonly cancelPassword: string
  /** Sign the CSRF tokens. */
  readonly formKeys: FormKeys
  /** `whsec_…`, which verify the gateway's notifications; without any, only SignValue is verified. */
  readonly webhookKeys: readonly string[]
  readonly runtime: Runtime
  readonly log: Pick<Log, 'error'>
  /** The addresses of a page, for a browser that requested it at this URL. */
  addressesAt(url: string): PageAddresses
}

export interface PageAddresses {
  /** Signs forms for the payment window that this browser reaches. */
  readonly merchant: Merchant
  /** Origin of the operator's console. */
  readonly consoleUrl: string
}

export interface ShopVariables {
  readonly Variables: {
    /** The customer id in the browser's cookie; undefined before the first order. */
    customerId: string | undefined
  }
}

const yearSeconds = 365 * 24 * 60 * 60

/** Remembers the customer in the browser's cookie. */
export const setCustomer = (context: Context<ShopVariables>, customerId: string): void =>
  setCookie(context, 'customer', customerId, { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: yearSeconds })

/** Rejects a form without a valid CSRF token of this browser. */
export const fromOwnPage = ({ formKeys }: ShopContext): MiddlewareHandler<ShopVariables> =>
  onlyOwnForms<ShopVariables>(
    formKeys,
    (context) => context.get('customerId'),
    () => problemPage(403, '화면을 다시 열어 주세요', formRejected),
  )

const formRejected = '화면을 연 지 오래되었거나 쿠키가 꺼져 있어요. 바뀐 것은 없어요.'

export const tokensOf = ({ formKeys }: ShopContext, customerId: string): TokenFor => tokensFor(formKeys, customerId)
