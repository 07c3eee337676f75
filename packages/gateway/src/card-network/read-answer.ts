import { approvalResult, findUnwritable } from '@sspay/protocol'
import {
  type AuthorizeOutcome,
  type CancelOutcome,
  cancelRejections,
  cardRejections,
  type DeclineReason,
  declineReasons,
  type InquireOutcome,
  type NetworkCancelRequest,
  type ReverseOutcome,
  type VerifyCardOutcome,
} from './port.ts'

const iso = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/

const koreanOffsetMs = 9 * 60 * 60_000

/**
 * An instant in ISO 8601; Korean time where it has no offset. Undefined for another form, and for a day or hour that
 * does not exist.
 */
export function readInstant(text: string): Date | undefined {
  const [, day, minute, second = ':00', fraction = '', offset] = iso.exec(text) ?? []
  const wallClock = new Date(`${day}T${minute}${second}${fraction}Z`)
  // 30 February rolls over to another day.
  if (Number.isNaN(wallClock.getTime()) || !wallClock.toISOString().startsWith(`${day}T${minute}`)) return undefined
  const offsetMs = offset === undefined ? koreanOffsetMs : readOffset(offset)
  return offsetMs === undefined ? undefined : new Date(wallClock.getTime() - offsetMs)
}

function readOffset(offset: string): number | undefined {
  if (offset === 'Z') return 0
  const hours = Number(offset.slice(1, 3))
  const minutes = Number(offset.slice(-2))
  if (hours > 14 || minutes > 59) return undefined
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

/*
 * Each reader returns undefined for an unknown outcome, a value of another type, or one that does not fit the
 * field of the answer to the shop. This counts as no answer: the gateway inquires about the payment and reverses it.
 */

/** An answer of the card network before validation. */
export type Answer = Readonly<Record<string, unknown>>

export function readAuthorization(answer: Answer): AuthorizeOutcome | undefined {
  if (answer.outcome === 'declined') return { outcome: 'declined', reason: readReason(answer.reason) }
  return answer.outcome === 'approved' ? readApproval(answer) : undefined
}

export const readInquiry = (answer: Answer): InquireOutcome | undefined =>
  answer.outcome === 'unknown_to_network' ? { outcome: 'unknown_to_network' } : readAuthorization(answer)

export const readReversal = (answer: Answer): ReverseOutcome | undefined =>
  answer.outcome === 'reversed' ? { outcome: 'reversed' } : undefined

export function readCancellation(answer: Answer, request: NetworkCancelRequest): CancelOutcome | undefined {
  const { outcome, cancelSequence, cancelAmount, reason } = answer
  if (cancelSequence !== request.cancelSequence || cancelAmount !== request.cancelAmount) return undefined
  if (outcome === 'cancelled') {
    const cancelledAt = readTime(answer.cancelledAt)
    return cancelledAt && { outcome, cancelledAt }
  }
  if (outcome !== 'declined') return undefined
  return { outcome, reason: cancelRejections.find((known) => known === reason) ?? 'cancel_amount_invalid' }
}

function readApproval(answer: Answer): AuthorizeOutcome | undefined {
  const { approvalNumber, issuerCode, acquirerCode, cardKind } = answer
  const approvedAt = readTime(answer.approvedAt)
  if (approvedAt === undefined || (cardKind !== 'credit' && cardKind !== 'check')) return undefined
  if (!isText(approvalNumber) || !isText(issuerCode) || !isText(acquirerCode)) return undefined
  const codes = { approvalNumber, issuerCode, acquirerCode }
  if (findUnwritable(approvalResult, codes).length > 0) return undefined
  return { outcome: 'approved', approvedAt, cardKind, ...codes }
}

/** An instant in the years that the answer to an approval can show, and that to a refund. */
function readTime(given: unknown): Date | undefined {
  const time = isText(given) ? readInstant(given) : undefined
  return time !== undefined && findUnwritable(approvalResult, { approvedAt: time }).length === 0 ? time : undefined
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

const readReason = (given: unknown): DeclineReason =>
  declineReasons.find((reason) => reason === given) ?? 'issuer_declined'

export function readVerification({ outcome, reason }: Answer): VerifyCardOutcome | undefined {
  if (outcome === 'verified') return { outcome }
  if (outcome !== 'rejected') return undefined
  return { outcome, reason: cardRejections.find((known) => known === reason) ?? 'issuer_declined' }
}
