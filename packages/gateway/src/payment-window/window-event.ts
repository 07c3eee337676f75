import type { SecurityEventName } from '../security-events/model.ts'
import { type EventContext, recordSecurityEvent } from '../security-events/record.ts'
import type { WindowSession } from './model.ts'

/** A security event of this window's buyer. */
export function recordWindowEvent(
  context: EventContext,
  { payment }: Pick<WindowSession, 'payment'>,
  name: SecurityEventName,
  { reason, object }: { readonly reason?: string; readonly object?: string } = {},
): void {
  const { request, merchantId, transactionId } = payment
  recordSecurityEvent(context, { name, reason, object, member: request, merchantId, transactionId })
}
