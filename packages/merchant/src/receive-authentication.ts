import { authenticationResult, type FieldProblem } from '@sspay/protocol'
import { type AuthenticationReading, problemsOfRepeated, readAuthenticationFields } from './authentication.ts'
import type { Merchant } from './merchant.ts'
import type { OrderTampering } from './order-signature.ts'
import type { PaymentTicket } from './payment-ticket.ts'
import { type GoOn, receiveReturn } from './receive-return.ts'
import type { ReturnStateFault } from './return-state.ts'

/** What arrived at the shop's return address. */
export type AuthenticationArrival =
  | {
      readonly result: 'received'
      readonly authentication: PaymentTicket
      /** Wire name → text of fields this version does not know. */
      readonly unknownFields: Readonly<Record<string, string>>
    }
  /** Not yet: answer with `response` as it is. */
  | GoOn
  /** One of the three says why: `problems` names the fields, `tampering` what about the order differs, `state` what about the address. */
  | {
      readonly result: 'unreadable'
      readonly problems: readonly FieldProblem[]
      readonly tampering?: OrderTampering
      readonly state?: ReturnStateFault
    }

/**
 * Receives the buyer at the shop's ReturnUrl, with the shop's cookies: `readAuthentication` for shops that know buyers by a session.
 *
 * The payment service posts from another site, and browsers leave cookies with `SameSite=Lax` or `Strict` out of such a post. It is answered
 * by `go_on`: a redirect to the same address with what was posted sealed in (AES-256-GCM, bound to merchant and address, ten minutes), then,
 * as the browser still counts that as coming from outside, a small page that goes on by itself. The request after it is `received`, with
 * every cookie. A post from the shop's own page (the Callback on PC) is `received` at once. So the ReturnUrl takes POST and GET.
 *
 * Reload, back button and a second tab are received again with the same ticket: `approve` and `markPaidOnce` make that harmless.
 * `unreadable` with `state: 'expired'` is somebody who came back late: show the order as it is.
 *
 * The request needs its real headers (`origin`, `sec-fetch-site`, `content-type`); behind a proxy that rewrites the address make it with the
 * public one. Throws only when the request's body was consumed before.
 */
export async function receiveAuthentication(merchant: Merchant, request: Request): Promise<AuthenticationArrival> {
  const returnHost = new URL(request.url).host
  const received = await receiveReturn(merchant, request, ({ fields, repeated }): AuthenticationReading => {
    const problems = problemsOfRepeated(authenticationResult, repeated)
    if (problems.length > 0) return { ok: false, problems }
    return readAuthenticationFields(merchant, fields, { returnHost })
  })
  if (received.result === 'go_on') return received
  if (received.result === 'fault') return { result: 'unreadable', problems: [], state: received.fault }
  if (received.reading.ok) {
    const { authentication, unknownFields } = received.reading
    return { result: 'received', authentication, unknownFields }
  }
  const { ok: _, ...why } = received.reading
  return { result: 'unreadable', ...why }
}
