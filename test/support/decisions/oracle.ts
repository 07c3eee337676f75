import type { ApprovalName, InquiryName, RefundName } from './answers.ts'
import type { Cell, CellResult } from './model.ts'

/**
 * What a cell must end in, from the rules alone and without the code that is tested:
 *
 * - Approved only what the service says is taken now, for this order.
 * - Never declined once approved. Silence, and what contradicts itself, is unknown.
 * - Nothing is asked for that the journal has given up, and nothing is approved that the inquiry does not tie to the
 *   order.
 * - Money that was taken otherwise is kept in the journal; of this order it is refunded when not wanted; for another
 *   order it needs a person.
 */
type Fact = 'nothing' | 'unsure' | 'taken' | 'otherwise' | 'another' | 'back' | 'not_taken' | 'reversed' | Waiting
type Waiting = 'waiting' | 'waiting_otherwise'

const facts: Readonly<Record<InquiryName, Fact>> = {
  silence: 'nothing',
  unreadable: 'nothing',
  overloaded: 'nothing',
  unknownCode: 'nothing',
  approved: 'taken',
  partlyRefunded: 'taken',
  refunded: 'back',
  unknownState: 'unsure',
  otherAmount: 'otherwise',
  otherOrder: 'another',
  otherCustomer: 'otherwise',
  withoutNote: 'otherwise',
  expiredNote: 'taken',
  declined: 'not_taken',
  ticketUnknown: 'not_taken',
  ticketExpired: 'not_taken',
  reversed: 'reversed',
  declinedButApproved: 'unsure',
  inProgress: 'unsure',
  unresolved: 'unsure',
  gatewayError: 'unsure',
  wrongSignature: 'unsure',
  otherTransaction: 'unsure',
  waiting: 'waiting',
  waitingUndescribed: 'waiting',
  waitingOtherAmount: 'waiting_otherwise',
  waitingOtherOrder: 'waiting_otherwise',
  waitingOtherCustomer: 'waiting_otherwise',
  waitingWithoutNote: 'waiting_otherwise',
  waitingExpired: 'waiting_otherwise',
  alreadyCancelled: 'back',
}

/** A spent ticket is worth what the inquiry after it says. */
function factOf(approval: ApprovalName): Fact {
  const [, then] = approval.split(':')
  const fact = facts[(then ?? approval) as InquiryName]
  return fact === 'waiting' ? 'unsure' : fact
}

const ends: Partial<Readonly<Record<Fact, readonly [outcome: string, after: string]>>> = {
  taken: ['approved', 'approved'],
  otherwise: ['unknown', 'approved'],
  another: ['unknown', 'approved_abandoned'],
  back: ['declined', 'cancelled'],
  not_taken: ['declined', 'declined'],
  reversed: ['declined', 'reversed'],
}

export const expectedOf = (cell: Cell): CellResult =>
  cell.verb === 'approve' ? expectedApproval(cell) : expectedRecovery(cell)

function expectedApproval({ signing, journal, inquiry, approval }: Cell): CellResult {
  const result = (calls: CellResult['calls'], [outcome, after]: readonly [string, string]): CellResult => ({
    outcome,
    after,
    reported: '',
    calls,
  })
  if (journal === 'abandoned' || journal === 'approved_abandoned' || journal === 'cancelled')
    return result([], ['unknown', journal])
  const isNew = journal === 'absent'
  const mayBeAsked = isNew || journal === 'begun' || journal === 'declined'
  const asked = isNew && signing === 'unsigned' ? [] : (['inquiry'] as const)
  const fact = asked.length === 0 ? 'nothing' : facts[inquiry]

  if (mayBeAsked && (fact === 'waiting' || (fact === 'nothing' && isNew))) {
    const inquiredAfter = approval.startsWith('spent:') ? (['inquiry'] as const) : []
    return result([...asked, 'approval', ...inquiredAfter], ends[factOf(approval)] ?? ['unknown', 'begun'])
  }
  return result(asked, mayBeAsked ? fromInquiry(fact, journal, inquiry) : fromInquiryOfEnded(fact, journal))
}

