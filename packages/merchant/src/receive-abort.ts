import { abortResult, type FieldProblem } from '@sspay/protocol'
import { type AbortedPayment, type AbortReading, readAbortFields } from './abort.ts'
import { problemsOfRepeated } from './authentication.ts'
import type { Merchant } from './merchant.ts'
import { type GoOn, receiveReturn } from './receive-return.ts'
import type { ReturnStateFault } from './return-state.ts'

/** What arrived at the address that hears of stopped payments. */
export type AbortArrival =
  | {
      readonly result: 'received'
      readonly abort: AbortedPayment
      readonly unknownFields: Readonly<Record<string, string>>
    }
  /** Not yet: answer with `response` as it is. */
  | GoOn
  | {
      readonly result: 'unreadable'
      readonly problems: readonly FieldProblem[]
      readonly state?: ReturnStateFault
    }

/**
 * Receives the buyer who stopped (중단) at the shop's StopUrl, with the shop's cookies; how is told at `receiveAuthentication`.
 *
 * The fields come unsigned through the buyer's browser: show them, but let them change no order that is paid or being approved.
 * Throws only when the request's body was consumed before.
 */
export async function receiveAbort(merchant: Merchant, request: Request): Promise<AbortArrival> {
  const received = await receiveReturn(merchant, request, ({ fields, repeated }): AbortReading => {
    const problems = problemsOfRepeated(abortResult, repeated)
    return problems.length > 0 ? { ok: false, problems } : readAbortFields(fields)
  })
  if (received.result === 'go_on') return received
  if (received.result === 'fault') return { result: 'unreadable', problems: [], state: received.fault }
  const { reading } = received
  if (!reading.ok) return { result: 'unreadable', problems: reading.problems }
  return { result: 'received', abort: reading.abort, unknownFields: reading.unknownFields }
}
