import type { Context } from '../context.ts'
import { currentAddress, currentUser } from '../logging/current-request.ts'
import {
  type ConsoleAction,
  type EventSubject,
  type SecurityEventName,
  securityEventNames,
  securityEvents,
} from './model.ts'

interface SecurityEvent {
  readonly name: SecurityEventName
  /** An identifier defined in the code, never external text. */
  readonly reason?: string | undefined
  /** Logged through {@link maskSubject}. */
  readonly member?: EventSubject | undefined
  /** Id of a known merchant, never unvalidated input. */
  readonly merchantId?: string | undefined
  readonly transactionId?: string | undefined
  readonly action?: ConsoleAction | undefined
  /** The id of the card, passkey, notification or merchant. */
  readonly object?: string | undefined
}

export type EventContext = Pick<Context, 'log' | 'keyRing'>

const counts = new Map<SecurityEventName, number>()

/** Logs and counts an event, with the client of the current request. */
export function recordSecurityEvent(
  { log, keyRing }: EventContext,
  { name, reason, member, ...known }: SecurityEvent,
): void {
  const { level, outcome } = securityEvents[name]
  countSecurityEvent(name)
  const masked = member?.easyPayMerchantId === undefined ? undefined : maskSubject(keyRing, member)
  const client = { address: currentAddress(), user: currentUser() }
  log[level]('security_event', { name, outcome, reason, member: masked, ...known, ...client })
}

/** Counts without a log line, for events that a flood may cause. */
export const countSecurityEvent = (name: SecurityEventName): void => void counts.set(name, (counts.get(name) ?? 0) + 1)

const maskedLength = 12

/**
 * A keyed pseudonym: the same for the same customer in every process with this root key. Letters only: the log scrubber
 * takes digits for a phone or card number.
 */
export const maskSubject = (
  keyRing: EventContext['keyRing'],
  { easyPayMerchantId, customerId }: EventSubject,
): string =>
  keyRing
    .fingerprint(`${easyPayMerchantId} ${customerId}`, 'security-event')
    .slice(0, maskedLength)
    .replace(/[0-9]/g, (digit) => 'ghijklmnop'[Number(digit)] ?? '')

export interface SecurityEventCount {
  readonly event: SecurityEventName
  readonly outcome: (typeof securityEvents)[SecurityEventName]['outcome']
  readonly count: number
}

/** Counts of this process since it started; events that have not happened count 0. */
export const securityEventCounts = (): readonly SecurityEventCount[] =>
  securityEventNames.map((event) => ({ event, outcome: securityEvents[event].outcome, count: counts.get(event) ?? 0 }))