/** The payment may still be approved, and the inquiry has said enough. */
function fromInquiry(fact: Fact, journal: string, inquiry: InquiryName): readonly [string, string] {
  const isUntied = fact === 'another' || inquiry === 'withoutNote'
  if (journal === 'absent' && (isUntied || fact === 'not_taken' || fact === 'reversed'))
    return [isUntied ? 'unknown' : 'declined', 'absent']
  if (fact === 'waiting_otherwise') return journal === 'begun' ? ['unknown', 'abandoned'] : ['declined', journal]
  if (fact === 'nothing') return ['unknown', journal]
  if (journal === 'declined' && (fact === 'not_taken' || fact === 'reversed')) return ['declined', 'declined']
  return ends[fact] ?? ['unknown', 'begun']
}

/** Approved, marked paid or reversed: only that all of it went back changes anything. */
function fromInquiryOfEnded(fact: Fact, journal: string): readonly [string, string] {
  if (fact === 'back') return ['declined', 'cancelled']
  if (journal === 'reversed') return [fact === 'not_taken' || fact === 'reversed' ? 'declined' : 'unknown', journal]
  return [fact === 'taken' ? 'approved' : 'unknown', journal]
}

interface Progress {
  readonly outcome: string
  readonly after: string
  readonly reported?: string
  readonly added?: CellResult['calls']
}

function expectedRecovery(cell: Cell): CellResult {
  const { outcome, after, reported = '', added = [] } = progressOf(cell)
  return { outcome, after, reported, calls: ['inquiry', ...added] }
}

function progressOf(cell: Cell): Progress {
  const { journal, isWanted = false, inquiry, approval } = cell
  const isOnceApproved = journal === 'approved' || journal === 'approved_abandoned'
  const isUnwanted = !isWanted || journal === 'abandoned' || journal === 'approved_abandoned'
  const fact = facts[inquiry]
  if (isOnceApproved && ['not_taken', 'reversed', 'waiting', 'waiting_otherwise'].includes(fact))
    return { outcome: 'contradiction', after: journal }
  if (fact === 'waiting_otherwise' || (fact === 'waiting' && isUnwanted))
    return { outcome: 'waiting_for_expiry', after: 'abandoned' }
  if (fact !== 'waiting') return afterFact(fact, cell, isUnwanted)
  const added: CellResult['calls'] = approval.startsWith('spent:') ? ['approval', 'inquiry'] : ['approval']
  return { ...afterFact(factOf(approval), cell, isUnwanted), added }
}

function afterFact(fact: Fact, { journal, refund = 'silence' }: Cell, isUnwanted: boolean): Progress {
  switch (fact) {
    case 'taken':
      return isUnwanted ? goingBack[refund] : { outcome: 'approved', after: 'paid', reported: 'approved' }
    case 'otherwise':
      return isUnwanted ? goingBack[refund] : { outcome: 'mismatch', after: 'approved' }
    case 'another':
      return { outcome: 'mismatch', after: 'approved_abandoned' }
    case 'back':
      return { outcome: 'cancelled', after: 'cancelled', reported: 'cancelled' }
    case 'not_taken':
    case 'reversed':
      return { outcome: 'declined', after: fact === 'reversed' ? 'reversed' : 'declined', reported: 'declined' }
    default:
      return { outcome: 'outcome_unknown', after: journal }
  }
}

const back: Progress = { outcome: 'cancelled', after: 'cancelled', reported: 'cancelled', added: ['refund'] }
const open = (outcome: string): Progress => ({ outcome, after: 'approved_abandoned', added: ['refund'] })

const goingBack: Readonly<Record<RefundName, Progress>> = {
  noPassword: { outcome: 'cancel_password_missing', after: 'approved_abandoned' },
  cancelled: back,
  alreadyCancelled: back,
  wrongPassword: open('cancel_rejected'),
  locked: open('cancel_rejected'),
  silence: open('cancel_unknown'),
}
