import type { Runtime } from '@sspay/gateway'
import { findIssuer, randomBelow, randomHex } from '@sspay/gateway/tools'
import { passesLuhn } from '@sspay/protocol/internal'
import { reader, text } from './model.ts'

const appTtlMs = 5 * 60 * 1000
const maxAppPayments = 200

interface AppPaymentRequest {
  readonly appPaymentId: string
  readonly issuerCode: string
  readonly amount: number
  readonly shopName: string
  readonly goodsName: string
}

export interface AppPayment extends AppPaymentRequest {
  readonly expiresAt: Date
  /** Undefined: until the buyer has confirmed or declined. */
  readonly decision?: 'confirmed' | 'declined'
}

const isId = text(/^[0-9A-Za-z]{1,64}$/)

export const readAppPayment = reader<AppPaymentRequest>({
  appPaymentId: isId,
  issuerCode: text(/^[0-9]{2}$/),
  amount: Number.isSafeInteger,
  shopName: text(/^/),
  goodsName: text(/^/),
})

export const readAppCheck = reader<Pick<AppPaymentRequest, 'appPaymentId'>>({ appPaymentId: isId })

export type IssuerApps = ReturnType<typeof createIssuerApps>

/**
 * Simulated apps of the issuers (앱카드): the buyer confirms or declines on a page of the sandbox, and a confirmed payment
 * has a card number of its own. In memory, until the sandbox stops.
 */
export function createIssuerApps(runtime: Runtime) {
  // In insertion order: the first is the oldest.
  const byPage = new Map<string, AppPayment>()
  const stateOf = ({ expiresAt, decision }: AppPayment) =>
    decision ?? (runtime.now() >= expiresAt ? ('expired' as const) : ('pending' as const))

  return {
    stateOf,
    find: (pageId: string): AppPayment | undefined => byPage.get(pageId),
    /** The id of its page; undefined for an issuer without an app. */
    start(request: AppPaymentRequest): string | undefined {
      if (newCardNumber(runtime, request.issuerCode) === undefined) return undefined
      const pageId = randomHex(runtime, 16)
      byPage.set(pageId, { ...request, expiresAt: new Date(runtime.now().getTime() + appTtlMs) })
      const [oldest] = byPage.keys()
      if (byPage.size > maxAppPayments && oldest !== undefined) byPage.delete(oldest)
      return pageId
    },
    /** The first decision counts. */
    decide(pageId: string, decision: 'confirmed' | 'declined'): void {
      const payment = byPage.get(pageId)
      if (payment !== undefined && stateOf(payment) === 'pending') byPage.set(pageId, { ...payment, decision })
    },
    check(appPaymentId: string) {
      const payment = [...byPage.values()].find((one) => one.appPaymentId === appPaymentId)
      const outcome = payment === undefined ? 'expired' : stateOf(payment)
      if (payment === undefined || outcome !== 'confirmed') return { appPaymentId, outcome }
      const cardNumber = newCardNumber(runtime, payment.issuerCode)
      const expiryYear = runtime.now().getUTCFullYear() + 1
      return { appPaymentId, outcome, cardNumber, expiryMonth: 12, expiryYear }
    },
  }
}

/** A number in the range of the issuer; undefined where the issuer is a foreign brand, or unknown. */
function newCardNumber(runtime: Runtime, issuerCode: string): string | undefined {
  const digits = Array.from({ length: 10 }, () => randomBelow(runtime, 10)).join('')
  const cardNumber = Array.from({ length: 10 }, (_, last) => `94${issuerCode}0${digits}${last}`).find(passesLuhn)
  return cardNumber !== undefined && findIssuer(cardNumber)?.issuerCode === issuerCode ? cardNumber : undefined
}
