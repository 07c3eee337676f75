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
  /** A word of the program, never a text from outside. */
  readonly reason?: string | undefined
  /** Written as {@link maskSubject}. */
  readonly member?: EventSubject | undefined
  /** Of a merchant that is known, never what somebody wrote into a form. */
  readonly merchantId?: string | undefined
  readonly transactionId?: string | undefined
  readonly action?: ConsoleAction | undefined
  /** What it was done to, by its id: a card, a passkey, a notification, a merchant. */
  readonly object?: string | undefined
}

export type EventContext = Pick<Context, 'log' | 'keyRing'>

const counts = new Map<SecurityEventName, number>()

/** One line of the log and one of the metric, with the client of the current request. */
export function recordSecurityEvent(
  { log, keyRing }: EventContext,
  { name, reason, member, ...known }: SecurityEvent,
): void {
  const { level, outcome } = securityEvents[name]
  countSecurityEvent(name)
  const masked = member === undefined ? undefined : maskSubject(keyRing, member)
  const client = { address: currentAddress(), user: currentUser() }
  log[level]('security_event', { name, outcome, reason, member: masked, ...known, ...client })
}

/** For what a flood may bring more often than the log should say it. */
export const countSecurityEvent = (name: SecurityEventName): void => void counts.set(name, (counts.get(name) ?? 0) + 1)

const maskedLength = 12

/**
 * The same text for the same customer, in every process with this root key, and no way back without it. Letters only: the scrubber of the
 * log takes a run of digits for a telephone or card number.
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

/** Of this process since it started; every event there is, also those that have not happened. */
export const securityEventCounts = (): readonly SecurityEventCount[] =>
  securityEventNames.map((event) => ({ event, outcome: securityEvents[event].outcome, count: counts.get(event) ?? 0 }))
