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
import type { NoticedState } from '../notifications/model.ts'
import type { ClaimedNotice } from '../notifications/store.ts'
import type { LookedAfter } from './payment-row.ts'
import { findReadable } from './store.ts'

const statesOfAnswers: Readonly<Partial<Record<NoticedState, '0' | '1'>>> = { approved: '0', reversed: '1' }

/** The form of a notice whose payment's stored answer says all of it but the state (Q05); undefined when no such answer can be read. */
export async function formOfAnswer(
  context: LookedAfter,
  { transactionId, paymentState }: Pick<ClaimedNotice, 'transactionId' | 'paymentState'>,
): Promise<WireText | undefined> {
  const answer = (await findReadable(context, transactionId))?.answer
  const state = statesOfAnswers[paymentState]
  return answer === undefined || state === undefined
    ? undefined
    : writeNotice(readAnswer(answer), { paymentState: state })
}

const writeNotice = (result: ApprovalResult, state: Partial<Notification>): WireText =>
  writeMessage(notification, { ...result, ...state })

export interface Cancelled {
  /** In all, so far. */
  readonly cancelledAmount: number
  readonly cancelledAt: Date
}

/** What a shop is told about a payment of which something was taken back (Q05): `answer` is the stored one of its approval. */
export function writeCancelNotice(
  answer: string,
  { cancelledAmount, cancelledAt }: Cancelled,
  added: Partial<Notification> = {},
): WireText {
  const result = readAnswer(answer)
  return writeNotice(result, { paymentState: cancelState(result, cancelledAt), cancelledAmount, ...added })
}

/** The acquirer captures at the end of the day, Korean time: what is cancelled on the day of its approval was never captured (Q05). */
function cancelState({ approvedAt }: ApprovalResult, cancelledAt: Date): '1' | '2' {
  return approvedAt !== undefined && dayOf(approvedAt) === dayOf(cancelledAt) ? '1' : '2'
}

const dayOf = (time: Date): string => koreanTimestamp(time).slice(0, 8)

function readAnswer(answer: string): ApprovalResult {
  const read = readMessage(approvalResult, JSON.parse(answer))
  if (!read.ok) throw new Error('a stored answer is not readable')
  return read.value
}
