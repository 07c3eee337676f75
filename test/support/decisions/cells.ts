import { memoryJournal, type PaymentJournal } from '@sspay/merchant'
import {
  type ApprovalName,
  approvalAnswers,
  type InquiryName,
  inquiryAnswers,
  type RefundName,
  refundAnswers,
  type ScriptedAnswer,
  type Signing,
} from './answers.ts'
import type { Cell, CellResult, JournalBefore } from './model.ts'
import { openStates, runApprove, runRecover } from './run-cell.ts'

const signings: readonly Signing[] = ['signed', 'unsigned']
const journals: readonly JournalBefore[] = [
  ...(['absent', 'begun', 'approved', 'abandoned', 'approved_abandoned', 'paid'] as const),
  ...(['declined', 'reversed', 'cancelled'] as const),
]
const refunds = Object.keys(refundAnswers) as readonly RefundName[]

const namesOf = <Name extends string>(
  answers: Readonly<Record<Name, ScriptedAnswer>>,
  signing: Signing,
): readonly Name[] =>
  (Object.keys(answers) as unknown as readonly Name[]).filter(
    (name) => signing === 'signed' || answers[name].needsSignature !== true,
  )

const closed: readonly JournalBefore[] = ['abandoned', 'approved_abandoned', 'cancelled']
const mayBeApproved: readonly JournalBefore[] = ['absent', 'begun', 'declined']

const silent: readonly InquiryName[] = ['silence', 'unreadable', 'overloaded', 'unknownCode']

/** Where no inquiry is expected, the answer is `approved`, so that an unexpected inquiry changes the outcome. */
function inquiriesOf(signing: Signing, journal: JournalBefore): readonly InquiryName[] {
  const isInquired = !closed.includes(journal) && (signing === 'signed' || journal !== 'absent')
  return isInquired ? namesOf(inquiryAnswers, signing) : ['approved']
}

/** All answers where an approval may be requested; elsewhere `approved`, so that an unexpected request shows. */
function approvalsOf(signing: Signing, journal: JournalBefore, inquiry: InquiryName): readonly ApprovalName[] {
  const isWaiting = inquiry === 'waiting' || inquiry === 'waitingUndescribed'
  const isBlind = journal === 'absent' && (signing === 'unsigned' || silent.includes(inquiry))
  const isAsked = isBlind || (isWaiting && mayBeApproved.includes(journal))
  return isAsked ? namesOf(approvalAnswers, signing) : ['approved']
}

const approveCells = (): readonly Cell[] =>
  signings.flatMap((signing) =>
    journals.flatMap((journal) =>
      inquiriesOf(signing, journal).flatMap((inquiry) =>
        approvalsOf(signing, journal, inquiry).map(
          (approval): Cell => ({ verb: 'approve', signing, journal, inquiry, approval }),
        ),
      ),
    ),
  )

/** After these the money may have to go back, so each is combined with every answer to that. */
const taken: readonly InquiryName[] = [
  ...(['approved', 'partlyRefunded', 'otherAmount', 'otherOrder'] as const),
  ...(['otherCustomer', 'withoutNote', 'expiredNote'] as const),
]

function recoverCellsOf(signing: Signing, journal: JournalBefore, isWanted: boolean): readonly Cell[] {
  const isKept = isWanted && journal !== 'abandoned' && journal !== 'approved_abandoned'
  return namesOf(inquiryAnswers, signing).flatMap((inquiry) => {
    const approvals = isKept ? approvalsOf(signing, journal, inquiry) : (['approved'] as const)
    const answersToRefund = !isKept && taken.includes(inquiry) ? refunds : (['cancelled'] as const)
    return approvals.flatMap((approval) =>
      answersToRefund.map(
        (refund): Cell => ({ verb: 'recover', signing, journal, isWanted, inquiry, approval, refund }),
      ),
    )
  })
}

const recoverCells = (): readonly Cell[] =>
  signings.flatMap((signing) =>
    openStates.flatMap((journal) => [true, false].flatMap((isWanted) => recoverCellsOf(signing, journal, isWanted))),
  )

export const everyCell = (): readonly Cell[] => [...approveCells(), ...recoverCells()]

/** `journal`: an empty one. */
export const runCell = (cell: Cell, journal: PaymentJournal = memoryJournal()): Promise<CellResult> =>
  cell.verb === 'approve' ? runApprove(cell, journal) : runRecover(cell, journal)
