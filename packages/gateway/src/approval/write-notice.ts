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

/** What a shop is told about a payment later (Q05): the answer of its approval, and the state the payment is in now. */
export const writeNotice = (result: ApprovalResult, state: Partial<Notification>): WireText =>
  writeMessage(notification, { ...result, ...state })

export interface Cancelled {
  /** In all, so far. */
  readonly cancelledAmount: number
  readonly cancelledAt: Date
}

/** {@link writeNotice} of a payment of which something was taken back; `answer` is the stored one of its approval. */
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
