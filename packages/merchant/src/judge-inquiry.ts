import { rejectedByShop, unknownOutcome } from './approval-answer.ts'
import type { ApprovalOutcome, Unknown, UnknownCause } from './approval-outcome.ts'
import type { InquiryOutcome, NotApprovedYet } from './inquire.ts'
import type { JournalState } from './journal.ts'
import { wasApproved } from './journal-state.ts'
import { isChargedOtherwise, isUntied } from './order-mismatch.ts'

/** The end of an approval without a request for it. */
export interface Ending {
  readonly next: 'end'
  readonly outcome: ApprovalOutcome
  /**
   * What the journal is told. `entry`: that the payment is open, and its outcome. `outcome`: the outcome of an entry that may be there.
   * `abandoned`: that an earlier request, which may still be under way, is not wanted.
   */
  readonly writes: 'nothing' | 'entry' | 'outcome' | 'abandoned'
}

/** What `approve` does after the inquiry. */
export type Judgement = { readonly next: 'approve' } | Ending

export const askForApproval: Judgement = { next: 'approve' }

/**
 * What follows for a payment that is `state` in the journal; undefined: the journal does not know it. Nothing is written about an order before
 * the service has tied the payment to it, or has said nothing at all.
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
      return end(rejectedByShop('already_cancelled', found.raw), 'outcome')
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
  if (mismatch === undefined) return askForApproval
  if (state !== 'begun') return end(rejectedByShop('order_tampered', raw, mismatch), 'nothing')
  return end({ ...unknownOutcome(transactionId, mismatch.cause, { raw }), ...mismatch }, 'abandoned')
}

function judgeUnknown(found: Unknown, state: JournalState | undefined): Judgement {
  if (saysNothing(found.cause)) return state === undefined ? askForApproval : end(found, 'nothing')
  // A stranger may bring the ticket of a payment that another order got.
  if (isChargedOtherwise(found) && isUntied(found) && state === undefined) return end(found, 'nothing')
  return end(found, 'entry')
}

/** No answer to the question, or a service that does not know it: the approval itself will tell. */
const saysNothing = (cause: UnknownCause): boolean =>
  ['unreachable', 'interrupted', 'timeout', 'unreadable_answer', 'unrecognized_code', 'overloaded'].includes(cause)
