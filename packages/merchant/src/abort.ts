import { type AbortResult, abortResult, type FieldProblem, readMessage, type WireText } from '@sspay/protocol'
import { problemsOfRepeated } from './authentication.ts'
import { readNoteOfShop } from './order-signature.ts'
import { readFields } from './read-fields.ts'

/** The payment the buyer walked away from (guide, 결제 중단 시 결과 파라미터). `amount` in won, `merchantNote` in plain text. */
export type AbortedPayment = AbortResult

/** A stopped payment (중단), or the fields that are wrong. */
export type AbortReading =
  | {
      readonly ok: true
      readonly abort: AbortedPayment
      readonly unknownFields: Readonly<Record<string, string>>
    }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] }

/**
 * Reads the twelve fields that arrive at the shop's StopUrl when the buyer stops (중단): a form in UTF-8 or EUC-KR.
 *
 * The buyer's browser sends them unsigned: show them, but let them change no order that is paid or being approved.
 * Throws only when the request's body was consumed before.
 */
export async function readAbort(request: Request): Promise<AbortReading> {
  const { fields, repeated } = await readFields(request)
  const ambiguous = problemsOfRepeated(abortResult, repeated)
  return ambiguous.length > 0 ? { ok: false, problems: ambiguous } : readAbortFields(fields)
}

/** The same for a framework that has parsed the body already. */
export function readAbortFields(fields: WireText): AbortReading {
  const read = readMessage(abortResult, fields)
  if (!read.ok) return read
  const { merchantNote, ...abort } = read.value
  const unknownFields = read.unknownFields
  if (merchantNote === undefined) return { ok: true, abort, unknownFields }
  return { ok: true, abort: { ...abort, merchantNote: readNoteOfShop(merchantNote) }, unknownFields }
}
