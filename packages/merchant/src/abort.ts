import { type AbortResult, abortResult, type FieldProblem, readMessage, type WireText } from '@sspay/protocol'
import { problemsOfRepeated } from './authentication.ts'
import type { Merchant } from './merchant.ts'
import { readNoteOfShop } from './order-signature.ts'
import { type ReadFields, readFields } from './read-fields.ts'
import { type ReturnRedirect, receiveReturn } from './receive-return.ts'
import type { ReturnStateFault } from './return-state.ts'

/** A payment that the buyer aborted (guide, 결제 중단 시 결과 파라미터). `amount` in won, `merchantNote` in plain text. */
export type AbortedPayment = AbortResult

/** The buyer left the payment window (중단). */
export interface Aborted {
  readonly outcome: 'aborted'
  readonly abort: AbortedPayment
  /** Wire name → text of fields that this version does not know. */
  readonly unknownFields: Readonly<Record<string, string>>
}

/** The request is not an abort: `problems` names the wrong fields. */
export interface AbortRejected {
  readonly outcome: 'rejected'
  readonly problems: readonly FieldProblem[]
}

/** Result of {@link readAbort} and {@link readAbortFields}. */
export type ReadAbortResult = Aborted | AbortRejected

/** Result of {@link receiveAbort}. If rejected, `state` may name a problem with the redirected address. */
export type ReceiveAbortResult = Aborted | ReturnRedirect | (AbortRejected & { readonly state?: ReturnStateFault })

/**
 * Reads the twelve fields that are posted to the shop's StopUrl when the buyer aborts (중단): a form in UTF-8 or EUC-KR.
 *
 * The buyer's browser sends them unsigned: show them, but never let them change an order that is paid or being
 * approved.
 *
 * @param request - The request as it arrived, its body not yet read.
 * @returns The aborted payment, or the wrong fields.
 * @throws `TypeError` if the body of the request was read before.
 */
export const readAbort = async (request: Request): Promise<ReadAbortResult> => readGiven(await readFields(request))

/**
 * Reads an abort from fields that a framework has parsed.
 *
 * @returns The aborted payment, or the wrong fields.
 */
export function readAbortFields(fields: WireText): ReadAbortResult {
  const read = readMessage(abortResult, fields)
  if (!read.ok) return { outcome: 'rejected', problems: read.problems }
  const { value, unknownFields } = read
  const { merchantNote } = value
  const abort = merchantNote === undefined ? value : { ...value, merchantNote: readNoteOfShop(merchantNote) }
  return { outcome: 'aborted', abort, unknownFields }
}

/**
 * Receives an abort at the shop's StopUrl together with the shop's cookies, by the redirects of {@link
 * receiveAuthentication}.
 *
 * The buyer's browser sends the fields unsigned: show them, but never let them change an order that is paid or being
 * approved.
 *
 * @param request - The request with its headers and the public address.
 * @returns The aborted payment; a response to send as it is (`redirect`); or why the request was rejected.
 * @throws `TypeError` if the body of the request was read before.
 */
export async function receiveAbort(merchant: Merchant, request: Request): Promise<ReceiveAbortResult> {
  const received = await receiveReturn(merchant, request, readGiven)
  return received.outcome === 'state_rejected' ? { outcome: 'rejected', problems: [], state: received.state } : received
}

function readGiven({ fields, repeated }: ReadFields): ReadAbortResult {
  const problems = problemsOfRepeated(abortResult, repeated)
  return problems.length > 0 ? { outcome: 'rejected', problems } : readAbortFields(fields)
}
