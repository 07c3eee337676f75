import {
  approvalResult,
  authenticationResult,
  type FieldProblem,
  type FieldTable,
  readMessage,
  type WireText,
} from '@sspay/protocol'
import { problemOf } from '@sspay/protocol/internal'
import { readAnswer } from './answer.ts'
import { ApprovalTicket } from './approval-ticket.ts'
import type { Merchant } from './merchant.ts'
import { type OrderTampering, verifySignedOrder } from './order-signature.ts'
import { type ReadFields, readFields } from './read-fields.ts'
import { type ReturnRedirect, receiveReturn } from './receive-return.ts'
import type { ReturnStateFault } from './return-state.ts'

/** The buyer has authenticated; the payment waits for its approval. */
export interface Authenticated {
  readonly outcome: 'authenticated'
  readonly approvalTicket: ApprovalTicket
  /**
   * Wire name → text of the other fields: those of the request that the service repeats, and new ones. The browser
   * sends them unsigned, so they may only reject.
   */
  readonly unknownFields: Readonly<Record<string, string>>
}

/**
 * The request is not an authentication of this shop: `problems` names wrong fields, `tampering` what differs from the
 * signed order.
 */
export interface AuthenticationRejected {
  readonly outcome: 'rejected'
  readonly problems: readonly FieldProblem[]
  readonly tampering?: OrderTampering
}

/** Result of {@link readAuthentication} and {@link readAuthenticationFields}. */
export type ReadAuthenticationResult = Authenticated | AuthenticationRejected

/** Result of {@link receiveAuthentication}. If rejected, `state` may name a problem with the redirected address. */
export type ReceiveAuthenticationResult =
  | Authenticated
  | ReturnRedirect
  | (AuthenticationRejected & { readonly state?: ReturnStateFault })

/**
 * Reads the authentication that is posted to the shop's ReturnUrl (guide, STEP 2 and 3): a form in UTF-8 or EUC-KR, or
 * JSON.
 *
 * Nothing is charged yet: continue with {@link approve}. A signed order that comes along is verified, its return host
 * against the address of the request; behind a proxy that rewrites the address, make the Request with the public one.
 *
 * @param request - The request as it arrived, its body not yet read.
 * @returns The approval ticket, or why the request was rejected.
 * @throws `TypeError` if the body of the request was read before.
 * @example
 * ```ts
 * import { approve, type Merchant, type PaymentJournal, readAuthentication } from '@sspay/merchant'
 *
 * export async function receive(merchant: Merchant, journal: PaymentJournal, request: Request) {
 *   const read = await readAuthentication(merchant, request)
 *   if (read.outcome === 'rejected') return undefined
 *   return approve(merchant, read.approvalTicket, { expected: { orderId: 'ORD0001', amount: 1004 }, journal })
 * }
 * ```
 */
export async function readAuthentication(merchant: Merchant, request: Request): Promise<ReadAuthenticationResult> {
  return readGiven(merchant, await readFields(request), new URL(request.url).host)
}

/**
 * Reads an authentication from fields that a framework has parsed, or that the shop has stored.
 *
 * @param options - `returnHost`: host and port that the browser posted to, to compare with the signed order.
 * @returns The approval ticket, or why the fields were rejected.
 */
export function readAuthenticationFields(
  merchant: Merchant,
  fields: WireText,
  { returnHost }: { readonly returnHost?: string } = {},
): ReadAuthenticationResult {
  const read = readMessage(authenticationResult, fields)
  if (!read.ok) return { outcome: 'rejected', problems: read.problems }
  const { unknownFields } = read
  const tampering = findTampering(merchant, unknownFields, returnHost)
  if (tampering !== undefined) return { outcome: 'rejected', problems: [], tampering }
  const { transactionId, approvalTicket } = read.value
  return { outcome: 'authenticated', approvalTicket: new ApprovalTicket(transactionId, approvalTicket), unknownFields }
}

/**
 * Receives the authentication at the shop's ReturnUrl together with the shop's cookies, for shops that know buyers by a
 * session.
 *
 * The payment service posts cross-site, and browsers omit `SameSite` cookies from such a post. It is answered with
 * `redirect`: a 303 to the same address with the posted fields encrypted in its query (AES-256-GCM, bound to merchant
 * and address, valid for ten minutes), then a page that reloads itself, because browsers still count the redirect as
 * cross-site. The request after that carries every cookie. A post from the shop's own page (the Callback on PC) needs
 * no redirect. So the ReturnUrl must accept POST and GET.
 *
 * Reload, back button and a second tab yield the same ticket again: `approve` and `markPaid` are idempotent.
 * `rejected` with `state: 'expired'` is a buyer who returned late: show the order as it is.
 *
 * @param request - The request with its headers (`origin`, `sec-fetch-site`, `content-type`) and the public address.
 * @returns The approval ticket; a response to send as it is (`redirect`); or why the request was rejected.
 * @throws `TypeError` if the body of the request was read before.
 * @example
 * ```ts
 * import { type Merchant, receiveAuthentication } from '@sspay/merchant'
 *
 * export async function returnPage(merchant: Merchant, request: Request): Promise<Response> {
 *   const received = await receiveAuthentication(merchant, request)
 *   if (received.outcome === 'redirect') return received.response
 *   if (received.outcome === 'rejected') return new Response('다시 시도해 주세요.', { status: 400 })
 *   return new Response(received.approvalTicket.transactionId)
 * }
 * ```
 */
export async function receiveAuthentication(
  merchant: Merchant,
  request: Request,
): Promise<ReceiveAuthenticationResult> {
  const { host } = new URL(request.url)
  const received = await receiveReturn(merchant, request, (given) => readGiven(merchant, given, host))
  return received.outcome === 'state_rejected' ? { outcome: 'rejected', problems: [], state: received.state } : received
}

function readGiven(merchant: Merchant, { fields, repeated }: ReadFields, returnHost: string): ReadAuthenticationResult {
  const problems = problemsOfRepeated(authenticationResult, repeated)
  return problems.length > 0
    ? { outcome: 'rejected', problems }
    : readAuthenticationFields(merchant, fields, { returnHost })
}

/** The service repeats the fields of the order, so tampering is found before the approval. */
function findTampering(
  merchant: Merchant,
  fields: WireText,
  returnHost: string | undefined,
): OrderTampering | undefined {
  const { orderId, amount, customerId, merchantNote } = readAnswer(approvalResult, fields).message
  if (merchantNote === undefined) return undefined
  const given = { orderId, amount, customerId, merchantNote }
  const verdict = verifySignedOrder(merchant, given, { returnHost, at: merchant.now() })
  return verdict.ok ? undefined : verdict.tampering
}

export function problemsOfRepeated(table: FieldTable, repeated: readonly string[]): readonly FieldProblem[] {
  return Object.entries(table).flatMap(([wireName, field]) =>
    repeated.includes(wireName) ? [problemOf(wireName, field, 'repeated')] : [],
  )
}
