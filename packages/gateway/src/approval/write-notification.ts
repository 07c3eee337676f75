import {
  type ApprovalResult,
  approvalResult,
  koreanTimestamp,
  type Notification,
  notification,
  readMessage,
  type WireText,
  writeMessage,
} from '@sspay/protocol'
import type { NotifiedState } from '../notifications/model.ts'
import type { ClaimedNotification } from '../notifications/store.ts'
import type { LookedAfter } from './payment-row.ts'
import { findReadable } from './store.ts'

const statesOfAnswers: Readonly<Partial<Record<NotifiedState, '0' | '1'>>> = { approved: '0', reversed: '1' }

/** The form of a notice whose payment's stored answer says all of it but the state (Q05); undefined when no such answer can be read. */
export async function formOfAnswer(
  context: LookedAfter,
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
  /** In all, so far. */
  readonly cancelledAmount: number
  readonly cancelledAt: Date
}

/**
 * What a shop is told about a payment of which something was taken back (Q05): `answer` is the stored one of its approval.
 * Undefined when that cannot be read.
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

/** The acquirer captures at the end of the day, Korean time: what is cancelled on the day of its approval was never captured (Q05). */
function cancelState({ approvedAt }: ApprovalResult, cancelledAt: Date): '1' | '2' {
  return approvedAt !== undefined && dayOf(approvedAt) === dayOf(cancelledAt) ? '1' : '2'
}

const dayOf = (time: Date): string => koreanTimestamp(time).slice(0, 8)

/** What can be read of a stored answer: a field that today's table rejects is left out. Undefined for one without a result. */
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
