import { type Runtime, randomHex } from '../runtime.ts'

/** A payment that the buyer confirms in the app of the issuer (앱카드). */
export interface AppPayment {
  readonly issuerCode: string
  /** Whole won. */
  readonly amount: number
  readonly shopName: string
  readonly goodsName: string
}

/** The start of an app payment. `unsupported`: this issuer has no app. `unreachable`: no usable answer. */
export type StartAppOutcome =
  | {
      readonly outcome: 'started'
      readonly appPaymentId: string
      /** Page of the issuer that opens its app. */
      readonly pageUrl: string
    }
  | { readonly outcome: 'unsupported' | 'unreachable' }

/** What the buyer decided in the app. `confirmed` has a card number for this payment, in clear: never log it. */
export type CheckAppOutcome =
  | {
      readonly outcome: 'confirmed'
      readonly cardNumber: string
      /** 1 to 12. */
      readonly expiryMonth: number
      /** Four digits. */
      readonly expiryYear: number
    }
  | { readonly outcome: 'declined' | 'pending' | 'expired' | 'unreachable' }

/**
 * The apps of the issuers: the buyer authenticates there instead of entering a card. Over HTTP at the card network:
 * POST {url}/start-app with the payment and an `appPaymentId`, and {url}/check-app with that; both answers repeat it
 * and have an `outcome`.
 */
export interface IssuerApps {
  start(payment: AppPayment): Promise<StartAppOutcome>
  check(appPaymentId: string): Promise<CheckAppOutcome>
}

type Answer = Readonly<Record<string, unknown>>

/** JSON over HTTP, without retries. Any answer that is not valid within `timeoutMs` counts as unreachable. */
export function createHttpIssuerApps(runtime: Runtime, url: string, timeoutMs: number): IssuerApps {
  const post = async (verb: string, request: { readonly appPaymentId: string }): Promise<Answer> => {
    try {
      const headers = { 'content-type': 'application/json', accept: 'application/json' }
      const body = JSON.stringify(request)
      const answer = await runtime.fetch(`${url}/${verb}`, { method: 'POST', headers, body, timeoutMs })
      const json: unknown = answer.status === 200 ? JSON.parse(new TextDecoder().decode(answer.body)) : {}
      const given = typeof json === 'object' && json !== null ? (json as Answer) : {}
      // A proxy that mixes up two answers must not give a card to another buyer.
      return given.appPaymentId === request.appPaymentId ? given : {}
    } catch {
      return {}
    }
  }
  return {
    async start(payment) {
      const appPaymentId = randomHex(runtime, 16)
      const { outcome, pageUrl } = await post('start-app', { appPaymentId, ...payment })
      if (outcome === 'unsupported') return { outcome }
      return outcome === 'started' && isPageUrl(pageUrl)
        ? { outcome, appPaymentId, pageUrl }
        : { outcome: 'unreachable' }
    },
    async check(appPaymentId) {
      const { outcome, ...card } = await post('check-app', { appPaymentId })
      if (outcome === 'declined' || outcome === 'pending' || outcome === 'expired') return { outcome }
      return outcome === 'confirmed' && isCard(card) ? { outcome, ...card } : { outcome: 'unreachable' }
    },
  }
}

const isPageUrl = (value: unknown): value is string =>
  typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value)

function isCard(answer: Answer): answer is Omit<Extract<CheckAppOutcome, { outcome: 'confirmed' }>, 'outcome'> {
  const { cardNumber, expiryMonth, expiryYear } = answer
  return (
    typeof cardNumber === 'string' && /^[0-9]{13,19}$/.test(cardNumber) && isWhole(expiryMonth) && isWhole(expiryYear)
  )
}

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value)
