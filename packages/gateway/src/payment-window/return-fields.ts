import {
  abortResult,
  authenticationResult,
  type FieldTable,
  type ResultReason,
  resultCodes,
  writeMessage,
} from '@sspay/protocol'
import type { WindowSession } from './model.ts'

/** Every name of the table, in its order; what the message lacks is empty, because shops read all names. */
const allFields = (table: FieldTable, written: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.keys(table).map((wireName) => [wireName, written[wireName] ?? '']))

export const authenticatedFields = ({ payment }: WindowSession, approvalTicket: string): Record<string, string> =>
  allFields(
    authenticationResult,
    writeMessage(authenticationResult, { transactionId: payment.transactionId, approvalTicket }),
  )

/** Guide, 결제 중단 시 결과 파라미터: twelve fields. */
export function abortedFields(
  { payment }: WindowSession,
  reason: Extract<ResultReason, 'buyer_aborted' | 'window_expired'>,
): Record<string, string> {
  const { code, ko } = resultCodes[reason]
  return allFields(abortResult, writeMessage(abortResult, { ...payment.request, resultCode: code, resultMessage: ko }))
}
