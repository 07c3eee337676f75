import { declinedIfCancelled, rejectedByShop, unknownOutcome } from './approval-answer.ts'
import type { ApprovalOutcome, Unknown, UnknownCause } from './approval-outcome.ts'
import type { InquiryOutcome, NotApprovedYet } from './inquire.ts'
import { type JournalState, wasApproved } from './journal.ts'
import { isChargedOtherwise, isUntied } from './order-mismatch.ts'

/** `approve` ends without requesting the approval. */
interface Ending {
  readonly next: 'end'
  readonly outcome: ApprovalOutcome
  /**
   * What the journal stores. `entry`: the payment and its outcome. `outcome`: the outcome of a payment that may be
   * stored. `abandoned`: that an earlier request, which may still be in flight, is not wanted.
   */
  readonly writes: 'nothing' | 'entry' | 'outcome' | 'abandoned'
}

/** What `approve` does after the inquiry. */
type Judgement = { readonly next: 'approve' } | Ending

export const requestNow: Judgement = { next: 'approve' }

/**
 * Decides by the answer of the inquiry and the `state` in the journal (undefined: unknown there). Nothing is stored
 * about an order before the payment service has linked the payment to it, or could not answer.
 */
export function judgeInquiry(transactionId: string, found: InquiryOutcome, state: JournalState | undefined): Judgement {
  const isCertain = state !== undefined && (wasApproved(state) || state === 'reversed')
  switch (found.outcome) {
    case 'approved':
      return state === 'reversed' ? contradiction(transactionId, found.payment) : end(found, 'entry')
    case 'declined':
      if (state !== undefined && wasApproved(state)) return contradiction(transactionId, found)
      return end(found, state === undefined ? 'nothing' : 'outcome')
    case 'cancelled':
      return end(declinedIfCancelled(found), 'outcome')
    case 'not_approved_yet':
      return isCertain ? contradiction(transactionId, found) : judgeWaiting(found, state)
    case 'unknown':
      return isCertain ? end(found, 'nothing') : judgeUnknown(found, state)
  }
}

const end = (outcome: ApprovalOutcome, writes: Ending['writes']): Ending => ({ next: 'end', outcome, writes })

const contradiction = (transactionId: string, { raw }: Pick<NotApprovedYet, 'raw'>): Ending =>
  end(unknownOutcome(transactionId, 'contradiction', { raw }), 'nothing')

function judgeWaiting({ transactionId, mismatch, raw }: NotApprovedYet, state: JournalState | undefined): Judgement {
  if (mismatch === undefined) return requestNow
  if (state !== 'begun') return end(rejectedByShop('order_tampered', raw, mismatch), 'nothing')
  return end({ ...unknownOutcome(transactionId, mismatch.cause, { raw }), ...mismatch }, 'abandoned')
}

function judgeUnknown(found: Unknown, state: JournalState | undefined): Judgement {
  if (saysNothing(found.cause)) return state === undefined ? requestNow : end(found, 'nothing')
  // Anybody may post the ticket of another order's payment to this address.
  if (isChargedOtherwise(found) && isUntied(found) && state === undefined) return end(found, 'nothing')
  return end(found, 'entry')
}

/** No answer, or a service without this path: the approval itself will show the state. */
const saysNothing = (cause: UnknownCause): boolean =>
  ['unreachable', 'interrupted', 'timeout', 'unreadable_answer', 'unrecognized_code', 'overloaded'].includes(cause)
