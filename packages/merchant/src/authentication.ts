import {
  authenticationResult,
  type FieldProblem,
  type FieldTable,
  problemOf,
  readMessage,
  type WireText,
} from '@sspay/protocol'
import { PaymentTicket } from './payment-ticket.ts'
import { readFields } from './read-fields.ts'

export type AuthenticationReading =
  | {
      readonly ok: true
      readonly authentication: PaymentTicket
      /** Wire name → text of fields this version does not know; the guide says that such may be added. */
      readonly unknownFields: Readonly<Record<string, string>>
    }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] }

/**
 * Reads what arrives at the shop's ReturnUrl once the buyer has authenticated (guide, STEP 2 and 3): a form in UTF-8 or EUC-KR, or JSON.
 * Nothing has been charged yet: go on with `approve`. Throws only when the request's body was consumed before.
 */
export async function readAuthentication(request: Request): Promise<AuthenticationReading> {
  const { fields, repeated } = await readFields(request)
  const ambiguous = problemsOfRepeated(authenticationResult, repeated)
  return ambiguous.length > 0 ? { ok: false, problems: ambiguous } : readAuthenticationFields(fields)
}

/** The same for a framework that has parsed the body already; also makes a stored ticket usable again. */
export function readAuthenticationFields(fields: WireText): AuthenticationReading {
  const read = readMessage(authenticationResult, fields)
  if (!read.ok) return read
  const { transactionId, approvalTicket } = read.value
  return {
    ok: true,
    authentication: new PaymentTicket(transactionId, approvalTicket),
    unknownFields: read.unknownFields,
  }
}

export function problemsOfRepeated(table: FieldTable, repeated: readonly string[]): readonly FieldProblem[] {
  return Object.entries(table).flatMap(([wireName, field]) =>
    repeated.includes(wireName) ? [problemOf(wireName, field, 'repeated')] : [],
  )
}
