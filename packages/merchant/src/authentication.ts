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
import type { Merchant } from './merchant.ts'
import { type OrderTampering, verifySignedOrder } from './order-signature.ts'
import { PaymentTicket } from './payment-ticket.ts'
import { readFields } from './read-fields.ts'

/** A payment that waits for its approval, or why it cannot be approved. */
export type AuthenticationReading =
  | {
      readonly ok: true
      readonly authentication: PaymentTicket
      /** Wire name → text of fields this version does not know; the guide says that such may be added. */
      readonly unknownFields: Readonly<Record<string, string>>
    }
  /** Either fields are wrong, then `problems` names them, or the order is not as the shop sealed it, then there is `tampering`. */
  | { readonly ok: false; readonly problems: readonly FieldProblem[]; readonly tampering?: OrderTampering }

/**
 * Reads what arrives at the shop's ReturnUrl once the buyer has authenticated (guide, STEP 2 and 3): a form in UTF-8 or EUC-KR, or JSON.
 * Nothing has been charged yet: go on with `approve`. Where the sealed note of the order came along it is verified, its return host
 * against the address of the request; behind a proxy that rewrites the address make the Request with the public one.
 * Throws only when the request's body was consumed before.
 */
export async function readAuthentication(merchant: Merchant, request: Request): Promise<AuthenticationReading> {
  const { fields, repeated } = await readFields(request)
  const ambiguous = problemsOfRepeated(authenticationResult, repeated)
  if (ambiguous.length > 0) return { ok: false, problems: ambiguous }
  return readAuthenticationFields(merchant, fields, { returnHost: new URL(request.url).host })
}

/**
 * The same for a framework that has parsed the body already; also makes a stored ticket usable again. `returnHost`: the host, with its
 * port, that the browser posted to.
 */
export function readAuthenticationFields(
  merchant: Merchant,
  fields: WireText,
  { returnHost }: { readonly returnHost?: string } = {},
): AuthenticationReading {
  const read = readMessage(authenticationResult, fields)
  if (!read.ok) return read
  const tampering = findTampering(merchant, read.unknownFields, returnHost)
  if (tampering !== undefined) return { ok: false, problems: [], tampering }
  const { transactionId, approvalTicket } = read.value
  return {
    ok: true,
    authentication: new PaymentTicket(transactionId, approvalTicket),
    unknownFields: read.unknownFields,
  }
}

/** The guide sends two fields only; a service that adds fields of the order lets the shop see a change this early. */
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
