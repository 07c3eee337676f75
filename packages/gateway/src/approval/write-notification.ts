import {
  type ApprovalResult,
  approvalResult,
  type Notification,
  notification,
  readMessage,
  type WireText,
  writeMessage,
} from '@sspay/protocol'
import { koreanDayOf } from '@sspay/protocol/internal'
import type { NotifiedState } from '../notifications/model.ts'
import type { ClaimedNotification } from '../notifications/store.ts'
import type { RowContext } from './payment-row.ts'
import { findReadable } from './store.ts'

const statesOfAnswers: Readonly<Partial<Record<NotifiedState, '0' | '1'>>> = { approved: '0', reversed: '1' }

/**
 * The form of a notification that is the stored answer with the payment's state (Q05); undefined when that cannot be
 * read.
 */
export async function formOfAnswer(
  context: RowContext,
  { transactionId, paymentState }: Pick<ClaimedNotification, 'transactionId' | 'paymentState'>,
): Promise<WireText | undefined> {
  const answer = (await findReadable(context, transactionId))?.answer
  const result = answer === undefined ? undefined : readAnswer(answer)
  const state = statesOfAnswers[paymentState]
  return result === undefined || state === undefined ? undefined : writeNotification(result, { paymentState: state })
}

const writeNotification = (result: ApprovalResult, state: Partial<Notification>): WireText =>
  writeMessage(notification, { ...result, ...state })

export interface Cancelled {
  /** The sum of all refunds so far. */
  readonly cancelledAmount: number
  readonly cancelledAt: Date
}

/**
 * The form that notifies of a refund (Q05). `answer`: the stored one of the approval; undefined when it cannot be read.
 */
export function writeCancelNotification(
  answer: string,
  { cancelledAmount, cancelledAt }: Cancelled,
  added: Partial<Notification> = {},
): WireText | undefined {
  const result = readAnswer(answer)
  return (
    result && writeNotification(result, { paymentState: cancelState(result, cancelledAt), cancelledAmount, ...added })
  )
}

/**
 * The acquirer captures at the end of the day, Korean time: a payment refunded on the day of its approval was never
 * captured (Q05).
 */
function cancelState({ approvedAt }: ApprovalResult, cancelledAt: Date): '1' | '2' {
  return approvedAt !== undefined && koreanDayOf(approvedAt) === koreanDayOf(cancelledAt) ? '1' : '2'
}

/** A stored answer without the fields that today's table rejects; undefined for one without a result. */
function readAnswer(answer: string): ApprovalResult | undefined {
  const wire = parse(answer)
  const read = readMessage(approvalResult, wire)
  if (read.ok) return read.value
  const wrong = new Set(read.problems.map(({ field }) => field))
  const left = readMessage(
    approvalResult,
    Object.fromEntries(Object.entries(wire).filter(([name]) => !wrong.has(name))),
  )
  return left.ok ? left.value : undefined
}

function parse(answer: string): WireText {
  try {
    const texts = Object.entries(Object(JSON.parse(answer))).filter(([, value]) => typeof value === 'string')
    return Object.fromEntries(texts) as WireText
  } catch {
    return {}
  }
}
