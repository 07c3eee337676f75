import { memoryJournal, type PaymentJournal } from '@sspay/merchant'
import {
  type ApprovalName,
  approvalAnswers,
  type InquiryName,
  inquiryAnswers,
  type RefundName,
  refundAnswers,
  type ScriptedAnswer,
  type Sealing,
} from './answers.ts'
import type { Cell, CellResult, JournalBefore } from './model.ts'
import { openStates, runApprove, runRecover } from './run-cell.ts'

const sealings: readonly Sealing[] = ['sealed', 'unsealed']
const journals: readonly JournalBefore[] = [
  ...(['absent', 'intended', 'approved', 'given_up', 'approved_given_up', 'credited'] as const),
  ...(['declined', 'reversed', 'cancelled'] as const),
]
const refunds = Object.keys(refundAnswers) as readonly RefundName[]

const namesOf = <Name extends string>(
  answers: Readonly<Record<Name, ScriptedAnswer>>,
  sealing: Sealing,
): readonly Name[] =>
  (Object.keys(answers) as unknown as readonly Name[]).filter(
    (name) => sealing === 'sealed' || answers[name].needsSeal !== true,
  )

const closed: readonly JournalBefore[] = ['given_up', 'approved_given_up', 'cancelled']
const mayBeApproved: readonly JournalBefore[] = ['absent', 'intended', 'declined']

const silent: readonly InquiryName[] = ['silence', 'unreadable', 'overloaded', 'unknownCode']

/** Where nothing is inquired, `approved` lies in wait for who inquires. */
function inquiriesOf(sealing: Sealing, journal: JournalBefore): readonly InquiryName[] {
  const isInquired = !closed.includes(journal) && (sealing === 'sealed' || journal !== 'absent')
  return isInquired ? namesOf(inquiryAnswers, sealing) : ['approved']
}

/** Where an approval may be asked for, every answer to it; else `approved` lies in wait for who asks. */
function approvalsOf(sealing: Sealing, journal: JournalBefore, inquiry: InquiryName): readonly ApprovalName[] {
  const isWaiting = inquiry === 'waiting' || inquiry === 'waitingUndescribed'
  const isBlind = journal === 'absent' && (sealing === 'unsealed' || silent.includes(inquiry))
  const isAsked = isBlind || (isWaiting && mayBeApproved.includes(journal))
  return isAsked ? namesOf(approvalAnswers, sealing) : ['approved']
}

const approveCells = (): readonly Cell[] =>
  sealings.flatMap((sealing) =>
    journals.flatMap((journal) =>
      inquiriesOf(sealing, journal).flatMap((inquiry) =>
        approvalsOf(sealing, journal, inquiry).map(
          (approval): Cell => ({ verb: 'approve', sealing, journal, inquiry, approval }),
        ),
      ),
    ),
  )

/** After these the money may have to go back, so each is combined with every answer to that. */
const taken: readonly InquiryName[] = [
  ...(['approved', 'partlyRefunded', 'otherAmount', 'otherOrder'] as const),
  ...(['otherCustomer', 'withoutNote', 'expiredNote'] as const),
]

function recoverCellsOf(sealing: Sealing, journal: JournalBefore, isWanted: boolean): readonly Cell[] {
  const isKept = isWanted && journal !== 'given_up' && journal !== 'approved_given_up'
  return namesOf(inquiryAnswers, sealing).flatMap((inquiry) => {
    const approvals = isKept ? approvalsOf(sealing, journal, inquiry) : (['approved'] as const)
    const answersToRefund = !isKept && taken.includes(inquiry) ? refunds : (['cancelled'] as const)
    return approvals.flatMap((approval) =>
      answersToRefund.map(
        (refund): Cell => ({ verb: 'recover', sealing, journal, isWanted, inquiry, approval, refund }),
      ),
    )
  })
}

const recoverCells = (): readonly Cell[] =>
  sealings.flatMap((sealing) =>
    openStates.flatMap((journal) => [true, false].flatMap((isWanted) => recoverCellsOf(sealing, journal, isWanted))),
  )

export const everyCell = (): readonly Cell[] => [...approveCells(), ...recoverCells()]

/** `journal`: an empty one. */
export const runCell = (cell: Cell, journal: PaymentJournal = memoryJournal()): Promise<CellResult> =>
  cell.verb === 'approve' ? runApprove(cell, journal) : runRecover(cell, journal)
